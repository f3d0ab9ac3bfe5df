import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type Clock, realClock } from './clock.ts';
import { type Api, type Desk, desk } from './desk.ts';
import { readBody } from './read-body.ts';
import { send } from './send.ts';

export interface ServeOptions {
  /** 0 means any free port. */
  readonly port: number;
  /** Milliseconds that every request waits before it is worked on. */
  readonly latency: number;
  readonly faults: readonly string[];
}

export interface Served extends Desk {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** Does the work of every `commit-later` that still waits; says how many. */
  commitDelayed(): number;
  /** Ends every connection and forgets what waits. */
  close(): Promise<void>;
}

const host = '127.0.0.1';

/**
 * Serves an emulated API on loopback. A client that hangs up does not stop its request: the work is done all the same, as
 * a real server would. Throws EmulatorInputError for a fault rule, and Node's own error where the port cannot be had.
 */
export async function serve(api: Api, { port, latency, faults }: ServeOptions): Promise<Served> {
  const clock: Clock = realClock();
  const opened = desk(api, { latency, faults, clock });
  let url = '';

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const arrival = opened.arrive(request.method ?? 'GET', new URL(`${url}${request.url ?? '/'}`));
    response.once('close', arrival.done);
    const { body, text, unreadable } = await readBody(request);
    send(response, await arrival.answer({ body, text, unreadable, headers: request.headers, origin: url }));
  };

  const server = createServer((request, response) => {
    // A body that breaks off in the middle leaves nobody to answer.
    answer(request, response).catch(() => response.destroy());
  });
  // A kept-alive connection that the server closes first would look like a lost answer that no fault asked for.
  server.keepAliveTimeout = 0;
  url = `http://${host}:${await listen(server, port)}`;
  const close = async (): Promise<void> => {
    clock.stop();
    await stop(server);
  };
  return { ...opened, url, commitDelayed: clock.flush, close };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
