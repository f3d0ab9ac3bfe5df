import { closeSync, constants, fstatSync, lstatSync, openSync, readFileSync } from 'node:fs';
import type { SkipReason } from '../../model/scan.ts';

/** Larger files are made by machines. */
const maxBytes = 16 * 1024 * 1024;

/** As Git does: a file is binary if there is a zero byte in its first 8,000. */
const start = 8000;

/** The text of a file, without its byte order mark, or why it is not read. What is no UTF-8 in it is replaced. Never throws. */
export function readSource(path: string): { readonly text: string } | { readonly skip: SkipReason } {
  try {
    const stats = lstatSync(path, { throwIfNoEntry: false });
    if (stats === undefined) return { skip: 'not on disk' };
    if (stats.isSymbolicLink()) return { skip: 'link' };
    if (!stats.isFile()) return { skip: 'unreadable' };
    if (stats.size > maxBytes) return { skip: 'too large' };
    return decode(bytesOf(path));
  } catch (error) {
    return { skip: hasCode(error, 'ENOTDIR') ? 'not on disk' : 'unreadable' };
  }
}

/** A link or a pipe may have taken the place of a file in the meantime. */
function bytesOf(path: string): Buffer {
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    if (!fstatSync(descriptor).isFile()) throw new Error('It is no file any more.');
    return readFileSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function decode(bytes: Buffer): ReturnType<typeof readSource> {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return { text: new TextDecoder('utf-16le').decode(bytes) };
  if (first === 0xfe && second === 0xff) return { text: new TextDecoder('utf-16be').decode(bytes) };
  if (bytes.subarray(0, start).includes(0)) return { skip: 'binary' };
  return { text: new TextDecoder().decode(bytes) };
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
