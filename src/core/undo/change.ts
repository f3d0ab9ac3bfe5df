import type { Address } from '../../model/address.ts';
import { pointer, type Spec } from '../../model/json.ts';
import type { RunAdopt, RunChange, RunForget, RunUpdate } from '../../model/ledger.ts';
import { keyOf, type Live } from '../../model/live.ts';
import type { Action, Change, FieldChange, Note } from '../../model/plan.ts';
import { unreadableNotes } from '../plan/decide.ts';
import type { Decision } from '../plan/decision.ts';
import { isImmutable } from '../spec/immutable.ts';
import { undoCreate, undoDelete, undoReplace } from './existence.ts';
import { assumed, irremovable, restored } from './restore.ts';
import {
  alive,
  blockedCase,
  changedBy,
  changedOutside,
  changedSince,
  changing,
  difference,
  kept,
  labelThen,
  lifecycleOf,
  nothing,
  shieldedLifecycle,
  type UndoContext,
  type UndoneChange,
  unrecorded,
} from './undone.ts';

/** The way back from one change: by what the ledger and the live side say now, whatever the run said of its end. */
export function undoChange(one: UndoneChange, context: UndoContext): Decision {
  const { change } = one;
  if (one.input.unsayable?.has(change.address) === true)
    return blockedCase(one, wantedBy(change), 'unsupported', unsayable, undefined);
  switch (change.action) {
    case 'create':
      return undoCreate({ ...one, change });
    case 'delete':
      return undoDelete({ ...one, change }, context);
    case 'replace':
      return undoReplace({ ...one, change }, context);
    case 'adopt':
      return undoAdoption({ ...one, change }, context);
    case 'update':
      return change.release ? undoRelease({ ...one, change }, context) : undoUpdate({ ...one, change }, context);
    case 'forget':
      return kept(change.address, letGo(change));
    default:
      return change satisfies never;
  }
}

const unsayable = 'The run was made at another API, and nothing says what it speaks of is called at this one.';

/** What an undo of a change would do. */
function wantedBy({ action }: RunChange): Action {
  return action === 'create' ? 'delete' : action === 'delete' ? 'create' : 'update';
}

/** A change that has sent something to a sync that was there. */
type RunSent = Extract<RunChange, { readonly action: 'update' | 'adopt'; readonly sends: true }>;

/** A sync that is there, and what has to be sent to put its declared fields back. */
interface Return {
  readonly live: Live;
  readonly desired: Spec;
  readonly fields: readonly FieldChange[];
  readonly dependsOn: readonly Address[];
  readonly notes: readonly Note[];
  readonly decision: (change: Change) => Decision;
}

/** What an undo says of a binding that the run only let go. */
function letGo({ address, id }: RunForget): string {
  if (id === null) return 'The run only unbound it, and nothing was bound there.';
  return `The run only unbound it; \`syncline adopt ${address.includes('/') ? address : 'ADDRESS'} --id ${id}\` binds it again.`;
}

/** How the fields that the run has set go back; a decision where they do not, or need not. */
function wayBack(one: UndoneChange<RunSent>, context: UndoContext, live: Live): Return | Decision {
  const { traits, change } = one;
  const { before, after, address } = change;
  if (before === null) return unrecorded(one, 'update', live);
  const { spec: desired, dependsOn } = context.references(traits, restored(traits, before, after));
  const result = difference(one, live, desired);
  const stuck = irremovable(traits, before, after, desired).map((path): Note => {
    const message = `${path} stays: that list item belongs to the server, and no request removes it.`;
    return { address, code: 'kept', message };
  });
  const notes = [
    ...unreadableNotes(address, result, one.entry?.spec ?? null),
    ...assumedNotes(one, before, after),
    ...stuck,
  ];
  const decision = (next: Change): Decision => ({ kind: 'change', change: next, notes });
  return { live, desired, fields: result.changes, dependsOn, notes, decision };
}

/** Fields that the run has set, and that no answer had proved before it. */
function assumedNotes({ traits, change }: UndoneChange, before: Spec, after: Spec): Note[] {
  return Object.entries(traits.spec.fields ?? {}).flatMap(([key, trait]): Note[] => {
    if (trait.unproven === undefined || after[key] === undefined || before[key] !== undefined) return [];
    const value = assumed(trait);
    const taken = value === undefined ? 'it stays as it is' : `Syncline assumes that it was ${JSON.stringify(value)}`;
    const message = `${pointer([key])} cannot be read from the API, and the run did not record it; ${taken}.`;
    return [{ address: change.address, code: 'unreadable-field', message }];
  });
}

