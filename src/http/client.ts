import { EnvHttpProxyAgent, Pool } from 'undici';
import { Exit, ProviderError, SynclineError } from '../model/errors.ts';
import type { Json, JsonObject } from '../model/json.ts';
import type { WriteSwitch } from '../model/provider.ts';
import { type Secret, secret } from '../model/secret.ts';
import { attempt, type Client, fullPath, nameOf, timeoutOf } from './attempt.ts';
import { type BaseUrl, parseBaseUrl } from './base-url.ts';
import type { HttpDispatcher } from './dispatcher.ts';
import { providerError } from './failure.ts';
import { lastCheck } from './last-check.ts';
import { limiter } from './limit.ts';
import { redactor } from './redact.ts';
import { maxTries, pause, waitBefore } from './retry.ts';

export interface HttpOptions {
  /** Scheme, host and an optional path; a trailing slash means nothing. */
  readonly baseUrl: string;
  readonly token: Secret;
  /** The header that carries the bare token; without it the token goes as `Authorization: Bearer`. */
  readonly headerName?: string | undefined;
  /** Requests in flight at a time, reads and writes alike. */
  readonly concurrency: number;
  /** In place of a connection pool of its own; the caller closes it. */
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
  /** Statuses outside 2xx that are answers rather than failures, for example 404; only where the service itself says so, in JSON. */
  readonly expected?: readonly number[] | undefined;
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
  /** undefined where the body was empty and may be. */
  readonly body: Json | undefined;
}

export interface Http {
  /** Host with its port. */
  readonly host: string;
  /** Sends a request and retries it as far as that is safe. Throws ProviderError, or SynclineError where the switch forbids it. */
  request(request: HttpRequest): Promise<HttpAnswer>;
  /** What may be sent from now on; starts as `none`. No try of a write begins that may last longer than the milliseconds `left`. */
  permit(mode: WriteSwitch, left?: () => number): void;
  /** Takes secrets out of a text that is going to be shown. */
  redact(text: string): string;
  close(): Promise<void>;
}

/** The only place that talks to a network. Throws a SynclineError (exit 3) for a base URL or token that cannot be used. */
export function createHttp(options: HttpOptions): Http {
  const base = parseBaseUrl(options.baseUrl);
  const carried = new Set<Secret>();
  const client: Client = {
    ...options,
    base,
    authorization: authorization(options),
    dispatcher: options.dispatcher ?? connections(options, base),
    redact: redactor(() => [options.token, ...(options.secrets ?? []), ...carried, ...proxySecrets(options)]),
    now: options.now ?? Date.now,
    random: options.random ?? Math.random,
    sleep: options.sleep ?? pause,
  };
  const limited = limiter(options.concurrency);
  let permitted: WriteSwitch = 'none';
  let allowance = unlimited;
  let writing = 0;
  let closed = false;

  async function guarded(request: HttpRequest): Promise<HttpAnswer> {
    const write = isWrite(request);
    if (request.credential !== undefined) carried.add(request.credential.token);
    if (write) writing += 1;
    try {
      return await persist(client, request, {
        assertAllowed: () => assertPermitted(request, permitted),
        hasTime: () => !write || allowance() >= timeoutOf(client, request),
        closed: () => closed,
      });
    } finally {
      if (write) writing -= 1;
    }
  }

  return {
    host: base.host,
    redact: client.redact,
    request: (request) => limited(() => guarded(request)),
    permit: (mode, left = unlimited) => {
      permitted = mode;
      allowance = left;
    },
    // Reads that nobody waits for any more are cut off; a write is not.
    close: async () => {
      closed = true;
      if (options.dispatcher === undefined)
        await (writing > 0 ? client.dispatcher.close() : client.dispatcher.destroy());
    },
  };
}

function authorization(options: HttpOptions): Readonly<Record<string, string>> {
  const token = options.token.reveal().trim();
  if (!/^[\x21-\x7e]+$/.test(token)) {
    const message = token === '' ? 'The token is empty.' : 'The token holds characters that no header can carry.';
    throw new SynclineError('invalid-token', message, 'Check the variable that the target names.', Exit.invalid);
  }
  return options.headerName === undefined ? { authorization: `Bearer ${token}` } : { [options.headerName]: token };
}

