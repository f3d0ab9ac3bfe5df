import { boundTo } from '../core/live-index.ts';
import { staleChanges } from '../core/memory/stale.ts';
import type { MoveKind } from '../core/moves/moves.ts';
import { movesOf, stuckMoves } from '../core/moves/stuck.ts';
import { closingChanges } from '../core/plan/circle-words.ts';
import type { Web } from '../core/plan/circles.ts';
import { refusedGone } from '../core/plan/mass-gone.ts';
import { refusedRemovals } from '../core/plan/removal.ts';
import type { Address } from '../model/address.ts';
import type { Age } from '../model/checkout.ts';
import type { Blocked, Change, Plan } from '../model/plan.ts';
import { traitsIn, verbsIn } from '../model/provider.ts';
import { movedSnapshot } from './moves.ts';
import type { Snapshot } from './read.ts';
import type { TargetRequest } from './request.ts';

/** What is carried out of a plan as things stand. */
export interface Fitting {
  /** Changes that are not, by address, and why. */
  readonly stale: ReadonlyMap<Address, string>;
  /** What was read, with all that the others move under its new address. */
  readonly snapshot: Snapshot;
}

/** What a plan is held against. */
interface Standing {
  readonly snapshot: Snapshot;
  readonly age: Age;
  readonly kind: MoveKind;
  /** Changes that somebody else refuses, and why. */
  readonly refused: ReadonlyMap<Address, string> | undefined;
}

/** What still fits: a change that does not takes those along that wait for its move. */
export function fitting(request: TargetRequest, plan: Plan, { snapshot, age, kind, refused }: Standing): Fitting {
  const stale = new Map(refused ?? []);
  for (;;) {
    const left = plan.changes.filter(({ address }) => !stale.has(address));
    const moves = movesOf(left);
    const stuck = stuckMoves(snapshot.ledger, plan.changes, left);
    const seen = stuck.size > 0 ? snapshot : movedSnapshot(request.provider, snapshot, moves, kind);
    const found = stuck.size > 0 ? stuck : refusedChanges(request, plan, seen, age);
    const before = stale.size;
    for (const [address, reason] of found) if (!stale.has(address)) stale.set(address, reason);
    if (stale.size === before || (stuck.size === 0 && moves.size === 0)) return { stale, snapshot: seen };
  }
}

/** What no longer fits, and what today's guards forbid, whatever they allowed when the plan was made: by address, why. */
function refusedChanges(
  { target, provider }: TargetRequest,
  plan: Plan,
  snapshot: Snapshot,
  age: Age,
): Map<Address, string> {
  const refused = staleChanges(plan.changes, { ...snapshot, traitsOf: traitsIn(provider) });
  const left = plan.changes.filter((change) => !refused.has(change.address));
  const guards = {
    ledger: snapshot.ledger,
    live: snapshot.live,
    protect: target.protect,
    traitsOf: traitsIn(provider),
    verbsOf: verbsIn(provider),
    maxDeletes: target.limits.max_deletes,
    forceDeletes: plan.forced.deletes ?? undefined,
    age,
  };
  for (const [address, { hint }] of refusedRemovals(left, guards)) refused.set(address, hint);
  const { ledger, gone } = snapshot;
  const again = { ledger, gone, maxDeletes: target.limits.max_deletes, forceCreates: plan.forced.creates ?? undefined };
  for (const [address, hint] of refusedGone(plan, again)) refused.set(address, hint);
  return withClosing(refused, plan.changes, {
    traitsOf: traitsIn(provider),
    live: snapshot.live,
    boundTo: boundTo(ledger),
  });
}

/** With the changes that would close a circle of triggers, whoever has closed its other half since the plan was made. */
function withClosing(
  refused: ReadonlyMap<Address, string>,
  all: readonly Change[],
  web: Omit<Web, 'changes'>,
): Map<Address, string> {
  const closing = closingChanges({ ...web, changes: carriedOut(all, refused) });
  const both = new Map([...refused, ...closing]);
  return closing.size === 0 ? both : withClosing(both, all, web);
}

/** What the plan would have forgotten and must not, as it is no change that could be stale. */
export function notForgotten({ notes }: Plan, { ledger }: Snapshot, refused: ReadonlyMap<Address, string>): Blocked[] {
  return notes.flatMap(({ address, code }) => {
    const hint = refused.get(address);
    if (code !== 'released' || hint === undefined) return [];
    const { id = null, label = null } = ledger?.syncs[address] ?? {};
    return [{ address, wanted: 'delete', reason: 'mass-gone', hint, id, label, origin: null, fields: [], about: null }];
  });
}

/** What is neither refused nor depends on something that is. */
function carriedOut(changes: readonly Change[], refused: ReadonlyMap<Address, string>): readonly Change[] {
  const left = changes.filter(({ address }) => !refused.has(address));
  if (left.length === changes.length) return changes;
  const lost = new Set(changes.flatMap(({ address }) => (refused.has(address) ? [address] : [])));
  const blocked = left.filter((change) => change.depends_on.some((address) => lost.has(address)));
  const rest = new Map([...lost, ...blocked.map(({ address }) => address)].map((address) => [address, '']));
  return blocked.length === 0 ? left : carriedOut(changes, rest);
}
