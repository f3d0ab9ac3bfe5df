import type { Misfit, Shape } from '../../ledger/shape.ts';
import type { JsonObject } from '../../model/json.ts';
import type { Secret } from '../../model/secret.ts';
import { GitHubError } from './error.ts';
import { type Answer, jsonOf, refused, type Sent, type Transport } from './transport.ts';

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
