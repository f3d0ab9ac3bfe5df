import {
  escapeToken,
  isList,
  isObject,
  type Json,
  type Pointer,
  type Spec,
  tokens,
  valueAt,
  withValueAt,
} from '../../model/json.ts';
import type { Cause, FieldChange } from '../../model/plan.ts';
import type { FieldTrait, KindTraits } from '../../model/traits.ts';
import { equal } from '../spec/equal.ts';
import { byKey } from '../spec/fingerprint.ts';
import { keyText, matchByKey } from '../spec/match.ts';

/** What a manifest is to say by now. */
export interface Taken {
  /** As the manifest's spec, in canonical form with ids. */
  readonly spec: Spec;
  /** What was taken over, by place; lists item by item. */
  readonly paths: readonly Pointer[];
  /** Of that: changes of the manifest that were never applied, each with the place below which it was taken over. */
  readonly unapplied: readonly { readonly within: Pointer; readonly change: FieldChange }[];
  /** What has changed on both sides since it was applied, and stays as it is. */
  readonly conflicts: readonly Pointer[];
}

/** A declared thing, on all its sides. */
export interface Compared {
  readonly live: Spec;
  readonly declared: Spec;
  /** As last applied; null where nobody knows. */
  readonly applied: Spec | null;
}

/**
 * The declared spec with what is live in the places that differ. `compare` tells what must change so that the live side says what a spec
 * says. One-value things are taken whole. With `drifted` only what changed outside Git is. What is taken over may make other
 * differences count, such as the order of a list: so it is compared until nothing more is taken.
 */
export function takeOver(
  traits: KindTraits,
  sides: Compared,
  compare: (spec: Spec) => readonly FieldChange[],
  drifted: boolean,
): Taken {
  const paths = new Set<Pointer>();
  const unapplied: Taken['unapplied'][number][] = [];
  let spec = sides.declared;
  for (let round = 1; ; round += 1) {
    const units = unitsOf(traits, sides, compare(spec));
    // Items that came after an order was taken over need their places in it, too.
    const isOpen = (unit: Unit) => !paths.has(unit.path) || (isOrder(unit) && round <= maxRounds);
    const open = units.filter(({ unit, causes }) => isOpen(unit) && isOurs(causes, drifted));
    if (open.length === 0) {
      const conflicts = units.filter(({ unit, causes }) => !paths.has(unit.path) && isConflict(causes));
      return { spec, paths: [...paths], unapplied, conflicts: conflicts.map(({ unit }) => unit.path) };
    }
    for (const { unit, causes, changes } of open) {
      if (causes.has('git') && !paths.has(unit.path))
        unapplied.push(...changes.map((change) => ({ within: unit.path, change })));
      paths.add(unit.path);
    }
    spec = withUnits(
      { live: sides.live, declared: spec },
      open.map(({ unit }) => unit),
    );
  }
}

/** More often than this no order is taken over again, whatever is compared. */
const maxRounds = 5;

function isOrder({ list }: Unit): boolean {
  return list !== undefined && list.name === undefined;
}

interface Differing {
  readonly unit: Unit;
  readonly causes: ReadonlySet<Cause>;
  readonly changes: readonly FieldChange[];
}

function unitsOf(traits: KindTraits, sides: Compared, changes: readonly FieldChange[]): readonly Differing[] {
  const units = new Map<
    Pointer,
    { readonly unit: Unit; readonly causes: Set<Cause>; readonly changes: FieldChange[] }
  >();
  for (const change of changes) {
    const { path, cause } = change;
    const unit = unitOf(traits, sides.live, path);
    const known = units.get(unit.path) ?? { unit, causes: new Set(), changes: [] };
    known.changes.push(change);
    known.causes.add(isOrder(unit) ? causeOfOrder(sides, unit.path, unit.list?.trait.key ?? '') : cause);
    units.set(unit.path, known);
  }
  return [...units.values()];
}

function isConflict(causes: ReadonlySet<Cause>): boolean {
  return causes.has('conflict') || (causes.has('git') && causes.has('drift'));
}

function isOurs(causes: ReadonlySet<Cause>, drifted: boolean): boolean {
  return !isConflict(causes) && (!drifted || causes.has('drift'));
}

/** Who has changed the order of a list, whatever came and went in it. */
function causeOfOrder({ live, declared, applied }: Compared, path: Pointer, key: string): Cause {
  if (applied === null) return 'unknown';
  const keys = (spec: Spec) => listAt(spec, path).map((item) => keyText(key, item));
  const [now, own, then] = [keys(live), keys(declared), keys(applied)];
  const among = (names: readonly string[], others: readonly string[]) => names.filter((one) => others.includes(one));
  const git = !equal(among(own, then), among(then, own));
  const drift = !equal(among(now, then), among(then, now));
  return git && drift ? 'conflict' : git ? 'git' : 'drift';
}

