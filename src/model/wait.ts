import type { Address } from './address.ts';

/** A request that is not sent yet, or is going to be sent again. */
export interface RequestWait {
  /** `rate-limit`: the service has answered 429, and all requests to that host wait together. `retry`: this one is tried again. */
  readonly reason: 'rate-limit' | 'retry';
  /** Method and path, `GET /api/v1/syncs`. */
  readonly request: string;
  /** What the service has answered; null where it has not. */
  readonly status: number | null;
  readonly milliseconds: number;
  /** How often it was sent, and how often it is at most. */
  readonly tries: number;
  readonly most: number;
}

/** Something that a change waits for after it was written. */
export interface ChangeWait {
  /** `read-back`: reads do not show yet what was written. `preparation`: the service works out what other things need of this one. */
  readonly reason: 'read-back' | 'preparation';
  readonly address: Address;
  /** At most. */
  readonly milliseconds: number;
}

/** What a run waits for. */
export type Wait = RequestWait | ChangeWait;
