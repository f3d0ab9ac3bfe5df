import { type Address, address, kindOf, nameOf } from '../../model/address.ts';
import { hiding } from '../../model/hidden.ts';
import type { Ledger, Run, RunChange } from '../../model/ledger.ts';
import { defaultLifecycle } from '../../model/manifest.ts';
import type { Change } from '../../model/plan.ts';
import type { Moves } from '../moves/moves.ts';
import type { Decision } from '../plan/decision.ts';
import { alive, changing, type UndoneChange } from './undone.ts';

/** A run with the moves that take its own back. */
export interface MovedBack {
  readonly moves: Moves;
  /** The run, with each change under the address that its thing has once these moves are made. */
  readonly run: Run;
}

/**
 * How the bindings that a run has moved go back to where they were, as far as that place is free or becomes free. What the run has
 * made under a name that goes back gives way to it, to the name that becomes free.
 */
export function movesBack(ledger: Ledger | null, run: Run): MovedBack {
  const back = new Map<Address, Address>();
  for (const change of run.changes) {
    const { address: from, moved_from: name } = change;
    const entry = ledger?.syncs[from];
    if (name !== undefined && entry !== undefined && entry.id === change.id)
      back.set(address(kindOf(from), name), from);
  }
  for (const { address: at, action, id } of run.changes) {
    if (action !== 'create' || !back.has(at) || ledger?.syncs[at]?.id !== id) continue;
    const free = endOf(back, at);
    if (free !== at) back.set(free, at);
  }
  while (dropOccupied(ledger, back));
  if (back.size === 0) return { moves: back, run };
  const renamed = new Map([...back].map(([to, from]) => [from, to]));
  const changes = run.changes.map((one): RunChange => ({ ...one, address: renamed.get(one.address) ?? one.address }));
  return { moves: back, run: { ...run, changes } };
}

/** The last of those that give way to each other from this one on. */
function endOf(back: Moves, at: Address): Address {
  const seen = new Set<Address>();
  let last = at;
  for (let next = back.get(at); next !== undefined && !seen.has(next); next = back.get(next)) {
    seen.add(next);
    last = next;
  }
  return last;
}

/** Drops a move to an address that goes on holding something else; says whether there was one. */
function dropOccupied(ledger: Ledger | null, back: Map<Address, Address>): boolean {
  const given = new Set(back.values());
  for (const to of back.keys()) {
    if (ledger?.syncs[to] === undefined || given.has(to)) continue;
    back.delete(to);
    return true;
  }
  return false;
}

/** The decision, which moves the binding back too: it does so where there is nothing else to undo. */
export function movedBack(one: UndoneChange, moves: Moves | undefined, decision: Decision): Decision {
  const from = moves?.get(one.change.address);
  if (from === undefined || decision.kind === 'blocked') return decision;
  const moved_from = nameOf(from);
  if (decision.kind === 'change') return { ...decision, change: { ...decision.change, moved_from } };
  const { entry } = one;
  const live = alive(one, entry?.id ?? null);
  if (entry === undefined || live === undefined) return decision;
  const { protect, on_delete } = entry;
  const change: Change = {
    ...changing(one, live),
    action: 'update',
    fields: [],
    desired: entry.spec ?? {},
    lifecycle: { ...defaultLifecycle, protect, on_delete, ...hiding(entry) },
    release: false,
    depends_on: [],
    moved_from,
  };
  return { kind: 'change', change, notes: decision.notes.filter(({ code }) => code !== 'kept') };
}
