import { Agent, type Dispatcher, EnvHttpProxyAgent, request as send } from 'undici';
import { isObject } from '../../model/json.ts';
import { version } from '../../model/version.ts';
import { GitHubError } from './error.ts';

/** What came back, whole. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** One request that is to be sent as it is. */
export interface Sent {
  readonly method: Dispatcher.HttpMethod;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** Bytes of an answer; default: 32 MiB. */
  readonly most?: number;
  /** May be sent again where nobody knows what became of it. */
  readonly repeatable: boolean;
}

/** Sends requests, and sends again what may be. */
export interface Transport {
  send(sent: Sent): Promise<Answer>;
  close(): Promise<void>;
}

const tries = 4;
/** GitHub asks for a minute where it says nothing. Nobody waits longer for a comment. */
const longestWait = 60_000;
const most = 32 * 1024 * 1024;

/** Connections, through the proxy where the environment names one. */
export function openTransport(
  proxy: { readonly url: string; readonly noProxy: string | undefined } | undefined,
): Transport {
  const dispatcher =
    proxy === undefined
      ? new Agent()
      : new EnvHttpProxyAgent({ httpProxy: proxy.url, httpsProxy: proxy.url, noProxy: proxy.noProxy ?? '' });
  return { send: (sent) => persist(sent, dispatcher), close: () => dispatcher.close() };
}

async function persist(sent: Sent, dispatcher: Dispatcher): Promise<Answer> {
  for (let count = 1; ; count += 1) {
    try {
      const answer = await once(sent, dispatcher);
      const wait = count < tries ? waitAfter(answer, sent, count) : undefined;
      if (wait === undefined) return answer;
      await pause(wait);
    } catch (error) {
      if (count >= tries || !sent.repeatable || error instanceof GitHubError) throw unanswered(sent, error);
      await pause(200 * 2 ** count);
    }
  }
}

/** Milliseconds until it may be sent again; undefined where the answer is the answer. */
function waitAfter({ status, headers }: Answer, { repeatable }: Sent, count: number): number | undefined {
  if (status >= 500) return repeatable ? 200 * 2 ** count : undefined;
  if (status !== 403 && status !== 429) return undefined;
  // A limit refuses before anything is done, so that everything may be sent again. Without these headers a 403 is about rights.
  const wait = headers['retry-after'] ?? (headers['x-ratelimit-remaining'] === '0' ? untilReset(headers) : undefined);
  const milliseconds = Number(wait ?? Number.NaN) * 1000;
  return milliseconds >= 0 && milliseconds <= longestWait ? milliseconds : undefined;
}

function untilReset(headers: Answer['headers']): string {
  return String(Math.max(1, Math.ceil(Number(headers['x-ratelimit-reset'] ?? Number.NaN) - Date.now() / 1000)));
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((done) => setTimeout(done, milliseconds));
}

async function once(sent: Sent, dispatcher: Dispatcher): Promise<Answer> {
  assertSafe(sent);
  const { method, url, headers, body = null } = sent;
  const answer = await send(url, {
    method,
    headers: { 'user-agent': `syncline/${version}`, ...headers },
    body,
    dispatcher,
    headersTimeout: 30_000,
    bodyTimeout: 30_000,
  });
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of answer.body) {
    size += chunk.length;
    if (size > (sent.most ?? most))
      throw new GitHubError(`${said(sent)} answered more than can be read.`, answer.statusCode);
    chunks.push(chunk);
  }
  return { status: answer.statusCode, headers: answer.headers, body: Buffer.concat(chunks) };
}

/** A token is sent over TLS or stays on this machine. */
function assertSafe(sent: Sent): void {
  const { protocol, hostname } = new URL(sent.url);
  if (protocol === 'https:' || (protocol === 'http:' && /^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/.test(hostname)))
    return;
  throw new GitHubError(`${said(sent)} was not sent: ${protocol}//${hostname} is not reached over TLS.`, undefined);
}

/** The query may hold the signature of a link that is a secret. */
function said({ method, url }: Pick<Sent, 'method' | 'url'>): string {
  return `${method} ${new URL(url).pathname}`;
}

function unanswered(sent: Sent, error: unknown): GitHubError {
  if (error instanceof GitHubError) return error;
  const why = error instanceof Error ? error.message : String(error);
  return new GitHubError(`${said(sent)} was not answered: ${why}`, undefined, { cause: error });
}

/** The answer as JSON. @throws GitHubError for any status but a success */
export async function jsonOf(
  transport: Transport,
  sent: Sent,
): Promise<{ readonly answer: Answer; readonly value: unknown }> {
  const answer = await transport.send(sent);
  if (answer.status < 200 || answer.status > 299) throw refused(sent, answer);
  if (answer.body.length === 0) return { answer, value: undefined };
  const value = parsed(answer.body);
  if (value === undefined) throw new GitHubError(`${said(sent)} answered something that is not JSON.`, answer.status);
  return { answer, value };
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

export function refused(sent: Pick<Sent, 'method' | 'url'>, { status, body }: Answer): GitHubError {
  const value = parsed(body);
  // REST says `message`, the artefact service `msg`.
  const words = isObject(value) ? (value.message ?? value.msg) : undefined;
  const tail = typeof words === 'string' && words !== '' ? `: ${words.slice(0, 300)}` : '';
  return new GitHubError(`${said(sent)} was answered ${status}${tail}`, status);
}
