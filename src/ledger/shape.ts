import { escapeToken, isObject, type JsonObject } from '../model/json.ts';

/** Looks at a value of any origin: undefined where it is a `Value`, else where it is not, and how. */
export type Shape<Value> = ((value: unknown) => Misfit | undefined) & { readonly of?: Value };

export interface Misfit {
  /** JSON Pointer; empty for the value itself. */
  readonly at: string;
  /** As `must be text, not 5`. */
  readonly words: string;
}

export function fits<Value>(shape: Shape<Value>, value: unknown): value is Value {
  return shape(value) === undefined;
}

/** A value that `test` accepts; `expected` names it. */
export function shape<Value>(expected: string, test: (value: unknown) => boolean): Shape<Value> {
  return (value) => (test(value) ? undefined : misfit(expected, value));
}

export function misfit(expected: string, found: unknown): Misfit {
  return { at: '', words: `must be ${expected}, not ${shown(found)}` };
}

function shown(found: unknown): string {
  if (Array.isArray(found)) return 'a list';
  if (isObject(found)) return 'an object';
  const text = String(JSON.stringify(found));
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

export const text: Shape<string> = shape('text', (value) => typeof value === 'string');
export const flag: Shape<boolean> = shape('true or false', (value) => typeof value === 'boolean');

export function oneOf<Value extends string>(...values: readonly Value[]): Shape<Value> {
  const known: ReadonlySet<unknown> = new Set(values);
  return shape(`one of ${values.join(', ')}`, (value) => known.has(value));
}

export function matching(expected: string, pattern: RegExp): Shape<string> {
  return shape(expected, (value) => typeof value === 'string' && pattern.test(value));
}

export function orNull<Value>(inner: Shape<Value>): Shape<Value | null> {
  return (value) => (value === null ? undefined : inner(value));
}

export function listOf<Value>(inner: Shape<Value>): Shape<readonly Value[]> {
  return (value) => {
    if (!Array.isArray(value)) return misfit('a list', value);
    for (const [index, item] of value.entries()) {
      const found = inner(item);
      if (found !== undefined) return within(String(index), found);
    }
    return undefined;
  };
}

/** A list of just so many items, each of its own shape. */
export function tuple<Values extends readonly unknown[]>(
  ...items: { readonly [Index in keyof Values]: Shape<Values[Index]> }
): Shape<Values> {
  return (value) => {
    if (!Array.isArray(value) || value.length !== items.length) return misfit(`a list of ${items.length}`, value);
    for (const [index, item] of items.entries()) {
      const found = item(value[index]);
      if (found !== undefined) return within(String(index), found);
    }
    return undefined;
  };
}

/** An object with any keys that are one thing, and values that are another. */
export function mapOf<Value>(key: Shape<string>, inner: Shape<Value>): Shape<Readonly<Record<string, Value>>> {
  return (value) => {
    if (!isObject(value)) return misfit('an object', value);
    for (const [name, one] of Object.entries(value)) {
      const found = key(name) ?? inner(one);
      if (found !== undefined) return within(name, found);
    }
    return undefined;
  };
}

/** A shape for each key. */
export type Fields<Value> = { readonly [Key in keyof Value]-?: Shape<Value[Key]> };

/** An object with these keys and no other; those of `optional` may be missing. */
export function record<Value extends object>(
  fields: Fields<Value>,
  optional: readonly (keyof Value & string)[] = [],
): Shape<Value> {
  const known: Readonly<Record<string, Shape<unknown>>> = Object.assign(Object.create(null), fields);
  const needed = Object.keys(fields).filter((name) => !optional.some((one) => one === name));
  const isNeeded: ReadonlySet<string> = new Set(needed);
  return (value) => {
    if (!isObject(value)) return misfit('an object', value);
    let seen = 0;
    // A ledger has thousands of records: no list of the keys is made for any of them.
    for (const name in value) {
      const inner = known[name];
      if (inner === undefined) return { at: '', words: `has a key ${shown(name)} that this version does not know` };
      const found = inner(value[name]);
      if (found !== undefined) return within(name, found);
      if (isNeeded.has(name)) seen += 1;
    }
    if (seen === needed.length) return undefined;
    return { at: `/${needed.find((name) => !Object.hasOwn(value, name))}`, words: 'is missing' };
  };
}

/** An object that is looked at once more as a whole, which may prove more of it than its parts do. */
export function and<Parts, Value extends Parts = Parts>(
  inner: Shape<Parts>,
  whole: (value: JsonObject) => Misfit | undefined,
): Shape<Value> {
  return (value) => inner(value) ?? (isObject(value) ? whole(value) : undefined);
}

export function within(name: string, { at, words }: Misfit): Misfit {
  return { at: `/${escapeToken(name)}${at}`, words };
}

/** An object with at least these keys; what else it holds is passed over. For what others may add to. */
export function atLeast<Value extends object>(
  fields: Fields<Value>,
  optional: readonly (keyof Value & string)[] = [],
): Shape<Value> {
  const needed: ReadonlySet<string> = new Set(
    Object.keys(fields).filter((name) => !optional.some((one) => one === name)),
  );
  const inner = Object.entries<Shape<unknown>>(fields);
  return (value) => {
    if (!isObject(value)) return misfit('an object', value);
    for (const [name, shape] of inner) {
      if (value[name] === undefined) {
        if (needed.has(name)) return { at: `/${name}`, words: 'is missing' };
        continue;
      }
      const found = shape(value[name]);
      if (found !== undefined) return within(name, found);
    }
    return undefined;
  };
}
