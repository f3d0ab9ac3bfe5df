import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { onTestFinished } from 'vitest';

/** What stands in front of a service may answer by itself; undefined lets the request through. */
export type Guard = (request: { readonly method: string; readonly path: string }) => Answer | undefined;

export interface Answer {
  readonly status: number;
  readonly body: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The address of a server on this machine that passes requests on to `service`, unless `guard` answers them. Gone after the test. */
export async function inFrontOf(service: string, guard: Guard, tls?: { key: string; cert: string }): Promise<string> {
  const listener: RequestListener = (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', async () => {
      const { method = 'GET', url = '/', headers } = request;
      const own = guard({ method, path: url });
      if (own !== undefined) {
        response.writeHead(own.status, { 'content-type': 'application/json', ...own.headers }).end(own.body);
        return;
      }
      const passed = await fetch(`${service}${url}`, {
        method,
        headers: { authorization: headers.authorization ?? '', 'content-type': 'application/json' },
        ...(chunks.length === 0 ? {} : { body: Buffer.concat(chunks) }),
      }).catch(() => undefined);
      // The service has gone before it answered.
      if (passed === undefined) {
        response.destroy();
        return;
      }
      response.writeHead(passed.status, { 'content-type': passed.headers.get('content-type') ?? '' });
      response.end(await passed.text());
    });
  };
  const server: Server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  onTestFinished(
    () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  );
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`;
}
