import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** One request as it arrived. */
export interface Arrived {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** What to do with a request. `drop` closes the connection after the request was read; `drip` answers byte by byte without end. */
export type Reply =
  | {
      readonly status: number;
      readonly body?: string | Buffer;
      readonly headers?: Record<string, string>;
      readonly after?: Promise<void>;
    }
  | 'drop'
  | 'drip'
  | 'hang';

export interface ScriptedServer {
  readonly url: string;
  readonly port: number;
  readonly arrived: readonly Arrived[];
  /** How many connections were ever made. */
  connections(): number;
  close(): Promise<void>;
}

/** A server on this machine that answers the nth request with what `script` says. */
export async function scriptedServer(script: (request: Arrived, nth: number) => Reply): Promise<ScriptedServer> {
  const arrived: Arrived[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const one = { method, url, headers, body: Buffer.concat(chunks).toString() };
      arrived.push(one);
      void answer(response, script(one, arrived.length));
    });
  });
  let connections = 0;
  server.on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    arrived,
    connections: () => connections,
    close: () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  };
}

async function answer(response: ServerResponse, reply: Reply): Promise<void> {
  if (reply === 'hang') return;
  if (reply === 'drop') {
    response.socket?.destroy();
    return;
  }
  if (reply === 'drip') {
    response.writeHead(200, { 'content-type': 'application/json' });
    const drop = setInterval(() => response.write(' '), 20);
    response.on('close', () => clearInterval(drop));
    return;
  }
  await reply.after;
  response.writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers });
  response.end(reply.body ?? '{}');
}
