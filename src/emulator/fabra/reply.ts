import type { Outcome, Reply } from '../exchange.ts';
import type { Json } from '../json.ts';

/** Ends a request early: an error answer, or a handler that crashes and takes the connection with it. */
export class Stopped extends Error {
  readonly outcome: Outcome;

  constructor(outcome: Outcome) {
    super(outcome === 'drop' ? 'crashed' : outcome.text);
    this.name = 'Stopped';
    this.outcome = outcome;
  }
}

const plain = 'text/plain; charset=utf-8';

/** JSON as the server writes it: HTML signs escaped, a newline at the end. The server sets no type, so it is sniffed. */
export function json(body: Json, type = plain): Reply {
  const text = JSON.stringify(body).replace(
    /[<>&\u2028\u2029]/gu,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return { status: 200, text: `${text}\n`, headers: { 'content-type': type } };
}

export function words(text: string): Reply {
  return { status: 200, text, headers: { 'content-type': plain } };
}

export function nothing(status = 200, headers: Readonly<Record<string, string>> = {}): Reply {
  return { status, text: '', headers: { ...headers, 'content-type': undefined } };
}

function failed(status: number, message: string): Reply {
  return { status, text: `${message}\n`, headers: { 'content-type': plain, 'x-content-type-options': 'nosniff' } };
}

/** How the server words an error status that says nothing about its cause. */
export function failure(status: number): Reply {
  return failed(status, statusWords.get(status) ?? 'unexpected error');
}

const statusWords: ReadonlyMap<number, string> = new Map([
  [401, 'Unauthorized'],
  [403, 'User inactive'],
  [404, '404 page not found'],
  [429, 'Too Many Requests'],
]);

/** Rows that are not there, wrong keys, unreadable bodies, refused inserts: all of them look like this. */
export function unexpected(): Stopped {
  return new Stopped(failure(500));
}

export function bad(message: string): Stopped {
  return new Stopped(failed(400, message));
}

export function crash(): Stopped {
  return new Stopped('drop');
}