function undoUpdate(one: UndoneChange<RunUpdate>, context: UndoContext): Decision {
  const { change } = one;
  if (!change.sends) return kept(change.address, 'The run only wrote the ledger; nothing was sent.');
  const live = alive(one, change.id);
  if (live === undefined) return lost(one);
  const back = wayBack({ ...one, change }, context, live);
  if ('kind' in back) return back;
  if (back.fields.length === 0) return nothing(back.notes);
  const reason = changedSince(one, live, change.after);
  if (reason !== undefined) return blockedCase(one, 'update', 'changed', reason, live, back.fields);
  return immutably(one, back) ?? back.decision({ ...sending(one, back), action: 'update', release: false });
}

function sending(one: UndoneChange, { live, desired, fields, dependsOn }: Return) {
  const label = labelThen(one, live, desired);
  return { ...changing(one, live), label, desired, fields, depends_on: dependsOn, lifecycle: lifecycleOf(one) };
}

function immutably(one: UndoneChange, { live, fields }: Return): Decision | undefined {
  const stuck = fields.filter((field) => isImmutable({ traits: one.traits, types: one.input.types }, live, field));
  if (stuck.length === 0) return undefined;
  const paths = stuck.map((field) => field.path).join(', ');
  const hint = `The API cannot change ${paths} back in place; revert the manifest and let apply replace it.`;
  return blockedCase(one, 'update', 'immutable', hint, live, fields);
}

function lost(one: UndoneChange<RunUpdate>): Decision {
  return blockedCase(one, 'update', 'changed', `The ${one.traits.noun} ${one.change.id} no longer exists.`, undefined);
}

/** Puts back what was sent, and lets go of the sync. */
function undoAdoption(one: UndoneChange<RunAdopt>, context: UndoContext): Decision {
  const { change, entry } = one;
  const live = alive(one, change.id);
  if (live === undefined || (entry === undefined && !change.sends)) return nothing();
  const back = change.sends ? wayBack({ ...one, change }, context, live) : undefined;
  if (back !== undefined && 'kind' in back) return back;
  const fields = back?.fields ?? [];
  if (entry === undefined && fields.length === 0) return nothing();
  // What already is as it was only has to be let go.
  const after = fields.length === 0 ? null : change.after;
  const reason = changedSince(one, live, after);
  if (reason !== undefined) return blockedCase(one, 'update', 'changed', reason, live, fields);
  if (back !== undefined && fields.length > 0) {
    const change = { ...sending(one, back), label: live.label ?? null };
    return immutably(one, back) ?? back.decision({ ...change, action: 'update', release: true });
  }
  return { kind: 'change', change: releasing(one, live), notes: back?.notes ?? [] };
}

function releasing(one: UndoneChange, live: Live): Change {
  const parts = { desired: live.spec, fields: [], depends_on: [], lifecycle: lifecycleOf(one) };
  return { ...changing(one, live), ...parts, action: 'update', release: true };
}

/** Takes a sync over again that was paused or abandoned when its manifest went, and puts back what the pause has changed. */
function undoRelease(one: UndoneChange<RunUpdate>, context: UndoContext): Decision {
  const { change, entry, later } = one;
  const live = alive(one, change.id);
  if (entry !== undefined && entry.id === change.id) {
    // It was not let go, or is bound again.
    return change.sends ? undoUpdate(one, context) : nothing();
  }
  if (live === undefined) return lost(one);
  const refuse = (hint: string) => blockedCase(one, 'adopt', 'changed', hint, live);
  const owner = one.index.boundTo.get(keyOf(live.kind, live.id));
  if (owner !== undefined) return refuse(`The ${one.traits.noun} ${live.id} is now bound to ${owner}.`);
  if (entry !== undefined) return refuse(`The address is now bound to ${entry.id ?? 'a pending create'}.`);
  if (later !== undefined) return refuse(changedBy(later));
  const lifecycle = shieldedLifecycle(one);
  if (!change.sends) {
    const parts = { release: false, desired: null, fields: [], depends_on: [], lifecycle } as const;
    return { kind: 'change', change: { ...changing(one, live), ...parts, action: 'adopt' }, notes: [] };
  }
  const back = wayBack({ ...one, change }, context, live);
  if ('kind' in back) return back;
  const outside = back.fields.length === 0 ? undefined : changedOutside(one, live, change.after);
  if (outside !== undefined) return refuse(outside);
  return immutably(one, back) ?? back.decision({ ...sending(one, back), action: 'adopt', release: false, lifecycle });
}
