import type { RemoteId } from '../../model/live.ts';
import type { Grade, Pair, Thing } from '../../model/migration.ts';
import { grouped } from '../grouped.ts';

/** Which id stands at the other API for the thing that others lie within. */
export type WithinOf = (id: RemoteId) => RemoteId | undefined;

/**
 * A pair for each thing of either side. Ids are believed in a space only as long as no id means two different things, for an API may
 * count anew; then names, types and times have to say it. What they say of several things they say of none.
 */
export function pairThings(from: readonly Thing[], to: readonly Thing[], withinOf: WithinOf = (id) => id): Pair[] {
  const spaces = new Set([...from, ...to].map((one) => one.space));
  return [...spaces].flatMap((space) => {
    const ours = from.filter((one) => one.space === space);
    const theirs = to.filter((one) => one.space === space);
    return pairSpace(ours, theirs, withinOf);
  });
}

/** Things of one space, and how they are found. */
interface Side {
  readonly things: readonly Thing[];
  /** Where a thing lies, in the words of the other side. */
  readonly scope: (one: Thing) => string;
}

function pairSpace(ours: readonly Thing[], theirs: readonly Thing[], withinOf: WithinOf): Pair[] {
  const left: Side = {
    things: ours,
    scope: ({ within }) => (within === undefined ? '' : (withinOf(within) ?? `?${within}`)),
  };
  const right: Side = { things: theirs, scope: ({ within }) => within ?? '' };
  const byId = new Map(theirs.map((one) => [idKey(right, one), one]));
  const twinOf = (one: Thing) => byId.get(idKey(left, one));
  const isBelieved = ours.every((one) => {
    const twin = twinOf(one);
    return twin === undefined || likeness(one, twin) !== 'other';
  });
  const groups = { left: idsByName(left), right: idsByName(right) };
  const found = new Map<Thing, { readonly other: Thing; readonly grade: Grade }>();
  if (isBelieved) {
    for (const one of ours) {
      const other = twinOf(one);
      if (other === undefined) continue;
      const isSure =
        likeness(one, other) === 'same' && (one.created !== undefined || isWhole(groupKey(left, one), groups));
      if (isSure) found.set(one, { other, grade: 'certain' });
    }
  }
  const taken = new Set([...found.values()].map((one) => one.other));
  for (const keyOf of [groupKey, birthKey]) {
    const rest = { ours: ours.filter((one) => !found.has(one)), theirs: theirs.filter((one) => !taken.has(one)) };
    for (const [one, other] of onlyMatches(rest, left, right, keyOf)) {
      found.set(one, { other, grade: 'by-name' });
      taken.add(other);
    }
  }
  return [...ours.map((one) => pairOf(one, found.get(one))), ...theirs.filter((one) => !taken.has(one)).map(unmatched)];
}

function idKey({ scope }: Side, one: Thing): string {
  return `${scope(one)}#${one.id}`;
}

/** `unsure`: one side says less of it than the other. */
function likeness(one: Thing, other: Thing): 'same' | 'unsure' | 'other' {
  const isTimed = one.created !== undefined && other.created !== undefined;
  if (one.name !== other.name && !(isTimed && (one.renamed ?? other.renamed) === true)) return 'other';
  if (one.type !== undefined && other.type !== undefined && one.type !== other.type) return 'other';
  if (one.created === undefined && other.created === undefined) return 'same';
  if (one.created === undefined || other.created === undefined) return 'unsure';
  return Date.parse(one.created) === Date.parse(other.created) ? 'same' : 'other';
}

/** The ids of what bears one name. */
type Groups = ReadonlyMap<string, ReadonlySet<RemoteId>>;

function idsByName(side: Side): Groups {
  const groups = grouped(side.things, (one) => groupKey(side, one));
  return new Map([...groups].map(([key, things]) => [key, new Set(things.map(({ id }) => id))]));
}

function groupKey(side: Side, one: Thing): string {
  return JSON.stringify([side.scope(one), one.name ?? null]);
}

/** What tells a thing apart that may be called otherwise at the other API; undefined where nobody says when it was made. */
function birthKey({ scope }: Side, one: Thing): string | undefined {
  return one.created === undefined
    ? undefined
    : JSON.stringify([scope(one), one.type ?? null, Date.parse(one.created)]);
}

/** Does the other side have each id of what bears this name? Where nothing tells when things were made, only that tells twins apart. */
function isWhole(key: string, groups: { readonly left: Groups; readonly right: Groups }): boolean {
  const ours = groups.left.get(key);
  const theirs = groups.right.get(key);
  if (ours === undefined || theirs === undefined) return false;
  return [...ours].every((id) => theirs.has(id));
}

/** What things have to share to be thought one; undefined where that says nothing. */
type KeyOf = (side: Side, one: Thing) => string | undefined;

/** Pairs of which neither half could be half of another pair. */
function onlyMatches(
  { ours, theirs }: { readonly ours: readonly Thing[]; readonly theirs: readonly Thing[] },
  left: Side,
  right: Side,
  keyOf: KeyOf,
): readonly (readonly [Thing, Thing])[] {
  const keyed = grouped(theirs, (one) => keyOf(right, one));
  const choices = new Map<Thing, readonly Thing[]>();
  const asked = new Map<Thing, number>();
  for (const one of ours) {
    const key = keyOf(left, one);
    const alike = key === undefined ? [] : (keyed.get(key) ?? []);
    const fit = alike.filter((other) => hasSomething(one) && likeness(one, other) !== 'other');
    choices.set(one, fit);
    for (const other of fit) asked.set(other, (asked.get(other) ?? 0) + 1);
  }
  return [...choices].flatMap(([one, [other, ...more]]) =>
    other !== undefined && more.length === 0 && asked.get(other) === 1 ? [[one, other] as const] : [],
  );
}

/** Is there anything but its type that tells the thing from others? */
function hasSomething({ name, created }: Thing): boolean {
  return name !== undefined || created !== undefined;
}

function pairOf(one: Thing, match: { readonly other: Thing; readonly grade: Grade } | undefined): Pair {
  const { space, id, name, within } = one;
  const base = { space, from: id, name, to: match?.other.id ?? null, grade: match?.grade ?? ('unpaired' as const) };
  const outer = match?.other.within;
  return within === undefined || outer === undefined ? base : { ...base, within: { from: within, to: outer } };
}

function unmatched({ space, id, name }: Thing): Pair {
  return { space, from: null, to: id, grade: 'unpaired', name };
}
