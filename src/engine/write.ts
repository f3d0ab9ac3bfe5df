import { fingerprint } from '../core/spec/fingerprint.ts';
import type { Spec } from '../model/json.ts';
import type { Retiring } from '../model/ledger.ts';
import type { Outcome } from '../model/outcome.ts';
import type { Adopt, Change, Create, Delete, Replace, Update } from '../model/plan.ts';
import type { Reading } from '../model/provider.ts';
import { differences, isAsMeant, readBack, unconfirmed } from './confirm.ts';
import { create } from './create.ts';
import { clearRows } from './ghosts.ts';
import { normalised } from './live.ts';
import { prepared } from './prepare.ts';
import { deleteThing, isRefusedAsDead, retire } from './remove.ts';
import { fateOf, filledSpec, outcome, type RunContext, resourceFor } from './run-context.ts';
import { sayError } from './say.ts';

/** A change of something that is live when it is planned. */
type OfLive = Exclude<Change, Create>;

/** Changes a thing in place, takes it over, or only remembers something about it. */
export async function update(context: RunContext, change: Update | Adopt): Promise<Outcome> {
  return prepared(context, change, await updateThing(context, change));
}

async function updateThing(context: RunContext, change: Update | Adopt): Promise<Outcome> {
  const { address, id } = change;
  const read = await readAgain(context, change);
  if ('stale' in read) return outcome(change, 'stale', `${read.stale}${movedWords(change)}`);
  const left = await clearRows(context, change, context.suspects.get(address) ?? []);
  if (left !== undefined) return outcome(change, 'failed', left);
  const undone = change.release ? await endReplace(context, change) : undefined;
  if (undone !== undefined) return undone;
  if (change.fields.length === 0) {
    await context.record({ event: 'done', step: 'bind', address, id });
    return outcome(change, 'applied', null);
  }
  const resource = resourceFor(context, change);
  const spec = filledSpec(context, change);
  const sent = spec === change.desired ? {} : { spec };
  await context.record({ event: 'sending', step: 'update', address, id });
  try {
    const paths = change.fields.map((field) => field.path);
    await resource.update(read.reading, spec, paths);
    context.touched();
  } catch (error) {
    const fate = fateOf(error);
    if (fate === 'unknown') context.touched();
    if (
      context.before?.syncs[address]?.state === 'deleting' &&
      isRefusedAsDead(resource, error) &&
      context.provider.isAlive()
    ) {
      await context.record({ event: 'done', step: 'delete', address, id });
      return outcome(change, 'failed', `The delete of ${id} was carried out after all; run again to make a new one.`);
    }
    if (fate !== 'unknown' || !(await isAsDesired(context, change, spec))) {
      await context.record({ event: 'failed', step: 'update', address, id, fate });
      return outcome(change, 'failed', sayError(error));
    }
    await context.record({ event: 'done', step: 'update', address, id, ...sent });
    return outcome(change, 'applied', null);
  }
  const back = await readBack(context, change, isAsMeant(resource, spec));
  if (back.kind === 'otherwise' && isUntouched(context, change, back.reading)) {
    await context.record({ event: 'failed', step: 'update', address, id, fate: 'unknown' });
  } else {
    await context.record({ event: 'done', step: 'update', address, id, ...sent });
  }
  return back.kind === 'as-planned' ? outcome(change, 'applied', null) : unconfirmed(context, change, spec, back);
}

/** The binding moves with the intent of the run, and so also where nothing else is done. */
function movedWords({ moved_from: name }: Change): string {
  return name === undefined
    ? ''
    : ` What was bound to ${name} is bound to this address now; the rest is for a new plan.`;
}

/** Is the sync still what the plan saw, although the service has accepted a change of it? */
function isUntouched(context: RunContext, change: Change, reading: Reading | undefined): boolean {
  return reading !== undefined && staleness(context, change, reading) === undefined;
}

/** Deletes a thing that no manifest declares. */
export async function remove(context: RunContext, change: Delete): Promise<Outcome> {
  const { address, id } = change;
  const left = await clearRows(context, change, context.suspects.get(address) ?? []);
  if (left !== undefined) return outcome(change, 'failed', left);
  const resource = resourceFor(context, change);
  const reading = await resource.read(id);
  if (reading !== undefined) {
    const stale = staleness(context, change, reading);
    if (stale !== undefined) return outcome(change, 'stale', stale);
    const undone = await endReplace(context, change);
    if (undone !== undefined) return undone;
    await context.record({ event: 'sending', step: 'delete', address, id });
    // Deletes go side by side: what has become of a neighbour since this one began counts too.
    const late = tooLate(context);
    if (late !== undefined) {
      await context.record({ event: 'failed', step: 'delete', address, id, fate: 'unsent' });
      return outcome(change, 'skipped', late);
    }
    const failure = await deleteThing(context, change, context.before?.syncs[address]?.state === 'deleting');
    if (failure !== undefined) {
      await context.record({ event: 'failed', step: 'delete', address, id, fate: failure.fate });
      return outcome(change, failure.status, failure.message);
    }
  }
  await context.record({ event: 'done', step: 'delete', address, id });
  return outcome(change, 'applied', null);
}

