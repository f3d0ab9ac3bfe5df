import { ProviderError } from '../model/errors.ts';
import { isObject, type Json } from '../model/json.ts';
import { jsonOf, readText, serverMessage, UnreadableAnswer } from './answer.ts';
import type { BaseUrl } from './base-url.ts';
import type { HttpAnswer, HttpOptions, HttpRequest } from './client.ts';
import type { HttpDispatcher, HttpResponse } from './dispatcher.ts';
import { type Failure, fromException, fromStatus, providerError, type RequestName } from './failure.ts';

/** What it takes to send a request. */
export interface Client extends HttpOptions {
  readonly base: BaseUrl;
  readonly authorization: Readonly<Record<string, string>>;
  readonly dispatcher: HttpDispatcher;
  readonly redact: (text: string) => string;
  readonly now: () => number;
  readonly random: () => number;
  readonly sleep: (milliseconds: number, signal: AbortSignal | undefined) => Promise<void>;
  /** Told of the headers of every answer. */
  readonly sawHeaders: (headers: HttpResponse['headers']) => void;
}

/** How a request may be stopped that is under way. */
export interface Revocable {
  /** Why it must not be sent any more, if so; asked up to the first byte. */
  readonly recalled: () => ProviderError | undefined;
  /** Once aborted, nobody waits for the answer; undefined where it is waited for in any case. */
  readonly cut: AbortSignal | undefined;
}

/** Sends a request once. Never throws: what went wrong comes back with what the retry policy must know. */
export async function attempt(
  client: Client,
  request: HttpRequest,
  revocable: Revocable,
): Promise<HttpAnswer | Failure> {
  const name = nameOf(client, request);
  try {
    const response = await send(client, request, revocable);
    client.sawHeaders(response.headers);
    const status = response.statusCode;
    // What a refusal says is a courtesy: it stays a refusal when its text is lost.
    const text = status >= 400 && status < 500 ? await readText(response).catch(() => '') : await readText(response);
    if (status >= 200 && status < 300) return { status, body: parseBody(client, request, status, text) };
    const body = request.expected?.includes(status) === true ? jsonOf(text) : undefined;
    if (isObject(body)) return { status, body };
    const failure = fromStatus(name, status, serverMessage(text), client.base.host, client.redact);
    return { ...failure, retryAfter: firstOf(response.headers['retry-after']) };
  } catch (exception) {
    if (exception instanceof ProviderError) {
      // Called back on the connection, or answered with something that cannot be used.
      return { error: exception, reason: exception.fate === 'unsent' ? 'final' : 'broken', retryAfter: undefined };
    }
    if (exception instanceof UnreadableAnswer) return { ...unreadable(client, name, exception), retryAfter: undefined };
    return { ...fromException(name, exception, client.redact), retryAfter: undefined };
  }
}

function send(client: Client, request: HttpRequest, { recalled, cut }: Revocable): Promise<HttpResponse> {
  const timeout = timeoutOf(client, request);
  return client.dispatcher.request({
    origin: client.base.origin,
    path: fullPath(client, request),
    method: request.method,
    headers: {
      accept: 'application/json',
      'accept-encoding': 'gzip',
      'user-agent': client.userAgent ?? 'syncline',
      ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...authorizationOf(client, request),
    },
    body: request.body === undefined ? null : JSON.stringify(request.body),
    headersTimeout: timeout,
    bodyTimeout: timeout,
    signal: AbortSignal.timeout(timeout),
    recalled,
    cut,
  });
}

/** One credential per request: services that see two decide by rules of their own. */
function authorizationOf(client: Client, request: HttpRequest): Readonly<Record<string, string>> {
  const { credential } = request;
  return credential === undefined ? client.authorization : { [credential.headerName]: credential.token.reveal() };
}

/** Milliseconds that one try may last. */
export function timeoutOf(client: Client, request: HttpRequest): number {
  const quick = request.method === 'GET' || request.method === 'DELETE' || request.brief === true;
  return quick ? (client.timeouts?.read ?? 60_000) : (client.timeouts?.write ?? 480_000);
}

/** Path and query below the base URL. */
export function fullPath(client: Client, request: HttpRequest): string {
  const entries = Object.entries(request.query ?? {});
  const query = entries.map(([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(value)}`).join('&');
  return `${client.base.prefix}${request.path}${query === '' ? '' : `?${query}`}`;
}

export function nameOf(client: Client, request: HttpRequest): RequestName {
  return { method: request.method, path: `${client.base.prefix}${request.path}` };
}

/** The JSON of a success. A write that was answered with anything else may have been carried out. */
function parseBody(client: Client, request: HttpRequest, status: number, text: string): Json | undefined {
  if (text.trim() === '') {
    if (request.emptyAnswer === true || request.method === 'DELETE') return undefined;
    throw providerError(
      nameOf(client, request),
      `answered ${status} without a body`,
      { status, fate: 'unknown' },
      client.redact,
    );
  }
  const body = request.asText === true ? text : jsonOf(text);
  if (body !== undefined) return body;
  const what = `answered ${status} with something that is not JSON`;
  throw providerError(nameOf(client, request), what, { status, fate: 'unknown' }, client.redact);
}

function unreadable(client: Client, name: RequestName, problem: UnreadableAnswer): Omit<Failure, 'retryAfter'> {
  const what = `got an answer that cannot be read (${problem.message})`;
  return { error: providerError(name, what, { fate: 'unknown' }, client.redact), reason: 'final' };
}

function firstOf(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}
