import { nameOf } from '../../model/address.ts';
import { pointer, type Spec } from '../../model/json.ts';
import type { RunCreate, RunDelete, RunReplace } from '../../model/ledger.ts';
import type { Live, RemoteId } from '../../model/live.ts';
import { defaultLifecycle, type Manifest } from '../../model/manifest.ts';
import type { Change, Note } from '../../model/plan.ts';
import { recordHash } from '../memory/record.ts';
import type { Decision } from '../plan/decision.ts';
import { identify } from '../plan/identify.ts';
import { protection, shieldHint } from '../plan/removal.ts';
import { equal } from '../spec/equal.ts';
import { labelOf } from '../spec/label.ts';
import { byCodePoint } from '../stable.ts';
import { bodyOf, wholeBefore } from './restore.ts';
import {
  alive,
  blockedCase,
  changedBy,
  changedSince,
  changing,
  difference,
  hidingOf,
  labelThen,
  lifecycleOf,
  nothing,
  shieldedLifecycle,
  type UndoContext,
  type UndoneChange,
  unrecorded,
} from './undone.ts';

/** The decision to delete what was made, if it still is what was made. */
export function undoCreate(one: UndoneChange<RunCreate>): Decision {
  const { change, entry } = one;
  const id = change.id ?? foundLater(one);
  if (id === undefined) {
    if (entry?.pending == null) return nothing();
    const hint = 'It is not known yet whether its create was carried out; run apply a little later.';
    return blockedCase(one, 'delete', 'pending-create', hint, undefined);
  }
  const live = alive(one, id);
  if (live === undefined) return nothing();
  const reason = changedSince(one, live, entry?.spec ?? null) ?? unknownBody(one);
  if (reason !== undefined) return blockedCase(one, 'delete', 'changed', reason, live);
  const shield = shieldOf(one);
  if (shield !== undefined) {
    return blockedCase(
      one,
      'delete',
      'protected',
      shieldHint({ action: 'delete', address: change.address }, shield),
      live,
    );
  }
  const parts = { fields: [], desired: null, lifecycle: null, release: false, depends_on: [] } as const;
  return { kind: 'change', change: { ...changing(one, live), ...parts, action: 'delete' }, notes: [] };
}

/** The sync of a create whose answer was lost, found and bound by a later run: its entry holds the body that was sent. */
function foundLater({ change, entry, later }: UndoneChange<RunCreate>): RemoteId | undefined {
  if (later !== undefined || change.after === null || entry?.spec == null) return undefined;
  return entry.label === change.label && equal(entry.spec, change.after) ? (entry.id ?? undefined) : undefined;
}

/** Bound anew without its body, it may be anything: nothing is deleted on suspicion. */
function unknownBody({ entry }: UndoneChange): string | undefined {
  return entry?.spec == null ? 'It was bound again since then, and its earlier state is not recorded.' : undefined;
}

function shieldOf({ input, change, manifest }: UndoneChange) {
  return protection(input, change.address, manifest?.lifecycle.protect ?? false);
}

/** The decision to make again what was deleted. It gets a new id, and forgets what it had synced. */
export function undoDelete(one: UndoneChange<RunDelete>, context: UndoContext): Decision {
  const { change, entry } = one;
  if (alive(one, change.id) !== undefined) return survivor(one, change.id);
  if (change.before === null) return unrecorded(one, 'create', undefined);
  const { traits } = one;
  const known = change.after === null ? change.before : wholeBefore(traits, change.before, change.after);
  const { spec: desired, dependsOn } = context.references(traits, known);
  const bound = alive(one, entry?.id ?? null);
  if (bound !== undefined) {
    if (difference(one, bound, desired).changes.length === 0) return nothing();
    const hint = `The address is now bound to the ${traits.noun} ${bound.id}.`;
    return blockedCase(one, 'create', 'changed', hint, undefined);
  }
  if (one.later !== undefined) return blockedCase(one, 'create', 'changed', changedBy(one.later), undefined);
  return create(one, context, bodyOf(traits, desired), dependsOn);
}

/** The delete was not carried out, as far as anybody can see. */
function survivor(one: UndoneChange, id: RemoteId): Decision {
  if (one.entry?.id !== id || one.entry.state !== 'deleting') return nothing();
  const hint = 'It is not known yet whether its delete was carried out; the next apply finds out.';
  return blockedCase(one, 'create', 'changed', hint, undefined);
}

