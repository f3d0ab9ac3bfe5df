import type { RemoteId } from '../../model/live.ts';
import type { Grade, Pair, Thing } from '../../model/migration.ts';

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
  const groups = { left: grouped(left), right: grouped(right) };
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
  const [restOurs, restTheirs] = [ours.filter((one) => !found.has(one)), theirs.filter((one) => !taken.has(one))];
  for (const [one, other] of onlyMatches(restOurs, restTheirs, left, right))
    found.set(one, { other, grade: 'by-name' });
  const used = new Set([...found.values()].map((one) => one.other));
  return [...ours.map((one) => pairOf(one, found.get(one))), ...theirs.filter((one) => !used.has(one)).map(unmatched)];
}

function idKey({ scope }: Side, one: Thing): string {
  return `${scope(one)}#${one.id}`;
}

/** `unsure`: one side says less of it than the other. */
function likeness(one: Thing, other: Thing): 'same' | 'unsure' | 'other' {
  const isTimed = one.created !== undefined && other.created !== undefined;
  if (one.name !== other.name && !(isTimed && other.id === one.id && (one.renamed ?? other.renamed) === true))
    return 'other';
  if (one.type !== undefined && other.type !== undefined && one.type !== other.type) return 'other';
  if (one.created === undefined && other.created === undefined) return 'same';
  if (one.created === undefined || other.created === undefined) return 'unsure';
  return Date.parse(one.created) === Date.parse(other.created) ? 'same' : 'other';
}

/** The ids of what bears one name. */
type Groups = ReadonlyMap<string, ReadonlySet<RemoteId>>;

function grouped(side: Side): Groups {
  const groups = new Map<string, Set<RemoteId>>();
  for (const one of side.things) {
    const key = groupKey(side, one);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, new Set([one.id]));
    else group.add(one.id);
  }
  return groups;
}

function groupKey(side: Side, one: Thing): string {
  return JSON.stringify([side.scope(one), one.name ?? null]);
}

/** Does the other side have each id of what bears this name? Where nothing tells when things were made, only that tells twins apart. */
function isWhole(key: string, groups: { readonly left: Groups; readonly right: Groups }): boolean {
  const ours = groups.left.get(key);
  const theirs = groups.right.get(key);
  if (ours === undefined || theirs === undefined) return false;
  return [...ours].every((id) => theirs.has(id));
}

/** Pairs of which neither half could be half of another pair. */
function onlyMatches(
  ours: readonly Thing[],
  theirs: readonly Thing[],
  left: Side,
  right: Side,
): readonly (readonly [Thing, Thing])[] {
  const named = groupsOf(theirs, right);
  const choices = new Map<Thing, readonly Thing[]>();
  const asked = new Map<Thing, number>();
  for (const one of ours) {
    const alike = named.get(groupKey(left, one)) ?? [];
    const fit = alike.filter((other) => hasSomething(one) && likeness(one, other) !== 'other');
    choices.set(one, fit);
    for (const other of fit) asked.set(other, (asked.get(other) ?? 0) + 1);
  }
  return [...choices].flatMap(([one, [other, ...more]]) =>
    other !== undefined && more.length === 0 && asked.get(other) === 1 ? [[one, other] as const] : [],
  );
}

function groupsOf(things: readonly Thing[], side: Side): ReadonlyMap<string, readonly Thing[]> {
  const groups = new Map<string, Thing[]>();
  for (const one of things) {
    const key = groupKey(side, one);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  return groups;
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
