import type { Desk } from './desk.ts';
import type { LoggedRequest } from './request-log.ts';

/** What somebody may wish of any emulator that he starts. */
export interface OwnerOptions {
  /** 0, the default, means any free port. */
  readonly port?: number | undefined;
  /** API key of the first account; the seed's, or a fresh one, where it is absent. */
  readonly token?: string | undefined;
  /** Milliseconds that every request waits; 0 where it is absent. */
  readonly latency?: number | undefined;
  /** Rules in the grammar of `parseFaultRule`. */
  readonly faults?: readonly string[] | undefined;
}

/** What any emulator lets its owner do, served or not. */
export interface Owner {
  readonly token: string;
  /** Every request so far, oldest first; grows as they come. */
  readonly requests: readonly LoggedRequest[];
  /** The most requests that were ever under way at once. */
  readonly maxInFlight: number;
  clearRequests(): void;
  /** Adds rules to those in force. Throws EmulatorInputError. */
  addFaults(rules: readonly string[]): void;
  clearFaults(): void;
  /** Does the work of every `commit-later` that still waits; says how many. */
  commitDelayed(): number;
}

/** An emulator that listens. */
export interface Served {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** Ends every connection and forgets what waits. */
  close(): Promise<void>;
}

/** The owner's half of what happens at a desk, with `more` that only one emulator has. */
export function ownerOf<More extends object>(
  { faults, log }: Desk,
  more: More,
): Omit<Owner, 'token' | 'commitDelayed'> & More {
  return {
    ...more,
    requests: log.entries,
    get maxInFlight() {
      return log.maxInFlight;
    },
    clearRequests: log.clear,
    addFaults: (rules) => faults.add(rules),
    clearFaults: faults.clear,
  };
}
