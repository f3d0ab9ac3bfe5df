import type { HttpOptions } from '../http/client.ts';
import type { SharedLists } from './shared-lists.ts';

export { type Traffic, traffic } from '../http/traffic.ts';

/** What the caller decides about a connection; the rest is the target's. */
export interface ConnectOptions
  extends Pick<
    HttpOptions,
    | 'dispatcher'
    | 'proxy'
    | 'timeouts'
    | 'log'
    | 'waits'
    | 'signal'
    | 'userAgent'
    | 'sleep'
    | 'random'
    | 'now'
    | 'traffic'
  > {
  /** Told what no answer can carry, such as a field that this version does not know. */
  readonly warn?: ((message: string) => void) | undefined;
  /** What several targets of one host and token read together, where an API lists for all of them at once. */
  readonly shared?: SharedLists | undefined;
}
