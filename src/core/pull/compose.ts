import {
  isList,
  isObject,
  type Json,
  type JsonObject,
  type Pointer,
  type Spec,
  tokens,
  valueAt,
  withValueAt,
} from '../../model/json.ts';
import type { FieldTrait, KindTraits, Reference } from '../../model/traits.ts';
import { equal } from '../spec/equal.ts';
import { matchByKey } from '../spec/match.ts';

/** How specs of a kind are read and written. */
export interface Language {
  readonly traits: KindTraits;
  /** The canonical form of a spec as written, normalised. */
  readonly meaning: (spec: Spec) => Spec;
}

/** A manifest's spec before and after. */
export interface Sides {
  /** As it is written: variables filled in, overrides merged. */
  readonly written: Spec;
  /** What that means, with ids. */
  readonly before: Spec;
  /** What it is to mean, with ids. */
  readonly after: Spec;
  /** The same as a person would write it, with names. */
  readonly anew: Spec;
}

/** The spec as it is to be written: what means the same as before stays as it stands, the rest is written anew. */
export function composed(language: Language, sides: Sides): Spec {
  return language.traits.references.reduce(
    (rest, reference) => joinedAnew(reference, rest, sides),
    inObject(language, language.traits.spec, '', sides),
  );
}

/** What joins other things is said anew where it is another one, and where their names do not tell it any more. */
function joinedAnew({ path, into, joins = [] }: Reference, spec: Spec, { written, before, after, anew }: Sides): Spec {
  if (joins.every((end) => equal(valueAt(before, end), valueAt(after, end)))) return spec;
  const next = valueAt(anew, path);
  const at = [path, into].find((place) => valueAt(written, place) !== undefined) ?? path;
  return next === undefined ? spec : withValueAt(spec, at, next);
}

interface At {
  readonly written: JsonObject;
  readonly before: JsonObject;
  readonly after: JsonObject;
  readonly anew: JsonObject;
}

function inObject(language: Language, trait: FieldTrait, path: Pointer, at: At): JsonObject {
  const result: Record<string, Json | undefined> = { ...at.written };
  const keys =
    trait.shape === 'map' ? [...Object.keys(at.before), ...Object.keys(at.after)] : Object.keys(trait.fields ?? {});
  for (const key of new Set(keys)) {
    if (equal(at.before[key], at.after[key])) continue;
    const field: FieldTrait = trait.shape === 'map' ? { shape: 'value' } : (trait.fields?.[key] ?? { shape: 'value' });
    const [written, before, after, anew] = [at.written[key], at.before[key], at.after[key], at.anew[key]];
    const isOpen = field.shape === 'object' || field.shape === 'map';
    if (isOpen && isObject(written) && isObject(before) && isObject(after) && isObject(anew)) {
      result[key] = inObject(language, field, `${path}/${key}`, { written, before, after, anew });
      continue;
    }
    if (field.shape === 'list' && isList(written) && isList(after) && isList(anew)) {
      result[key] = inList(language, field, `${path}/${key}`, { written, after, anew });
      continue;
    }
    referred(language.traits, path, key, at, result);
  }
  return Object.fromEntries(Object.entries(result).filter(([, value]) => value !== undefined)) as JsonObject;
}

/** Writes a field anew. What refers to something goes on doing so by its id, where it did; else by its name, where it has one. */
function referred(
  { references }: KindTraits,
  path: Pointer,
  key: string,
  at: At,
  result: Record<string, Json | undefined>,
): void {
  const own = references.filter(({ into, path: name }) => [into, name].includes(`${path}/${key}`));
  const names = own.map((one) => tokens(one.path).at(-1) ?? '').filter((name) => name !== key);
  const wasById = at.written[key] !== undefined && own.length > 0;
  result[key] = wasById ? (at.after[key] ?? undefined) : at.anew[key];
  for (const name of names) result[name] = wasById ? undefined : at.anew[name];
}

interface ListAt {
  readonly written: readonly Json[];
  readonly after: readonly Json[];
  readonly anew: readonly Json[];
}

/** Items that mean the same as before stay as they stand; of others, what is the same inside does. */
function inList(language: Language, { key }: FieldTrait, path: Pointer, at: ListAt): Json {
  const meaningOf = (item: Json) => {
    const list = language.meaning({ [path.slice(1)]: [item] })[path.slice(1)];
    return isList(list) ? list[0] : undefined;
  };
  if (key === undefined || tokens(path).length !== 1 || at.after.length !== at.anew.length) return at.anew;
  const known = at.written.flatMap((item) => {
    const meaning = meaningOf(item);
    return meaning === undefined ? [] : [{ item, meaning }];
  });
  const { firstOf } = matchByKey(
    key,
    known.map(({ meaning }) => meaning),
    at.after,
  );
  return at.after.map((item, index) => {
    const anew = at.anew[index] ?? item;
    const before = known.find(({ meaning }) => meaning === firstOf.get(item));
    if (before === undefined) return anew;
    if (equal(before.meaning, item)) return before.item;
    const mixed = mixedItem(before, item, anew);
    return equal(meaningOf(mixed), item) ? mixed : anew;
  });
}

/** The item as it stands, with the fields written anew whose meaning has changed. */
function mixedItem({ item, meaning }: { readonly item: Json; readonly meaning: Json }, after: Json, anew: Json): Json {
  if (!isObject(item) || !isObject(meaning) || !isObject(after) || !isObject(anew)) return anew;
  const names = new Set([...Object.keys(meaning), ...Object.keys(after)]);
  const result: Record<string, Json | undefined> = { ...item };
  for (const name of names) if (!equal(meaning[name], after[name])) result[name] = anew[name];
  return Object.fromEntries(Object.entries(result).filter(([, value]) => value !== undefined)) as JsonObject;
}
