import { type BackOff, backOff, type Pacing } from './back-off.ts';
import { type Connections, connections } from './connections.ts';
import { pause } from './retry.ts';

/**
 * What clients share that send to the same host, each by its origin: whoever is told to slow down there slows down for all, and
 * together they have no more requests in flight than one of them may have alone.
 */
export interface Traffic {
  to(origin: string): BackOff;
  /** The ways there that are open. */
  readonly ways: Connections;
}

/** How time passes for those who wait; default: as it does. */
type TrafficOptions = { readonly [Key in keyof Pacing]?: Pacing[Key] | undefined };

/** A traffic of its own, for clients that are used side by side. */
export function traffic({ now = Date.now, random = Math.random, sleep = pause }: TrafficOptions = {}): Traffic {
  const hosts = new Map<string, BackOff>();
  return {
    ways: connections(),
    to: (origin) => {
      const host = hosts.get(origin) ?? backOff({ now, random, sleep });
      hosts.set(origin, host);
      return host;
    },
  };
}
