import { Agent, type Dispatcher, EnvHttpProxyAgent, request as send } from 'undici';
import type { Misfit, Shape } from '../../ledger/shape.ts';
import { isObject, type JsonObject } from '../../model/json.ts';
import type { Secret } from '../../model/secret.ts';
import { version } from '../../model/version.ts';
import { GitHubError } from './error.ts';

/** The REST API of one repository. What is read is held against a shape; keys that nobody asks for are passed over. */
export interface GitHub {
  /** `owner/name`. */
  readonly repository: string;
  /** The answer of a GET. `path` lies below the repository, such as `/pulls/7`. */
  get<Value>(path: string, shape: Shape<Value>): Promise<Value>;
  /** Every item of a list, page after page as the `Link` headers lead. */
  list<Item>(path: string, items: (page: unknown) => unknown, shape: Shape<Item>): Promise<readonly Item[]>;
  send(method: 'POST' | 'PATCH' | 'DELETE', path: string, body?: JsonObject): Promise<unknown>;
  /** The answer of GraphQL, which is asked what REST does not tell. */
  ask(query: string): Promise<unknown>;
  /** The bytes that a path leads to, at another host mostly, which gets no token. */
  bytes(path: string, most: number): Promise<Buffer>;
  close(): Promise<void>;
}

/** How to reach GitHub. */
export interface GitHubOptions {
  readonly api: string;
  readonly graphql: string;
  readonly repository: string;
  readonly token: Secret;
  readonly transport: Transport;
}

interface Answer {
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

/** The value, if it has that shape. @throws GitHubError that says where it has not */
export function shaped<Value>(value: unknown, shape: Shape<Value>, of: string): Value {
  const misfit: Misfit | undefined = shape(value);
  if (misfit === undefined) return value as Value;
  throw new GitHubError(`${of} answered something unexpected: ${misfit.at || 'it'} ${misfit.words}`, 200);
}

/** Opens the API for one repository. Nothing is sent yet. */
export function openGitHub({ api, graphql, repository, token, transport }: GitHubOptions): GitHub {
  const base = `${api.replace(/\/+$/, '')}/repos/${repository.split('/').map(encodeURIComponent).join('/')}`;
  const headers = {
    authorization: `Bearer ${token.reveal()}`,
    accept: 'application/vnd.github+json',
    'x-github-api-version': '2022-11-28',
  };
  const json = (method: Sent['method'], url: string, body?: JsonObject) => {
    const content = body === undefined ? {} : { body: JSON.stringify(body) };
    const type = body === undefined ? {} : { 'content-type': 'application/json' };
    const repeatable = method === 'GET' || method === 'PATCH' || method === 'DELETE';
    return jsonOf(transport, { method, url, headers: { ...headers, ...type }, ...content, repeatable });
  };
  return {
    repository,
    get: async (path, shape) => shaped((await json('GET', `${base}${path}`)).value, shape, `GET ${path}`),
    list: async (path, items, shape) => {
      const all = [];
      let url: string | undefined = `${base}${path}${path.includes('?') ? '&' : '?'}per_page=100`;
      for (let page = 1; url !== undefined; page += 1) {
        if (page > mostPages) throw new GitHubError(`GET ${path} has no end.`, 200);
        const { answer, value }: Awaited<ReturnType<typeof json>> = await json('GET', url);
        const found = items(value);
        if (!Array.isArray(found)) throw new GitHubError(`GET ${path} answered something unexpected: no list`, 200);
        for (const one of found) all.push(shaped(one, shape, `GET ${path}`));
        url = nextPage(answer, url);
      }
      return all;
    },
    send: async (method, path, body) => (await json(method, `${base}${path}`, body)).value,
    ask: async (query) => (await json('POST', graphql, { query })).value,
    bytes: async (path, limit) => {
      const first = { method: 'GET', url: `${base}${path}`, headers, most: limit, repeatable: true } as const;
      const answer = await transport.send(first);
      if (answer.status === 200) return answer.body;
      const location = answer.headers.location;
      if (![301, 302, 303, 307, 308].includes(answer.status) || typeof location !== 'string')
        throw refused(first, answer);
      const second = { method: 'GET', url: new URL(location, first.url).href, most: limit, repeatable: true } as const;
      const file = await transport.send(second);
      if (file.status !== 200) throw refused(second, file);
      return file.body;
    },
    close: () => transport.close(),
  };
}

const mostPages = 200;

/** `<https://…?page=2>; rel="next", <…>; rel="last"`. A token goes where the first page came from, or nowhere. */
function nextPage({ headers }: Answer, from: string): string | undefined {
  const link = headers.link;
  if (typeof link !== 'string') return undefined;
  const next = /<([^<>]*)>\s*;[^,]*\brel="?next"?/.exec(link)?.[1];
  if (next === undefined) return undefined;
  const url = new URL(next, from);
  if (url.origin !== new URL(from).origin)
    throw new GitHubError(`The next page lies at another host: ${url.origin}`, 200);
  return url.href;
}
