import { type Address, kindOf } from '../../model/address.ts';
import type { KeptPair, Ledger, Run } from '../../model/ledger.ts';
import { type Key, partsOf } from '../../model/live.ts';
import type { Pair } from '../../model/migration.ts';
import { keptId, runIn, type Words } from './ledger.ts';
import { dictionaryOf, type Grammar } from './translate.ts';

/** The pairs that a memory has to keep of a move, beside those of what it binds: those whose halves are not the same. */
export function pairsToKeep(pairs: readonly Pair[], kinds: ReadonlySet<string>): readonly KeptPair[] {
  const isOne = (pair: Pair) =>
    pairs.every(({ space, from, to }) => space !== pair.space || (from === pair.from) === (to === pair.to));
  return pairs.flatMap((pair) => {
    const { space, from, to, within } = pair;
    if (from === null || to === null || from === to || kinds.has(space)) return [];
    return [{ space, from, to, ...(within !== undefined && !isOne(pair) && { within }) }];
  });
}

/** Pairs that an earlier move has recorded, so that nobody has to vouch for them again: by space and both ids, in either order. */
export function recordedPairs({ syncs, meta }: Ledger): ReadonlySet<string> {
  const known = new Set<string>();
  const add = (space: string, one: string, other: string) =>
    known.add(recordedKey(space, one, other)).add(recordedKey(space, other, one));
  for (const [address, entry] of Object.entries(syncs)) {
    const kept = entry.v1 ?? entry.v2;
    if (kept !== undefined && entry.id !== null) add(kindOf(address), entry.id, kept.id);
  }
  for (const { space, from, to } of meta.migration?.pairs ?? []) add(space, from, to);
  return known;
}

export function recordedKey(space: string, one: string, other: string): string {
  return `${space} ${one} ${other}`;
}

/**
 * A run that was made at another API, in the words of the one that the memory speaks now, and the addresses of which it says what
 * nobody can put into these words.
 */
export function runHere(
  run: Run,
  ledger: Ledger,
  here: string,
  grammarOf: (kind: string) => Grammar,
): { readonly run: Run; readonly unknown: ReadonlySet<Address> } {
  // Only a memory that names its API names that of its runs, too: one without was made before it did.
  const before = ledger.meta.api === undefined ? here : ledger.meta.migration?.from;
  const there = run.api ?? before ?? here;
  if (there === here) return { run, unknown: new Set() };
  const words = wordsOf(ledger, there, here, grammarOf);
  const said = runIn(run, words);
  const lost = said.run.changes.flatMap(({ address, id }) => (id?.startsWith(`${there}:`) === true ? [address] : []));
  return { run: said.run, unknown: new Set([...said.unknown, ...lost]) };
}

/** What a memory has kept of another API's words. */
function wordsOf(ledger: Ledger, there: string, here: string, grammarOf: (kind: string) => Grammar): Words {
  const bound = Object.entries(ledger.syncs).flatMap(([address, entry]) =>
    pairOf(kindOf(address), keptId(entry, there), entry.id),
  );
  const dead = Object.entries(ledger.dead).flatMap(([key, one]) => {
    const { kind, id } = partsOf(key as Key);
    return pairOf(kind, keptId(one, there), id);
  });
  const move = ledger.meta.migration;
  const isBack = move?.from !== there;
  const others = (move?.pairs ?? []).map(
    (one): Pair => ({ ...one, ...(isBack && turned(one)), grade: 'certain', name: undefined }),
  );
  return { from: there, to: here, dictionary: dictionaryOf([...bound, ...dead, ...others], []), grammarOf };
}

function turned({ from, to, within }: KeptPair): Partial<KeptPair> {
  return { from: to, to: from, ...(within !== undefined && { within: { from: within.to, to: within.from } }) };
}

function pairOf(space: string, from: string | undefined, to: string | null): Pair[] {
  return from === undefined || to === null ? [] : [{ space, from, to, grade: 'certain', name: undefined }];
}
