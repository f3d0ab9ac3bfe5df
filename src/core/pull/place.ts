import { escapeToken, isObject, type Json, type JsonObject, type Pointer, tokens, valueAt } from '../../model/json.ts';
import { equal } from '../spec/equal.ts';

/** What shall stand at a place of a document; undefined: nothing. */
export interface Placed {
  readonly path: Pointer;
  readonly value: Json | undefined;
}

/** A difference between two specs as they are written. Objects are entered, lists are not. */
export interface Difference {
  /** Into the spec. */
  readonly path: Pointer;
  readonly before: Json | undefined;
  readonly after: Json | undefined;
}

export function differencesOf(before: JsonObject, after: JsonObject, path: Pointer = ''): Difference[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].flatMap((key): Difference[] => {
    const [one, other] = [before[key], after[key]];
    const here = `${path}/${escapeToken(key)}`;
    if (one === other || (one !== undefined && other !== undefined && equal(one, other))) return [];
    if (isObject(one) && isObject(other)) return differencesOf(one, other, here);
    return [{ path: here, before: one, after: other }];
  });
}

/** The target that is pulled, and those that share the manifest with it. */
export interface Sharing {
  readonly target: string;
  /** Specs of the others, as they are written: variables filled in, overrides merged. */
  readonly others: ReadonlyMap<string, JsonObject>;
}

/** Where differences are written, and those that can be written nowhere. */
export interface Placement {
  readonly wishes: readonly Placed[];
  readonly impossible: readonly Pointer[];
}

/**
 * Where each difference is written: in the spec where the manifest is for this target alone, or where all its targets say so by now;
 * else in what this target overrides.
 */
export function placed(
  document: JsonObject,
  differences: readonly Difference[],
  { target, others }: Sharing,
): Placement {
  const wishes: Placed[] = [];
  const impossible: Pointer[] = [];
  const spec = isObject(document.spec) ? document.spec : {};
  const own = pathOf(['overrides', target]);
  for (const { path, before, after } of differences) {
    const isOverridden = isBrought(valueAt(document, own), path);
    const isSame = [...others.values()].every((other) => equal(valueAt(other, path), after));
    if (isSame && !(isOverridden && others.size === 0)) {
      wishes.push({ path: `/spec${path}`, value: after });
      for (const name of [target, ...others.keys()]) {
        const at = pathOf(['overrides', name]);
        if (isBrought(valueAt(document, at), path)) wishes.push({ path: at + path, value: undefined });
      }
      continue;
    }
    const inSpec = valueAt(spec, path);
    // Null takes a key out of an override: it cannot clear anything there.
    if (after === null) impossible.push(path);
    else if (after === undefined) wishes.push({ path: own + path, value: inSpec === undefined ? undefined : null });
    else if (isOverridden && equal(inSpec, after)) wishes.push({ path: own + path, value: undefined });
    else
      wishes.push({
        path: own + path,
        value: isObject(after) ? patchTo(isObject(before) ? inSpec : undefined, after) : after,
      });
  }
  return { wishes: [...wishes, ...emptied(document, wishes)], impossible };
}

/** Does a merge patch say what stands at a place? */
function isBrought(patch: Json | undefined, path: Pointer): boolean {
  let here = patch;
  for (const token of tokens(path)) {
    if (!isObject(here)) return here !== undefined;
    here = Object.hasOwn(here, token) ? here[token] : undefined;
  }
  return here !== undefined;
}

/** The merge patch that makes `after` of a value. */
function patchTo(before: Json | undefined, after: JsonObject): JsonObject {
  if (!isObject(before)) return after;
  const patch: Record<string, Json> = {};
  for (const key of Object.keys(before)) if (after[key] === undefined) patch[key] = null;
  for (const [key, value] of Object.entries(after)) {
    const old = before[key];
    if (value === undefined || equal(old, value)) continue;
    patch[key] = isObject(value) ? patchTo(old, value) : value;
  }
  return patch;
}

/** Overrides that hold nothing any more go. */
function emptied(document: JsonObject, wishes: readonly Placed[]): Placed[] {
  const { overrides } = document;
  if (!isObject(overrides)) return [];
  const left = Object.keys(overrides).filter((name) => {
    const at = `${pathOf(['overrides', name])}/`;
    const own = wishes.filter(({ path }) => path.startsWith(at));
    const gone = new Set(own.filter(({ value }) => value === undefined).map(({ path }) => path));
    return own.length !== gone.size || !isEmptied(overrides[name], at.slice(0, -1), gone);
  });
  const all = Object.keys(overrides);
  if (left.length === all.length) return [];
  if (left.length === 0) return [{ path: '/overrides', value: undefined }];
  return all
    .filter((name) => !left.includes(name))
    .map((name) => ({ path: pathOf(['overrides', name]), value: undefined }));
}

function isEmptied(value: Json | undefined, path: Pointer, gone: ReadonlySet<Pointer>): boolean {
  if (gone.has(path)) return true;
  if (!isObject(value)) return false;
  const keys = Object.keys(value);
  return keys.length > 0 && keys.every((key) => isEmptied(value[key], `${path}/${escapeToken(key)}`, gone));
}

function pathOf(names: readonly string[]): Pointer {
  return names.map((name) => `/${escapeToken(name)}`).join('');
}
