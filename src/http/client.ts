import { setMaxListeners } from 'node:events';
import { Exit, ProviderError, SynclineError } from '../model/errors.ts';
import type { Json, JsonObject } from '../model/json.ts';
import type { WriteSwitch } from '../model/provider.ts';
import { type Secret, secret } from '../model/secret.ts';
import type { RequestWait } from '../model/wait.ts';
import { type Client, timeoutOf } from './attempt.ts';
import { parseBaseUrl } from './base-url.ts';
import type { HttpDispatcher } from './dispatcher.ts';
import { limiter } from './limit.ts';
import { isWrite, persist } from './persist.ts';
import { poolFor } from './pool.ts';
import { redactor } from './redact.ts';
import { pause } from './retry.ts';
import { skewOf } from './skew.ts';
import { type Traffic, traffic } from './traffic.ts';

export interface HttpOptions {
  /** Scheme, host and an optional path; a trailing slash means nothing. */
  readonly baseUrl: string;
  readonly token: Secret;
  /** The header that carries the bare token; without it the token goes as `Authorization: Bearer`. */
  readonly headerName?: string | undefined;
  /** Requests in flight at a time, reads and writes alike. */
  readonly concurrency: number;
  /** What it shares with other clients, which have the same clock. Default: nothing. */
  readonly traffic?: Traffic | undefined;
  /** In place of connections of its own; the caller closes it. */
  readonly dispatcher?: HttpDispatcher | undefined;
  /** Of `HTTPS_PROXY` and `NO_PROXY`; never used for this machine itself. */
  readonly proxy?: { readonly url: string; readonly noProxy?: string | undefined } | undefined;
  /** Milliseconds for one try, from the first byte to the last: 60 s, and 8 minutes for creates and updates. */
  readonly timeouts?: { readonly read?: number; readonly write?: number } | undefined;
  /** Further secrets that no message may show. */
  readonly secrets?: readonly Secret[] | undefined;
  readonly userAgent?: string | undefined;
  /** Once aborted, no write is sent any more and nothing is tried again. What is in flight is waited for. */
  readonly signal?: AbortSignal | undefined;
  /** One redacted line per try. */
  readonly log?: ((line: string) => void) | undefined;
  /** Told of each wait as it begins. */
  readonly waits?: ((wait: RequestWait) => void) | undefined;
  readonly sleep?: ((milliseconds: number, signal: AbortSignal | undefined) => Promise<void>) | undefined;
  readonly random?: (() => number) | undefined;
  readonly now?: (() => number) | undefined;
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** Below the base URL, for example `/api/v1/syncs`. Anything variable in it must be encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number>> | undefined;
  readonly body?: JsonObject | undefined;
  /** May be sent again when nobody knows what became of it. GET and DELETE always may. */
  readonly repeatable?: boolean | undefined;
  /** Nobody waits long for this: one try lasts no longer than a read, and where no answer comes it is not sent again. */
  readonly brief?: boolean | undefined;
  /** Statuses outside 2xx that are answers rather than failures, for example 404; only where the service itself says so, in JSON. */
  readonly expected?: readonly number[] | undefined;
  /** The body of a success comes as its text: whoever asked reads it when there is time for it. */
  readonly asText?: boolean | undefined;
  /** A success without a body is an error unless it says so here, or the method is DELETE. */
  readonly emptyAnswer?: boolean | undefined;
  /** A POST that changes nothing that the service keeps, such as one that asks for a token: the write switch lets it pass. */
  readonly harmless?: boolean | undefined;
  /** Statuses after which it is not sent again, whatever the policy says, because the service means them. */
  readonly final?: readonly number[] | undefined;
  /** What this request carries in place of the client's own token. No message shows it from now on. */
  readonly credential?: { readonly headerName: string; readonly token: Secret } | undefined;
}

export interface HttpAnswer {
  readonly status: number;
  /** undefined where the body was empty and may be; text that nobody has read yet, where the request asked for that. */
  readonly body: Json | undefined;
}

export interface Http {
  /** Host with its port. */
  readonly host: string;
  /** Requests in flight at a time. */
  readonly concurrency: number;
  /**
   * Sends a request and retries it as far as that is safe. Throws ProviderError, or SynclineError where the switch forbids it. After
   * the first 401 nothing more is sent: what follows fails with status 401 too, and as unsent.
   */
  request(request: HttpRequest): Promise<HttpAnswer>;
  /** What may be sent from now on; starts as `none`. No try of a write begins that may last longer than the milliseconds `left`. */
  permit(mode: WriteSwitch, left?: () => number): void;
  /** Takes secrets out of a text that is going to be shown. */
  redact(text: string): string;
  /** Milliseconds by which the service's clock is ahead of this one, as of its last answer; undefined before one tells. */
  skew(): number | undefined;
  close(): Promise<void>;
}

