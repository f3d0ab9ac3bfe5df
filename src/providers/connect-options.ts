import type { HttpOptions } from '../http/client.ts';

/** What the caller decides about a connection; the rest is the target's. */
export type ConnectOptions = Pick<
  HttpOptions,
  'dispatcher' | 'proxy' | 'timeouts' | 'log' | 'waits' | 'signal' | 'userAgent' | 'sleep' | 'random' | 'now'
>;
