import { type Address, address as addressOf, kindOf, nameOf } from '../../model/address.ts';
import { type Spec, withValueAt } from '../../model/json.ts';
import type { Entry, Ledger, LedgerMeta, Moved, PendingCreate } from '../../model/ledger.ts';
import type { Manifest } from '../../model/manifest.ts';
import type { TraitsOf } from '../../model/traits.ts';
import { openPlaces, placeholder } from '../references/fill.ts';
import { byCodePoint } from '../stable.ts';

/** Bindings that move, all at once: by the address that takes one, the address that gives it. */
export type Moves = ReadonlyMap<Address, Address>;

/** Nothing moves. */
export const noMoves: Moves = new Map();

/** The address that takes each binding, by the one that gives it. */
export function takers(moves: Moves): ReadonlyMap<Address, Address> {
  return new Map([...moves].map(([to, from]) => [from, to]));
}

/** Earlier names of an address whose bindings it has taken over, as far as the ledger remembers. */
export function earlierNames(ledger: Ledger | null, address: Address): readonly string[] {
  return ledger?.meta.moved?.[address]?.names ?? [];
}

/** The same as addresses. */
export function earlierAddresses(ledger: Ledger | null, address: Address): readonly Address[] {
  return earlierNames(ledger, address).map((name) => addressOf(kindOf(address), name));
}

/** Does a move follow a line of a manifest, and is remembered, or is it an earlier one taken back, and forgotten? */
export type MoveKind = 'by-line' | 'taken-back';

/**
 * The ledger with these bindings moved, each whole. Creates that wait for the id of something that moves wait for it under its new
 * address. An address must be unbound to take one, or give its own.
 */
export function withMoves(traitsOf: TraitsOf, ledger: Ledger, moves: Moves, kind: MoveKind = 'by-line'): Ledger {
  if (moves.size === 0) return ledger;
  const syncs: Record<Address, Entry> = { ...ledger.syncs };
  for (const from of moves.values()) delete syncs[from];
  for (const [to, from] of moves) {
    const entry = ledger.syncs[from];
    if (entry !== undefined) syncs[to] = entry;
  }
  const renamed = takers(moves);
  for (const [address, entry] of Object.entries(syncs)) {
    if (entry.pending !== null) syncs[address] = waitingUnder(traitsOf, renamed, address, entry);
  }
  return { ...ledger, meta: { ...ledger.meta, moved: memoryOf(ledger, moves, kind) }, syncs };
}

function memoryOf(ledger: Ledger, moves: Moves, kind: MoveKind): Readonly<Record<Address, Moved>> {
  const moved = new Map(Object.entries(ledger.meta.moved ?? {}));
  const known = (at: Address) => ledger.meta.moved?.[at] ?? nothingMoved;
  for (const [to, from] of moves) {
    const own = known(to);
    const news = kind === 'by-line' ? [...known(from).names, nameOf(from)] : [];
    moved.set(to, {
      names: namesIn([...own.names, ...news], nameOf(to)),
      followed: namesIn([...own.followed, ...news], nameOf(to)),
    });
  }
  for (const [to, from] of moves) {
    // Of an exchange by lines both stay: each has taken what the other had.
    if (kind === 'by-line' && moves.has(from)) continue;
    const { names, followed } = moved.get(from) ?? nothingMoved;
    moved.set(from, { names: namesIn(names, nameOf(to)), followed: namesIn(followed, nameOf(to)) });
  }
  return Object.fromEntries([...moved].filter(([, { names }]) => names.length > 0));
}

const nothingMoved: Moved = { names: [], followed: [] };

/** The names in one order, each once, without this one. */
function namesIn(names: readonly string[], without: string): readonly string[] {
  return [...new Set(names)].filter((name) => name !== without).sort(byCodePoint);
}

/** The memory without the lines that manifests have no more: a line that comes back later is a new one. Itself where all stand. */
export function withoutOldLines(
  moved: LedgerMeta['moved'],
  manifests: readonly Pick<Manifest, 'address' | 'moved_from'>[],
): LedgerMeta['moved'] {
  if (moved === undefined) return moved;
  let next = moved;
  for (const { address: at, moved_from: lines = [] } of manifests) {
    const known = moved[at];
    if (known === undefined || known.followed.every((name) => lines.includes(name))) continue;
    next = { ...next, [at]: { ...known, followed: known.followed.filter((name) => lines.includes(name)) } };
  }
  return next;
}

function waitingUnder(
  traitsOf: TraitsOf,
  renamed: ReadonlyMap<Address, Address>,
  address: Address,
  entry: Entry,
): Entry {
  const traits = traitsOf(kindOf(address));
  const specOf = (spec: Spec) =>
    openPlaces(traits, spec).reduce((rest, { reference, address: awaited }) => {
      const to = renamed.get(awaited);
      return to === undefined ? rest : withValueAt(rest, reference.into, placeholder(to));
    }, spec);
  const under = ({ earlier, ...one }: PendingCreate): PendingCreate => {
    const next = { ...one, spec: specOf(one.spec) };
    return earlier === undefined ? next : { ...next, earlier: earlier.map(under) };
  };
  if (entry.state === 'pending') return { ...entry, pending: under(entry.pending) };
  return { ...entry, pending: entry.pending === null ? null : under(entry.pending) };
}
