import type { ServerResponse } from 'node:http';
import type { Reply } from './exchange.ts';
import type { Ending } from './play.ts';

/** Sends what a request ends with over its connection. */
export function send(response: ServerResponse, ending: Ending): void {
  if (ending === 'hang') return;
  if (ending === 'drop') response.socket?.destroy();
  else if (ending.half) sendHalf(response, ending.reply);
  else sendWhole(response, ending.reply);
}

function sendWhole(response: ServerResponse, reply: Reply): void {
  if (response.destroyed) return;
  const body = Buffer.from(reply.text, 'utf8');
  response.sendDate = !isDateless(reply);
  response.writeHead(reply.status, answerHeaders(reply, body.length)).end(body);
}

function sendHalf(response: ServerResponse, reply: Reply): void {
  const body = Buffer.from(reply.text, 'utf8');
  response.sendDate = !isDateless(reply);
  response.writeHead(reply.status, answerHeaders(reply, body.length));
  response.write(body.subarray(0, Math.floor(body.length / 2)), () => response.socket?.destroy());
}

/** The headers of an answer, `Date` aside where the reply does not speak of it. */
export function answerHeaders(reply: Reply, length: number): Record<string, string | number> {
  const kept: Record<string, string | number> = {};
  const wanted = { 'content-type': 'application/json; charset=utf-8', ...reply.headers, 'content-length': length };
  for (const [name, value] of Object.entries(wanted)) if (value !== undefined) kept[name] = value;
  return kept;
}

/** The reply wants no `Date`, which goes out otherwise. */
export function isDateless({ headers }: Reply): boolean {
  return headers !== undefined && 'date' in headers && headers.date === undefined;
}
