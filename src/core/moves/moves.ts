import { type Address, kindOf, nameOf } from '../../model/address.ts';
import { type Spec, withValueAt } from '../../model/json.ts';
import type { Entry, Ledger, PendingCreate } from '../../model/ledger.ts';
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
  return ledger?.meta.moved?.[address] ?? [];
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

function memoryOf(ledger: Ledger, moves: Moves, kind: MoveKind): Readonly<Record<Address, readonly string[]>> {
  const moved = new Map(Object.entries(ledger.meta.moved ?? {}));
  for (const [to, from] of moves) {
    const known = [...earlierNames(ledger, to), ...earlierNames(ledger, from)];
    const names = new Set(kind === 'by-line' ? [...known, nameOf(from)] : earlierNames(ledger, to));
    names.delete(nameOf(to));
    moved.set(to, [...names].sort(byCodePoint));
  }
  for (const [to, from] of moves) {
    // Of an exchange by lines both stay: each has taken what the other had.
    if (kind === 'by-line' && moves.has(from)) continue;
    moved.set(
      from,
      (moved.get(from) ?? []).filter((name) => name !== nameOf(to)),
    );
  }
  return Object.fromEntries([...moved].filter(([, names]) => names.length > 0));
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