/** The only place that talks to a network. Throws a SynclineError (exit 3) for a base URL or token that cannot be used. */
export function createHttp(options: HttpOptions): Http {
  const base = parseBaseUrl(options.baseUrl);
  const carried = new Set<Secret>();
  const now = options.now ?? Date.now;
  const { random = Math.random, sleep = pause } = options;
  const ended = new AbortController();
  const signal = stopsWith(options.signal, ended.signal);
  const authorized = authorization(options);
  const shared = options.traffic ?? traffic({ now, random, sleep });
  const seat = shared.to(base.origin).join(options.concurrency);
  if (signal.aborted) seat.stop();
  signal.addEventListener('abort', seat.stop, { once: true });
  const held = poolFor(options, base, shared.ways, seat.limit);
  const client: Client = {
    ...options,
    base,
    authorization: authorized,
    dispatcher: held.dispatcher,
    redact: redactor(() => [options.token, ...(options.secrets ?? []), ...carried, ...proxySecrets(options)]),
    now,
    random,
    sleep,
    signal,
    sawHeaders: (headers) => {
      skew = skewOf(headers, now()) ?? skew;
    },
  };
  const limited = limiter(options.concurrency);
  let skew: number | undefined;
  let revoked = false;
  let permitted: WriteSwitch = 'none';
  let allowance = unlimited;
  const writes = new Set<Promise<unknown>>();

  async function guarded(request: HttpRequest): Promise<HttpAnswer> {
    const write = isWrite(request);
    if (request.credential !== undefined) carried.add(request.credential.token);
    try {
      return await persist(client, request, {
        assertAllowed: () => assertPermitted(request, permitted),
        hasTime: () => !write || allowance() >= timeoutOf(client, request),
        isBarred: () => permitted === 'no-deletes' && request.method === 'DELETE',
        isRevoked: () => revoked,
        ended: ended.signal,
        pacer: seat.begin(),
      });
    } catch (error) {
      if (error instanceof ProviderError && error.status === 401 && request.credential === undefined) revoked = true;
      throw error;
    }
  }
  function watched(work: Promise<HttpAnswer>): Promise<HttpAnswer> {
    writes.add(work);
    return work.finally(() => writes.delete(work));
  }

  return {
    host: base.host,
    concurrency: options.concurrency,
    redact: client.redact,
    skew: () => skew,
    request: (request) => limited(() => (isWrite(request) ? watched(guarded(request)) : guarded(request))),
    permit: (mode, left = unlimited) => {
      permitted = mode;
      allowance = left;
    },
    // Reads that nobody waits for any more are cut off; a write is not.
    close: async () => {
      ended.abort();
      seat.leave();
      // Connections of the caller's own stay open, whatever is under way on them.
      if (options.dispatcher !== undefined) return;
      await Promise.allSettled(writes);
      await held.letGo();
    },
  };
}

function authorization(options: HttpOptions): Readonly<Record<string, string>> {
  const token = options.token.reveal().trim();
  if (!/^[\x21-\x7e]+$/.test(token)) {
    const message =
      token === '' ? 'The token is empty.' : 'The token holds characters that an HTTP header cannot hold.';
    throw new SynclineError('invalid-token', message, 'Check the variable that the target names.', Exit.invalid);
  }
  return options.headerName === undefined ? { authorization: `Bearer ${token}` } : { [options.headerName]: token };
}

/** A proxy's address may hold a password. */
function proxySecrets(options: HttpOptions): readonly Secret[] {
  const url = options.proxy === undefined || !URL.canParse(options.proxy.url) ? undefined : new URL(options.proxy.url);
  return url === undefined || url.password === '' ? [] : [secret(url.password), secret(decoded(url.password))];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The write switch: what it forbids is a fault of this program, and is stopped before anything is sent. */
function assertPermitted(request: HttpRequest, mode: WriteSwitch): void {
  if (!isWrite(request) || mode === 'all' || mode === 'no-deletes') return;
  if (mode === 'validate-only' && request.method === 'POST' && request.body?.validate_only === true) return;
  const message = `${request.method} ${request.path} was not sent: this command may not write.`;
  throw new SynclineError('write-forbidden', message, 'This is a fault in Syncline; please report it.', Exit.failed);
}

const unlimited = () => Number.POSITIVE_INFINITY;

/** Every request that waits listens. */
function stopsWith(outer: AbortSignal | undefined, ended: AbortSignal): AbortSignal {
  const signal = outer === undefined ? ended : AbortSignal.any([outer, ended]);
  setMaxListeners(0, signal, ended);
  return signal;
}
