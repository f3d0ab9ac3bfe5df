/**
 * A JSON value as a strict decoder sees it: whole numbers are told from others (`4.0` is no integer), and the keys of an
 * object stay in the order in which they came, repeated ones included.
 */
export type Wire = null | boolean | string | bigint | number | readonly Wire[] | WireObject;
export interface WireObject {
  readonly entries: readonly (readonly [string, Wire])[];
}

const token = /\s*("[^"\\]*(?:\\.[^"\\]*)*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|[{}[\],:])/suy;

/** The first JSON value of a text; what follows it is not looked at. Throws SyntaxError. */
export function readFirst(text: string): Wire {
  const next = tokensOf(text);
  return value(next(), next);
}

type Next = () => string;

function tokensOf(text: string): Next {
  const scanner = new RegExp(token);
  return () => {
    const found = scanner.exec(text)?.[1];
    if (found === undefined) throw new SyntaxError('Not JSON');
    return found;
  };
}

function value(first: string, next: Next): Wire {
  if (first === '{') return { entries: [...members(next)] };
  if (first === '[') return [...items(next)];
  if (first.startsWith('"')) return textOf(first);
  if (first === 'null') return null;
  if (first === 'true' || first === 'false') return first === 'true';
  if (/^-?\d+$/u.test(first)) return BigInt(first);
  if (/^-?\d/u.test(first)) return Number(first);
  throw new SyntaxError('Not JSON');
}

function* items(next: Next): Generator<Wire> {
  let ahead = next();
  if (ahead === ']') return;
  for (;;) {
    yield value(ahead, next);
    if (ends(next(), ']')) return;
    ahead = next();
  }
}

function* members(next: Next): Generator<readonly [string, Wire]> {
  let ahead = next();
  if (ahead === '}') return;
  for (;;) {
    const key = textOf(ahead);
    if (next() !== ':') throw new SyntaxError('Not JSON');
    yield [key, value(next(), next)];
    if (ends(next(), '}')) return;
    ahead = next();
  }
}

function ends(found: string, closing: string): boolean {
  if (found === closing) return true;
  if (found === ',') return false;
  throw new SyntaxError('Not JSON');
}

function textOf(found: string): string {
  const text: unknown = JSON.parse(found);
  if (typeof text !== 'string') throw new SyntaxError('Not JSON');
  return text;
}
