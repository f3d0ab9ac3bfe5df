import { kindOf } from '../../model/address.ts';
import { type Spec, valueAt, withValueAt } from '../../model/json.ts';
import type { Dead, Entry, Ledger, PendingCreate, Run, RunChange } from '../../model/ledger.ts';
import { type Key, keyOf, partsOf } from '../../model/live.ts';
import type { KindTraits } from '../../model/traits.ts';
import { placeholder } from '../references/fill.ts';

/** The kinds that an API has, in their order. */
type Kinds = ReadonlyMap<string, { readonly traits: KindTraits }>;

/**
 * A ledger of format 1 in the words of format 2: a tombstone that names no address is of the one kind that its service had then, and
 * what waits for an id is a placeholder and no text. A ledger of format 2 is returned as it is.
 */
export function upgraded(ledger: Ledger, kinds: Kinds): Ledger {
  if (ledger.meta.format !== 1) return ledger;
  const [only = ''] = kinds.keys();
  const dead: Record<Key, Dead> = {};
  for (const [key, one] of Object.entries(ledger.dead)) {
    const { kind, id } = partsOf(key as Key);
    dead[keyOf(kind === '' ? only : kind, id)] = one;
  }
  const syncs: Record<string, Entry> = {};
  for (const [address, entry] of Object.entries(ledger.syncs)) {
    const traits = kinds.get(kindOf(address))?.traits;
    syncs[address] = traits === undefined ? entry : entryIn(traits, entry);
  }
  const runs = ledger.runs.map((run) => upgradedRun(run, kinds));
  return { meta: { ...ledger.meta, format: 2 }, syncs, dead, runs };
}

function entryIn(traits: KindTraits, entry: Entry): Entry {
  const spec = entry.spec === null ? null : specIn(traits, entry.spec);
  if (entry.state === 'pending') return { ...entry, spec, pending: pendingIn(traits, entry.pending) };
  return { ...entry, spec, pending: entry.pending === null ? null : pendingIn(traits, entry.pending) };
}

function pendingIn(traits: KindTraits, { earlier, ...own }: PendingCreate): PendingCreate {
  const next = { ...own, spec: specIn(traits, own.spec) };
  return earlier === undefined ? next : { ...next, earlier: earlier.map((one) => pendingIn(traits, one)) };
}

/** A run of any format in the words of format 2. */
export function upgradedRun(run: Run, kinds: Kinds): Run {
  const changes = run.changes.map((change) => {
    const traits = kinds.get(kindOf(change.address))?.traits;
    return traits === undefined ? change : changeIn(traits, change);
  });
  return { ...run, changes };
}

function changeIn(traits: KindTraits, change: RunChange): RunChange {
  const within = (spec: Spec | null) => (spec === null ? null : specIn(traits, spec));
  if (change.action === 'forget') return change;
  if (change.action === 'create') return { ...change, after: within(change.after) };
  const before = within(change.before);
  if (change.action === 'delete' || !change.sends) return { ...change, before, after: within(change.after) };
  return { ...change, before, after: specIn(traits, change.after) };
}

/** The first format had the address itself in the place of an id that was not known yet. */
function specIn({ references }: KindTraits, spec: Spec): Spec {
  return references.reduce((rest, { manifest, into }) => {
    const value = manifest === undefined ? undefined : valueAt(rest, into);
    return typeof value === 'string' && value.startsWith(`${manifest}/`)
      ? withValueAt(rest, into, placeholder(value))
      : rest;
  }, spec);
}
