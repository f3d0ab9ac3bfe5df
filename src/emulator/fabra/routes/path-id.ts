import { unexpected } from '../reply.ts';

/** An id in a path or a query: a decimal integer, a sign allowed. Throws Stopped. */
export function pathId(text: string | undefined): number {
  if (text === undefined || !/^[+-]?\d+$/u.test(text)) throw unexpected();
  const id = Number(text);
  if (!Number.isSafeInteger(id)) throw unexpected();
  return id;
}
