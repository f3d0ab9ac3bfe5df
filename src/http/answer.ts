import { isList, isObject, type Json } from '../model/json.ts';
import type { HttpBody, HttpResponse } from './dispatcher.ts';

/** More than any answer of these services can be; what is larger is not read on. */
const maxBytes = 64 * 1024 * 1024;

/** An answer that was sent whole but cannot be used. */
export class UnreadableAnswer extends Error {}

/** The body as text, unpacked. Throws UnreadableAnswer where it is too large or packed in a way that was not asked for. */
export async function readText(response: HttpResponse): Promise<string> {
  const encoding = String(response.headers['content-encoding'] ?? 'identity').toLowerCase();
  if (encoding === 'identity' || encoding === '') return gathered(response.body);
  const bytes = unpacker(encoding);
  if (bytes === undefined) {
    // The connection is given up, and its own complaint about that with it.
    response.body.on('error', () => undefined);
    response.body.destroy();
    throw new UnreadableAnswer(`its encoding ${encoding} was not asked for`);
  }
  return collect(unpacked(response.body, bytes));
}

function unpacker(encoding: string): DecompressionStream | undefined {
  return encoding === 'gzip' || encoding === 'x-gzip' ? new DecompressionStream('gzip') : undefined;
}

async function* unpacked(body: AsyncIterable<Uint8Array>, stream: DecompressionStream): AsyncGenerator<Uint8Array> {
  const writer = stream.writable.getWriter();
  const reader = stream.readable.getReader();
  const feeding = feed(body, writer);
  // Whoever reads sees the fault first; this keeps it from counting as unhandled until then.
  feeding.catch(() => undefined);
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) yield part.value;
  } catch (cause) {
    await feeding;
    throw new UnreadableAnswer('it is not the gzip that it claims to be', { cause });
  } finally {
    await reader.cancel().catch(() => undefined);
  }
  await feeding;
}

interface ByteWriter {
  write(chunk: Uint8Array): Promise<void>;
  close(): Promise<void>;
  abort(reason: unknown): Promise<void>;
}

/** Resolves also where the unpacker gave up: its reader tells. Rejects where the connection did. */
async function feed(body: AsyncIterable<Uint8Array>, writer: ByteWriter): Promise<void> {
  const source = body[Symbol.asyncIterator]();
  for (;;) {
    let part: IteratorResult<Uint8Array>;
    try {
      part = await source.next();
    } catch (error) {
      await writer.abort(error).catch(() => undefined);
      throw error;
    }
    try {
      if (part.done === true) return await writer.close();
      await writer.write(part.value);
    } catch {
      await source.return?.();
      return;
    }
  }
}

/** What arrives, as it arrives: asked for a piece at a time, a connection rests in between. */
function gathered(body: HttpBody): Promise<string> {
  return new Promise((resolve, reject) => {
    const pile = pileOfBytes();
    const orReject = (work: () => void) => {
      try {
        work();
      } catch (error) {
        reject(error);
        body.destroy();
      }
    };
    body.on('data', (chunk) => orReject(() => pile.add(chunk)));
    body.on('end', () => orReject(() => resolve(pile.text())));
    body.on('error', reject);
    // After an end or an error this says nothing new.
    body.on('close', () => reject(new Error('the connection was closed before the end of the answer')));
  });
}

async function collect(body: AsyncIterable<Uint8Array>): Promise<string> {
  const pile = pileOfBytes();
  for await (const chunk of body) pile.add(chunk);
  return pile.text();
}

/** Bytes of one answer. Both functions throw UnreadableAnswer: for what is too large, and for what is no text. */
function pileOfBytes(): { add(chunk: Uint8Array): void; text(): string } {
  const chunks: Uint8Array[] = [];
  let size = 0;
  return {
    add: (chunk) => {
      size += chunk.length;
      if (size > maxBytes) throw new UnreadableAnswer(`it is larger than ${maxBytes / 1024 / 1024} MiB`);
      chunks.push(chunk);
    },
    text: () => {
      try {
        // A letter that was replaced would be written back one day.
        return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks, size));
      } catch (cause) {
        throw new UnreadableAnswer('it is not UTF-8', { cause });
      }
    },
  };
}

/** The service's own words in an error body: `message`, `error`, or plain text. Markup is a proxy's page, not a message. */
export function serverMessage(text: string): string | undefined {
  const body = jsonOf(text);
  if (body === undefined) return /^\s*</.test(text) ? undefined : cut(text.trim());
  if (!isObject(body)) return typeof body === 'string' ? cut(body) : undefined;
  const nested = isObject(body.error) ? body.error.message : undefined;
  const found = [body.message, body.error, nested].find((value) => typeof value === 'string');
  if (typeof found === 'string') return cut(found);
  return Array.isArray(body.errors) ? cut(JSON.stringify(body.errors)) : undefined;
}

/** No answer of these services nests deeper than a tenth of this; what works through values level by level could not go on. */
const maxDepth = 200;

/** The value that the text is JSON of, or undefined: where it is none, or is nested beyond reason. */
export function jsonOf(text: string): Json | undefined {
  try {
    const value: Json = JSON.parse(text);
    return isDeeper(value, maxDepth) ? undefined : value;
  } catch {
    return undefined;
  }
}

function cut(text: string): string | undefined {
  if (text === '') return undefined;
  return text.length > 1000 ? `${text.slice(0, 1000)}…` : text;
}

/** Does the value hold lists and objects in each other, deeper than so many levels? */
function isDeeper(value: Json | undefined, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  // Asked of everything that a service answers: neither a list of the keys nor a function is made for it.
  if (isList(value)) {
    for (const item of value) if (isDeeper(item, levels - 1)) return true;
    return false;
  }
  for (const key in value) if (isDeeper(value[key], levels - 1)) return true;
  return false;
}