/** What is taken over in one piece. */
interface Unit {
  readonly path: Pointer;
  /** The list of which it is an item, or the order. */
  readonly list: { readonly path: Pointer; readonly trait: FieldTrait; readonly name: string | undefined } | undefined;
}

function unitOf(traits: KindTraits, live: Spec, path: Pointer): Unit {
  let trait: FieldTrait | undefined = traits.spec;
  let here = '';
  const names = tokens(path);
  for (const [index, name] of names.entries()) {
    if (trait?.shape === 'list' && trait.key !== undefined)
      return { path: `${here}/${escapeToken(name)}`, list: { path: here, trait, name } };
    if (trait?.shape !== 'object' && trait?.shape !== 'map') break;
    // An object that is not there on the live side goes as a whole.
    if (index > 0 && trait.shape === 'object' && !isObject(valueAt(live, here))) break;
    here = `${here}/${escapeToken(name)}`;
    trait = trait.shape === 'map' ? undefined : trait.fields?.[name];
  }
  const list = trait?.shape === 'list' && trait.key !== undefined ? { path: here, trait, name: undefined } : undefined;
  return { path: here, list };
}

function withUnits(sides: { readonly live: Spec; readonly declared: Spec }, taken: readonly Unit[]): Spec {
  const lists = new Map<Pointer, Unit[]>();
  let spec = sides.declared;
  for (const unit of taken) {
    if (unit.list !== undefined) {
      const known = lists.get(unit.list.path);
      if (known === undefined) lists.set(unit.list.path, [unit]);
      else known.push(unit);
      continue;
    }
    spec = withValueAt(spec, unit.path, valueAt(sides.live, unit.path) ?? null);
  }
  for (const [path, units] of lists) spec = withValueAt(spec, path, listOf(sides, path, units));
  return spec;
}

/** The items that were taken over, in the places of the declared ones; new ones come last, unless the order is taken over too. */
function listOf(
  { live, declared }: { readonly live: Spec; readonly declared: Spec },
  path: Pointer,
  units: readonly Unit[],
): Json {
  const trait = units[0]?.list?.trait;
  const [now, own] = [listAt(live, path), listAt(declared, path)];
  const key = trait?.key;
  if (key === undefined) return now;
  const takesOrder = units.some(({ list }) => list?.name === undefined);
  const names = new Set(units.flatMap(({ list }) => list?.name ?? []));
  // As they are named by whoever compares them, in whatever order.
  const pairings = [matchByKey(key, byKey(key, now), byKey(key, own)), matchByKey(key, now, own)];
  const pairs = pairings.find(({ matched, onlyFirst, onlySecond }) =>
    [...names].every((name) => [...matched, ...onlyFirst, ...onlySecond].some((one) => one.name === name)),
  );
  if (pairs === undefined) return now;
  const liveOf = new Map(pairs.matched.map((one) => [one.second, one] as const));
  const gone = new Set(pairs.onlySecond.filter(({ name }) => names.has(name)).map(({ value }) => value));
  const kept = own.flatMap((item): Placed[] => {
    const pair = liveOf.get(item);
    if (pair === undefined) return gone.has(item) ? [] : [{ item, live: undefined }];
    return [{ item: names.has(pair.name) ? merged(trait?.items, pair.first, item) : item, live: pair.first }];
  });
  const fresh = new Set(pairs.onlyFirst.filter(({ name }) => names.has(name)).map(({ value }) => value));
  const all = [...kept, ...now.filter((one) => fresh.has(one)).map((item): Placed => ({ item, live: item }))];
  if (!takesOrder) return all.map(({ item }) => item);
  const place = new Map(now.map((one, index) => [one, index] as const));
  const rank = ({ live: one }: Placed) => (one === undefined ? now.length : (place.get(one) ?? now.length));
  return all.toSorted((first, second) => rank(first) - rank(second)).map(({ item }) => item);
}

/** An item as it is to be, and the live one that it goes by. */
interface Placed {
  readonly item: Json;
  readonly live: Json | undefined;
}

function listAt(spec: Spec, path: Pointer): readonly Json[] {
  const value = valueAt(spec, path);
  return isList(value) ? value : [];
}

/** The live item, with what no answer shows of the declared one. */
function merged(trait: FieldTrait | undefined, live: Json, declared: Json): Json {
  if (!isObject(live) || !isObject(declared)) return live;
  const hidden = Object.entries(declared).filter(
    ([name, value]) => live[name] === undefined && value !== undefined && trait?.fields?.[name]?.unreadable === true,
  );
  return hidden.length === 0 ? live : { ...live, ...Object.fromEntries(hidden) };
}