function create(one: UndoneChange, context: UndoContext, desired: Spec, dependsOn: readonly string[]): Decision {
  const { input, traits, index, change, manifest } = one;
  const { keys, owners } = context.yielding(traits.kind, labelOf(traits, desired));
  const lifecycle = shieldedLifecycle(one);
  const binding = identify(input, index, wantedOf(one, desired), keys);
  if (binding.kind === 'blocked') return blockedCase(one, 'create', binding.reason, binding.hint, undefined);
  if (binding.kind === 'live') {
    const hint = `The address is now bound to the ${traits.noun} ${binding.live.id}.`;
    return blockedCase(one, 'create', 'changed', hint, undefined);
  }
  const made: Change = {
    action: 'create',
    address: change.address,
    id: null,
    label: binding.label,
    origin: manifest?.origin ?? null,
    fields: [],
    about: null,
    desired,
    lifecycle,
    release: false,
    depends_on: [...new Set([...dependsOn, ...owners])].sort(byCodePoint),
    fingerprint: null,
    validation: null,
    record: recordHash(index.ledger, change.address),
    ...hidingOf(one),
  };
  return { kind: 'change', change: made, notes: missingNotes(one, desired) };
}

/** What no read has shown, nobody has recorded, and nothing can add to the sync later. */
function missingNotes({ traits, change }: UndoneChange, desired: Spec): Note[] {
  const fields = Object.entries(traits.spec.fields ?? {});
  const hidden = fields.filter(
    ([key, one]) =>
      ((one.unreadable && one.immutable === true) || one.unproven !== undefined) && desired[key] === undefined,
  );
  return hidden.map(([key]) => ({
    address: change.address,
    code: 'unreadable-field',
    message: `${pointer([key])} cannot be read and was not recorded: if it was set, the new one is made without it.`,
  }));
}

/** What looks for its sync as a manifest would. What came into being since is not taken over in the place of what was deleted. */
function wantedOf({ traits, change, manifest }: UndoneChange, spec: Spec): Manifest {
  return {
    address: change.address,
    kind: traits.kind,
    name: nameOf(change.address),
    spec,
    lifecycle: { ...defaultLifecycle, adopt: false },
    origin: manifest?.origin ?? { file: '', line: 0, column: 0 },
    document: 0,
  };
}

/** The decision to replace back: the thing as it was is made anew, and the one that the run has made goes. */
export function undoReplace(one: UndoneChange<RunReplace>, context: UndoContext): Decision {
  const { change, entry } = one;
  const live = alive(one, change.id);
  const old = alive(one, change.retires);
  // The old one is still what the address is bound to: nothing came of the replace.
  if (live === undefined && old !== undefined && entry?.id === old.id && entry.state === 'bound') return nothing();
  if (live === undefined) {
    return blockedCase(
      one,
      'replace',
      'changed',
      `The ${one.traits.noun} ${change.id ?? change.retires} no longer exists.`,
      undefined,
    );
  }
  if (change.before === null) return unrecorded(one, 'replace', live);
  const { spec: desired, dependsOn } = context.references(
    one.traits,
    wholeBefore(one.traits, change.before, change.after),
  );
  const { changes } = difference(one, live, desired);
  if (changes.length === 0) return nothing();
  const reason = changedSince(one, live, change.after);
  if (reason !== undefined) return blockedCase(one, 'replace', 'changed', reason, live, changes);
  const refusal = refuseReplace(one, live);
  if (refusal !== undefined) return refusal;
  const fields = changes.map((field) => ({ ...field, impact: 'loses_memory' as const }));
  const lifecycle = lifecycleOf(one);
  const body = bodyOf(one.traits, desired);
  const label = labelThen(one, live, body);
  if (label === null) {
    const hint = `Without a label, Syncline could not find a new ${one.traits.noun} again.`;
    return blockedCase(one, 'replace', 'needs-label', hint, live, changes);
  }
  const parts = { label, fields, desired: body, lifecycle, release: false, depends_on: dependsOn } as const;
  return { kind: 'change', change: { ...changing(one, live), ...parts, action: 'replace' }, notes: [] };
}

function refuseReplace(one: UndoneChange, live: Live): Decision | undefined {
  const shield = shieldOf(one);
  if (shield !== undefined) {
    const hint = shieldHint({ action: 'replace', address: one.change.address }, shield);
    return blockedCase(one, 'replace', 'protected', hint, live);
  }
  if (one.manifest === undefined || one.manifest.lifecycle.replace === 'allow') return undefined;
  const hint = 'Only a replace puts it back, and its manifest no longer sets lifecycle.replace: allow.';
  return blockedCase(one, 'replace', 'immutable', hint, live);
}
