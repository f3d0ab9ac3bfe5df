import { type Address, kindOf } from '../../model/address.ts';
import { hiding } from '../../model/hidden.ts';
import type { Spec } from '../../model/json.ts';
import type { Entry, Ledger, LedgerMeta, PendingCreate, Run, RunChange } from '../../model/ledger.ts';
import { type Key, keyAt, type Live, type RemoteId } from '../../model/live.ts';
import type { Change, Plan } from '../../model/plan.ts';
import type { TraitsOf } from '../../model/traits.ts';
import { knownLive } from '../spec/known.ts';
import { pendingBy } from './entry.ts';
import { intended } from './pending.ts';

/** Who runs, when and on which commit. */
export type RunHeader = Pick<Run, 'run' | 'at' | 'actor' | 'commit'> & {
  /** Does it apply all that the checkout says? Then later checkouts are held against its commit. */
  readonly whole?: boolean;
};

/**
 * The ledger with the intent of a run: what each change would send, and for every create a pending entry, so that whoever
 * comes after a crash knows what to look for. `bearers` are the ids that bear a label before the run, `forgotten` the creates of
 * earlier runs that recovery has given up.
 */
export function begin(
  traitsOf: TraitsOf,
  ledger: Ledger,
  plan: Plan,
  header: RunHeader,
  live: ReadonlyMap<Key, Live>,
  bearers: (kind: string, label: string) => readonly RemoteId[],
  forgotten: ReadonlyMap<Address, PendingCreate> = new Map(),
): Ledger {
  const changes = plan.changes.map((change) => intent(traitsOf, change, ledger.syncs[change.address], live));
  const { whole = false, ...who } = header;
  const run: Run = { ...who, digest: plan.digest, status: 'running', ...apiOf(ledger), changes };
  const syncs: Record<Address, Entry> = { ...ledger.syncs };
  for (const change of plan.changes) {
    const { address } = change;
    const old = syncs[address];
    if (change.action !== 'create' && (change.action !== 'replace' || old?.state === 'retiring')) continue;
    const { label, desired } = change;
    const create = { label, spec: desired, before: bearers(kindOf(address), label) };
    const pending = intended(create, old?.pending ?? null, forgotten.get(address));
    // A change that ends before its request has left must leave the record as it was.
    syncs[address] = old === undefined ? pendingBy({ label, ...shieldOf(change) }, pending) : { ...old, pending };
  }
  return { ...ledger, meta: whole ? applied(ledger.meta, who) : ledger.meta, syncs, runs: [...ledger.runs, run] };
}

/** At which API a run is recorded, where that could be another. */
export function apiOf({ meta: { api } }: Ledger): Pick<Run, 'api'> {
  return api === undefined ? {} : { api };
}

function applied(meta: LedgerMeta, { run, at, actor, commit }: Omit<RunHeader, 'whole'>): LedgerMeta {
  return commit === null ? meta : { ...meta, last_apply: { run, at, actor, commit } };
}

/** The ledger without the addresses that the plan forgets, because their syncs are gone and no manifest declares them. */
export function withoutGone(ledger: Ledger, plan: Plan, gone: ReadonlySet<Key>, at: string): Ledger {
  const changed = new Set(plan.changes.map((change) => change.address));
  const syncs = { ...ledger.syncs };
  const dead = { ...ledger.dead };
  let found = false;
  for (const { address, code } of plan.notes) {
    const id = syncs[address]?.id ?? null;
    if (code !== 'released' || changed.has(address) || id === null || !gone.has(keyAt(address, id))) continue;
    delete syncs[address];
    dead[keyAt(address, id)] = { address, reason: 'gone', at };
    found = true;
  }
  return found ? { ...ledger, syncs, dead } : ledger;
}

/** What the change means to do. Its keys keep their order: it is the one that they have in every ledger. */
function intent(traitsOf: TraitsOf, change: Change, entry: Entry | undefined, live: ReadonlyMap<Key, Live>): RunChange {
  const { address, label } = change;
  const before = beforeImage(traitsOf, change, entry, live);
  const open = { status: 'intended', label } as const;
  const shield = { ...shieldOf(change), ...movedFrom(change) };
  switch (change.action) {
    case 'create': {
      const { action, id, desired: after, release } = change;
      const retires = entry?.id ?? null;
      return { action, address, id, ...open, before: null, after, ...shield, release, sends: true, retires };
    }
    case 'update': {
      const { action, id, desired: after, release, fields } = change;
      const sends = fields.length > 0;
      return { action, address, id, ...open, before, after, ...shield, release, sends, retires: null };
    }
    case 'adopt': {
      const { action, id, desired: after, release, fields } = change;
      if (after === null)
        return { action, address, id, ...open, before, after, ...shield, release, sends: false, retires: null };
      const sends = fields.length > 0;
      return { action, address, id, ...open, before, after, ...shield, release, sends, retires: null };
    }
    case 'replace': {
      const { action, id: retires, desired: after, release } = change;
      const id = entry?.state === 'retiring' ? entry.id : null;
      return { action, address, id, ...open, before, after, ...shield, release, sends: true, retires };
    }
    case 'delete': {
      const { action, id, release } = change;
      // What answers do not show is known from here alone, should the sync ever be made again.
      const after = entry?.spec ?? null;
      return { action, address, id, ...open, before, after, ...shield, release, sends: true, retires: null };
    }
    default:
      return change satisfies never;
  }
}

/** What keeps the thing, and is kept of it, once the change is done. */
function shieldOf(change: Change): Pick<Entry, 'protect' | 'on_delete' | 'hide'> {
  const { protect = false, on_delete = 'delete' } = change.lifecycle ?? {};
  // What no manifest declares goes, and an undo may bring it back: then it is hidden as it was.
  return { protect, on_delete, ...hiding(change.lifecycle ?? change) };
}

function movedFrom({ moved_from: name }: Change): Pick<RunChange, 'moved_from'> {
  return name === undefined ? {} : { moved_from: name };
}

/** What the change finds: as answered, and where no answer tells, as applied last to this very sync; nothing where nobody knows. */
function beforeImage(
  traitsOf: TraitsOf,
  { id, address }: Change,
  entry: Entry | undefined,
  live: ReadonlyMap<Key, Live>,
): Spec | null {
  const found = id === null ? undefined : live.get(keyAt(address, id));
  if (found === undefined) return null;
  return knownLive(traitsOf(found.kind), found.spec, entry?.id === id ? entry.spec : null);
}
