import { createServer, type IncomingMessage } from 'node:http';
import type { Json, JsonObject } from '../../src/model/json.ts';

/** A request, with its path below the API's version. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body: JsonObject;
}

interface Answer {
  readonly status: number;
  readonly body: Json;
}

/** Answers a request itself, or has the true service do so, perhaps with another body. */
export type Manner = (asked: Asked, forward: (body?: JsonObject) => Promise<Answer>) => Promise<Answer>;

/** A server in front of an emulator that does not always do what it is asked. */
export interface UnkindServer {
  readonly url: string;
  /** How it behaves from now on. */
  manner: Manner;
  close(): Promise<void>;
}

export const kind: Manner = (_asked, forward) => forward();

export async function unkindServer(service: string): Promise<UnkindServer> {
  const server = createServer(async (request, response) => {
    const { method = 'GET', url = '/' } = request;
    const text = await bodyOf(request);
    const body: JsonObject = text === '' ? {} : JSON.parse(text);
    const forward = async (changed = body): Promise<Answer> => {
      const sent = method === 'GET' || method === 'DELETE' ? {} : { body: JSON.stringify(changed) };
      const headers = { authorization: request.headers.authorization ?? '', 'content-type': 'application/json' };
      const answer = await fetch(`${service}${url}`, { method, headers, ...sent });
      return { status: answer.status, body: jsonOf(await answer.text()) };
    };
    const answer = await unkind.manner({ method, path: url.replace('/api/v1', ''), body }, forward);
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body));
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const place = server.address();
  const port = typeof place === 'object' && place !== null ? place.port : 0;
  const unkind: UnkindServer = {
    url: `http://127.0.0.1:${port}`,
    manner: kind,
    close: () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  };
  return unkind;
}

/** What is no JSON, such as the page of a gateway, stays the text it is. */
function jsonOf(text: string): Json {
  return /^[{[]/.test(text) ? JSON.parse(text) : text;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

/** Has the service store other labels than it is sent. */
export function rewritesLabels(rewrite: (label: string) => string): Manner {
  return ({ body }, forward) =>
    forward(typeof body.label === 'string' ? { ...body, label: rewrite(body.label) } : body);
}

/** Carries out no write with this method, and answers as if it had. */
export function ignores(method: string): Manner {
  return async (asked, forward) => {
    if (asked.method !== method) return forward();
    return {
      status: 200,
      body: { status: method === 'DELETE' ? 'deleted' : 'updated', data: { id: Number(asked.path.split('/').at(-1)) } },
    };
  };
}

/** Answers reads of one sync with this status, `times` over. */
export function failsReads(status: number, times = Number.POSITIVE_INFINITY): Manner {
  let left = times;
  return ({ method, path }, forward) => {
    if (method !== 'GET' || !/^\/syncs\/\d+$/.test(path) || left <= 0) return forward();
    left -= 1;
    return Promise.resolve({ status, body: { status: 'error', message: 'Not now.' } });
  };
}

/** Shows every sync as it was when it was read first, `times` over after it has changed. */
export function staleReads(times: number): Manner {
  const first = new Map<string, Answer>();
  let left = times;
  return async ({ method, path }, forward) => {
    const answer = await forward();
    if (!/^\/syncs\/\d+$/.test(path) || (method !== 'GET' && method !== 'PATCH')) return answer;
    const known = first.get(path);
    if (known === undefined) first.set(path, answer);
    else if (JSON.stringify(known) !== JSON.stringify(answer) && left > 0) {
      if (method === 'GET') left -= 1;
      return known;
    }
    return answer;
  };
}

/** Makes what it is only asked to check. */
export const ignoresValidateOnly: Manner = ({ body }, forward) => {
  const { validate_only: _, ...rest } = body;
  return forward(rest);
};
