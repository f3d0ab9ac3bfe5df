import type { Address } from '../../model/address.ts';
import { type Hiding, hiding } from '../../model/hidden.ts';
import type { Spec } from '../../model/json.ts';
import type { Entry, Run, RunChange } from '../../model/ledger.ts';
import { type Key, keyAt, type Live, type RemoteId } from '../../model/live.ts';
import { defaultLifecycle, type Lifecycle, type Manifest } from '../../model/manifest.ts';
import type { Action, BlockReason, FieldChange, Note } from '../../model/plan.ts';
import type { KindTraits } from '../../model/traits.ts';
import { recordHash } from '../memory/record.ts';
import type { Decision, PlanInput } from '../plan/decision.ts';
import type { PlanIndex } from '../plan/identify.ts';
import { withoutIgnored } from '../plan/released.ts';
import { type Diff, diff } from '../spec/diff.ts';
import { fingerprint } from '../spec/fingerprint.ts';
import { completedLive } from '../spec/known.ts';
import { labelOf } from '../spec/label.ts';

/** One change of a run, and how things stand with its address now. */
export interface UndoneChange<Recorded extends RunChange = RunChange> {
  readonly input: PlanInput;
  /** Of the kind of the address. */
  readonly traits: KindTraits;
  readonly index: PlanIndex;
  readonly change: Recorded;
  readonly entry: Entry | undefined;
  readonly manifest: Manifest | undefined;
  /** The latest run after this one that has changed the sync of this address. */
  readonly later: Run | undefined;
}

/** What the other changes of the run mean for one of them. */
export interface UndoContext {
  /** The spec with what stands for things that come back under new ids in the place of their old ones, and their addresses. */
  references(traits: KindTraits, spec: Spec): { readonly spec: Spec; readonly dependsOn: readonly Address[] };
  /** Syncs that give up this label in the undo, and their addresses. */
  yielding(
    kind: string,
    label: string | undefined,
  ): { readonly keys: ReadonlySet<Key>; readonly owners: readonly Address[] };
}

/** The sync as it is, unless it is gone or only looks alive. */
export function alive(
  { index, change }: Pick<UndoneChange, 'index' | 'change'>,
  id: RemoteId | null,
): Live | undefined {
  const key = id === null ? null : keyAt(change.address, id);
  return key === null || index.ledger?.dead[key] !== undefined ? undefined : index.byKey.get(key);
}

/** What must change so that `live` says what `desired` says, by what is held and not by answers that prove nothing. */
export function difference({ input, traits, entry }: UndoneChange, live: Live, desired: Spec): Diff {
  const applied = entry?.spec == null ? null : completedLive(traits, live.spec, entry.spec);
  const { changes, unreadable } = diff(traits, live.spec, desired, { applied, memory: input.ledger !== null });
  return { changes: changes.map((field) => ({ ...field, cause: 'git' })), unreadable };
}

/** Why a sync must be left as it is, although the run has changed it; undefined where it is as the run has left it. */
export function changedSince(one: UndoneChange, live: Live, after: Spec | null): string | undefined {
  const { entry, later } = one;
  if (later !== undefined) return changedBy(later);
  if (entry === undefined || entry.id !== live.id) return unboundHint(one, live);
  if (entry.state !== 'bound' || entry.pending !== null) {
    return 'An earlier run did not finish here; run apply to finish it first.';
  }
  return after === null ? undefined : changedOutside(one, live, after);
}

/** Why a thing must be left as it is that a later run has changed too. */
export function changedBy({ run, actor, at }: Run): string {
  return `Run ${run} (${actor}, ${at}) has changed it since; undo that run first.`;
}

function unboundHint({ entry, traits: { noun } }: Pick<UndoneChange, 'entry' | 'traits'>, live: Live): string {
  if (entry === undefined) return `The address is no longer bound to the ${noun} ${live.id}, so that is left alone.`;
  return `The address is now bound to ${entry.id ?? 'a pending create'}, and no longer to the ${noun} ${live.id}.`;
}

/** Why a thing must be left as it is that is not as the run has declared it; undefined where it is. */
export function changedOutside({ traits, manifest }: UndoneChange, live: Live, after: Spec): string | undefined {
  const ours = withoutIgnored(after, manifest?.lifecycle.ignore ?? []);
  const { changes } = diff(traits, live.spec, ours, { applied: ours, memory: true });
  if (changes.length === 0) return undefined;
  const paths = changes.map((field) => field.path).join(', ');
  return `It was changed outside since that run: ${paths}. Put that back first, or keep it as it is.`;
}

/** The lifecycle that the manifest decides today; without one, what the ledger remembers. */
export function lifecycleOf({ manifest, entry }: UndoneChange): Lifecycle {
  if (manifest !== undefined) return manifest.lifecycle;
  const { protect = false, on_delete = 'delete' } = entry ?? {};
  return { ...defaultLifecycle, protect, on_delete, ...hiding(entry) };
}

/**
 * The lifecycle of a thing that comes back, protected while no manifest declares it: `apply --prune` would take it away again at
 * once.
 */
export function shieldedLifecycle({ manifest, change }: UndoneChange): Lifecycle {
  return manifest?.lifecycle ?? { ...defaultLifecycle, protect: true, on_delete: change.on_delete, ...hiding(change) };
}

/** What every change of the thing that is there says. */
export function changing(one: UndoneChange, live: Live) {
  const { traits, index, change, manifest } = one;
  return {
    address: change.address,
    id: live.id,
    label: live.label ?? null,
    origin: manifest?.origin ?? null,
    about: null,
    fingerprint: fingerprint(traits, live.spec),
    validation: null,
    record: recordHash(index.ledger, change.address),
    ...hidingOf(one),
  };
}

/** What is hidden of a thing by whoever says so: its manifest, its record, the run. */
export function hidingOf({ manifest, entry, change }: UndoneChange): Hiding {
  return hiding(manifest?.lifecycle, entry, change);
}

/** The label that a thing has once this is sent. */
export function labelThen({ traits }: UndoneChange, live: Live, desired: Spec): string | null {
  return labelOf(traits, { ...live.spec, ...desired }) ?? null;
}

/** The decision for a change that is not undone, with the reason. */
export function blockedCase(
  one: UndoneChange,
  wanted: Action,
  reason: BlockReason,
  hint: string,
  live: Live | undefined,
  fields: readonly FieldChange[] = [],
): Decision {
  const { traits, change, manifest } = one;
  const label = live === undefined ? change.label : (labelOf(traits, live.spec) ?? null);
  const { address } = change;
  const origin = manifest?.origin ?? null;
  return {
    kind: 'blocked',
    blocked: {
      address,
      wanted,
      reason,
      hint,
      id: live?.id ?? null,
      label,
      origin,
      fields,
      about: null,
      ...hidingOf(one),
    },
    notes: [],
  };
}

/** The decision for a change of which the run has not recorded enough to put anything back. */
export function unrecorded(one: UndoneChange, wanted: Action, live: Live | undefined): Decision {
  return blockedCase(one, wanted, 'unsupported', 'The run did not record what was there before.', live);
}

/** The decision for a change of which there is nothing to put back. */
export function nothing(notes: readonly Note[] = []): Decision {
  return { kind: 'noop', notes };
}

/** The decision for what stays as it is, with a note that says why. */
export function kept(address: Address, message: string): Decision {
  return nothing([{ address, code: 'kept', message }]);
}