/** Why no delete may leave any more (promise 4); undefined while it may. */
function tooLate({ failed, signal }: RunContext): string | undefined {
  if (failed !== undefined) return `Nothing is deleted after an error (${failed}).`;
  return signal.aborted ? 'The run was stopped before this change was sent.' : undefined;
}

/** Makes the new sync, and only then deletes the old one. A run that ended in between is taken up where it stopped. */
export async function replace(context: RunContext, change: Replace): Promise<Outcome> {
  const { id, address } = change;
  const entry = context.ledger?.syncs[address];
  const begun = entry?.state === 'retiring' ? entry : undefined;
  const made = begun === undefined ? await makeNew(context, change) : await takeUp(context, change, begun);
  if (made.status !== 'applied') return made;
  const again = begun !== undefined || context.before?.syncs[address]?.state === 'deleting';
  const failure = await retire(context, change, id, again);
  if (failure !== undefined) {
    const message = `The new ${resourceFor(context, change).traits.noun} ${made.id} was made, but the old one stays: ${failure.message}`;
    return outcome(change, failure.status, message, made.id);
  }
  if (made.error === null) return made;
  return { ...made, status: 'failed' };
}

/** A replace that an earlier run has begun ends before its sync goes or is let go: nothing else knows of the old one. */
async function endReplace(context: RunContext, change: Change): Promise<Outcome | undefined> {
  const entry = context.ledger?.syncs[change.address];
  if (entry?.state !== 'retiring') return undefined;
  const failure = await retire(context, change, entry.retires, true);
  return failure && outcome(change, failure.status, `${failure.message} It is the one that ${entry.id} has replaced.`);
}

/**
 * The new sync of a replace that an earlier run has begun. It must be there before the old one goes, however it is by now; where
 * it is not as declared today, the outcome says so.
 */
async function takeUp(context: RunContext, change: Replace, { id, spec: applied }: Retiring): Promise<Outcome> {
  const { address } = change;
  const spec = filledSpec(context, change);
  const resource = resourceFor(context, change);
  const reading = await resource.read(id);
  if (reading === undefined) return unconfirmed(context, change, spec, { kind: 'otherwise', reading }, id);
  if (differences(resource, reading, spec, applied ?? spec).length === 0) {
    await context.record({ event: 'done', step: 'bind', address, id, ...(spec === change.desired ? {} : { spec }) });
    return outcome(change, 'applied', null, id);
  }
  const message = `The ${resource.traits.noun} ${id}, which an earlier run made, is as that run meant it; a new plan shows what differs.`;
  return outcome(change, 'applied', message, id);
}

async function makeNew(context: RunContext, change: Replace): Promise<Outcome> {
  const read = await readAgain(context, change);
  return 'stale' in read ? outcome(change, 'stale', read.stale) : create(context, change);
}

/** Promise 2: what is written is what the plan saw, or it is not written. */
async function readAgain(
  context: RunContext,
  change: OfLive,
): Promise<{ readonly reading: Reading } | { readonly stale: string }> {
  const resource = resourceFor(context, change);
  const reading = await resource.read(change.id);
  if (reading === undefined) return { stale: `The ${resource.traits.noun} ${change.id} no longer exists.` };
  const stale = staleness(context, change, reading);
  return stale === undefined ? { reading } : { stale };
}

function staleness(context: RunContext, change: Change, reading: Reading): string | undefined {
  const { kind, traits } = resourceFor(context, change);
  const live = normalised({ kind, traits }, reading.live);
  if (fingerprint(traits, live.spec) === change.fingerprint) return undefined;
  return `The ${traits.noun} ${change.id} has changed since the plan was made.`;
}

/** A PATCH may have been carried out although its answer was lost. */
async function isAsDesired(context: RunContext, change: OfLive, spec: Spec): Promise<boolean> {
  // What reads do not show cannot be read back.
  const resource = resourceFor(context, change);
  if (resource.capabilities.deletions === 'invisible') return false;
  try {
    const reading = await resource.read(change.id);
    if (reading === undefined) return false;
    return differences(resource, reading, spec).length === 0;
  } catch {
    return false;
  }
}
