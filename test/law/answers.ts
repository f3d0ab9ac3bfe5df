import { Readable } from 'node:stream';
import type { Reply } from '../../src/emulator/exchange.ts';
import type { HttpResponse } from '../../src/http/dispatcher.ts';

/** What stands before the service answers where that one cannot be reached. */
export const gateway: Reply = {
  status: 502,
  text: '<html><body>502 Bad Gateway</body></html>',
  headers: { 'content-type': 'text/html' },
};

export function plain(status: number): Reply {
  return { status, text: JSON.stringify({ status: 'error', message: `a fault: ${status}` }) };
}

export function dropped(): Error {
  return Object.assign(new Error('other side closed'), { code: 'UND_ERR_SOCKET' });
}

export function unreachable(): Error {
  return Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED', syscall: 'connect' });
}

export function responseOf(reply: Reply, half: boolean): HttpResponse {
  const bytes = Buffer.from(reply.text, 'utf8');
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  for (const [name, value] of Object.entries(reply.headers ?? {})) if (value !== undefined) headers[name] = value;
  const body = half ? broken(bytes.subarray(0, bytes.length >> 1)) : whole(bytes);
  return { statusCode: reply.status, headers, body: Readable.from(body) };
}

async function* whole(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function* broken(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
  throw dropped();
}
