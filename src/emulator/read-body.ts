import type { IncomingMessage } from 'node:http';
import type { Exchange } from './exchange.ts';
import { parseJson } from './json.ts';

const limit = 1024 * 1024;

/** Reads a request to its end. More than 1 MiB is read and thrown away, so that the sender still gets its answer. */
export async function readBody(request: IncomingMessage): Promise<Pick<Exchange, 'body' | 'text' | 'unreadable'>> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) continue;
    size += chunk.length;
    if (size <= limit) chunks.push(chunk);
    else chunks.length = 0;
  }
  if (size > limit) return { body: undefined, text: '', unreadable: 'too-large' };
  return bodyOf(Buffer.concat(chunks).toString('utf8'));
}

/** A body that has been read to its end. */
export function bodyOf(text: string): Pick<Exchange, 'body' | 'text' | 'unreadable'> {
  if (text.trim() === '') return { body: undefined, text, unreadable: undefined };
  try {
    return { body: parseJson(text), text, unreadable: undefined };
  } catch {
    return { body: undefined, text, unreadable: 'malformed' };
  }
}