function connections(options: HttpOptions, base: BaseUrl): HttpDispatcher {
  const settings = { connections: options.concurrency, pipelining: 1 };
  if (options.proxy === undefined || base.loopback) return new Pool(base.origin, settings).compose(lastCheck);
  // Empty text keeps the agent from looking into the environment by itself.
  const { url, noProxy = '' } = options.proxy;
  return new EnvHttpProxyAgent({ ...settings, httpProxy: '', httpsProxy: url, noProxy }).compose(lastCheck);
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

function isWrite(request: HttpRequest): boolean {
  return request.method !== 'GET' && !(request.method === 'POST' && request.harmless === true);
}

/** The write switch: what it forbids is a fault of this program, and is stopped before anything is sent. */
function assertPermitted(request: HttpRequest, mode: WriteSwitch): void {
  if (!isWrite(request) || mode === 'all') return;
  if (mode === 'validate-only' && request.method === 'POST' && request.body?.validate_only === true) return;
  const message = `${request.method} ${request.path} was not sent: this command may not write.`;
  throw new SynclineError('write-forbidden', message, 'This is a fault in Syncline; please report it.', Exit.failed);
}

interface Switches {
  /** Throws where the write switch forbids the request. */
  readonly assertAllowed: () => void;
  /** Does the allowance outlast one more try? */
  readonly hasTime: () => boolean;
  readonly closed: () => boolean;
}

/** Tries until it succeeds, must not be tried again, or has been tried often enough. */
async function persist(client: Client, request: HttpRequest, switches: Switches): Promise<HttpAnswer> {
  const repeatable = request.repeatable === true || request.method === 'GET' || request.method === 'DELETE';
  let doubt = false;
  for (let tries = 1; ; tries += 1) {
    switches.assertAllowed();
    assertRunning(client, request);
    const recalled = () => (switches.hasTime() ? undefined : outOfTime(client, request));
    const late = recalled();
    if (late !== undefined) throw late;
    const started = client.now();
    const result = await attempt(client, request, recalled);
    const took = `${client.now() - started} ms`;
    if (!('error' in result)) {
      note(client, request, `${result.status} ${took}`);
      return result;
    }
    doubt ||= result.error.fate === 'unknown';
    const error = doubt ? inDoubt(result.error) : result.error;
    const clock = { now: client.now(), random: client.random() };
    const meant = result.error.status !== undefined && request.final?.includes(result.error.status) === true;
    const over = meant || client.signal?.aborted === true || switches.closed();
    const wait = over ? undefined : waitBefore(result, tries, { repeatable }, clock);
    const next = wait === undefined ? '' : `, again in ${wait} ms (try ${tries} of ${maxTries})`;
    note(client, request, `${result.error.status ?? 'no answer'} ${took}${next}`);
    if (wait === undefined) throw error;
    await client.sleep(wait, client.signal);
    if (client.signal?.aborted === true || !switches.hasTime()) throw error;
  }
}

const unlimited = () => Number.POSITIVE_INFINITY;

function outOfTime(client: Client, request: HttpRequest): ProviderError {
  const what = 'was not sent: this run may no longer hold the lock of its target';
  return providerError(nameOf(client, request), what, { fate: 'unsent' }, client.redact);
}

/** An earlier try may have been carried out, whatever became of the last one. */
function inDoubt(error: ProviderError): ProviderError {
  return new ProviderError(error.message, {
    method: error.method,
    path: error.path,
    status: error.status,
    serverMessage: error.serverMessage,
    fate: 'unknown',
  });
}

function assertRunning(client: Client, request: HttpRequest): void {
  if (!isWrite(request) || client.signal?.aborted !== true) return;
  throw providerError(nameOf(client, request), 'was not sent: interrupted', { fate: 'unsent' }, client.redact);
}

function note(client: Client, request: HttpRequest, what: string): void {
  client.log?.(client.redact(`${request.method} ${fullPath(client, request)} ${what}`));
}
