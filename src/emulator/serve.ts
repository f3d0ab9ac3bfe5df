import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { control, controlPrefix } from './control.ts';
import { delayedWork } from './delayed-work.ts';
import { type Exchange, jsonReply, type Outcome, type Reply } from './exchange.ts';
import { type FaultBook, faultBook } from './fault-book.ts';
import type { FaultRule } from './fault-rule.ts';
import { jsonFailure, play } from './play.ts';
import { readBody } from './read-body.ts';
import { loggable, type RequestLog, requestLog } from './request-log.ts';

export interface ServeOptions {
  /** 0 means any free port. */
  readonly port: number;
  /** Milliseconds that every request waits before it is worked on. */
  readonly latency: number;
  readonly faults: readonly FaultRule[];
  /** The API's base path, which fault rules may leave out. */
  readonly prefix: string;
  /** The API: one request in, one answer out, at once. */
  handle(exchange: Exchange): Outcome;
  /** The service's own way to say that it failed, for faults with a status; JSON where it is absent. */
  readonly failure?: (status: number) => Reply;
  /** Control routes of this emulator alone; undefined where the path is none of them. */
  readonly control?: (exchange: Exchange) => Reply | undefined;
}

export interface Served {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  readonly faults: FaultBook;
  readonly log: RequestLog;
  /** Does the work of every `commit-later` that still waits; says how many. */
  commitDelayed(): number;
  /** Ends every connection and forgets what waits. */
  close(): Promise<void>;
}

const host = '127.0.0.1';

/**
 * Serves an emulated API on loopback: latency, faults, the request log and the control routes are the same for all of
 * them. A client that hangs up does not stop its request: the work is done all the same, as a real server would.
 * Rejects with Node's own error where the port cannot be had.
 */
export async function serve(options: ServeOptions): Promise<Served> {
  const faults = faultBook(options.prefix);
  faults.add(options.faults);
  const log = requestLog();
  const delayed = delayedWork();
  let url = '';

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const method = request.method ?? 'GET';
    const target = new URL(`${url}${request.url ?? '/'}`);
    const own = target.pathname.startsWith(controlPrefix);
    const entry = own ? { body: undefined, status: undefined } : log.open(method, target);
    if (!own) response.once('close', log.done);
    const { body, text, unreadable } = await readBody(request);
    entry.body = loggable(body);
    const { authorization } = request.headers;
    const exchange: Exchange = {
      method,
      path: target.pathname,
      query: target.searchParams,
      body,
      text,
      unreadable,
      authorization,
      headers: request.headers,
      origin: url,
    };
    const failure = options.failure ?? jsonFailure;
    const stage = { response, entry, delayed, failure, work: () => guarded(() => options.handle(exchange)) };
    if (own) {
      return play(undefined, { ...stage, work: () => options.control?.(exchange) ?? control(exchange, faults, log) });
    }
    const befalls = faults.take(method, target.pathname, target.search);
    await delayed.wait(options.latency + befalls.delay);
    play(befalls.action, stage);
  };

  const server = createServer((request, response) => {
    // A body that breaks off in the middle leaves nobody to answer.
    answer(request, response).catch(() => response.destroy());
  });
  // A kept-alive connection that the server closes first would look like a lost answer that no fault asked for.
  server.keepAliveTimeout = 0;
  url = `http://${host}:${await listen(server, options.port)}`;
  const close = async (): Promise<void> => {
    delayed.stop();
    await stop(server);
  };
  return { url, faults, log, commitDelayed: delayed.flush, close };
}

function guarded(work: () => Outcome): Outcome {
  try {
    return work();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return jsonReply(500, { status: 'error', message: `The emulator failed: ${message}` });
  }
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
