import { candidates } from '../core/memory/recover.ts';
import { kindOf } from '../model/address.ts';
import type { Fate } from '../model/errors.ts';
import { type Pointer, type Spec, withValueAt } from '../model/json.ts';
import { keyAt, type Live, type RemoteId } from '../model/live.ts';
import type { Outcome } from '../model/outcome.ts';
import type { Change } from '../model/plan.ts';
import type { Created, Resource } from '../model/provider.ts';
import { confirmed } from './confirm.ts';
import { askRows, removeSpare } from './ghosts.ts';
import { normalised } from './live.ts';
import { prepared } from './prepare.ts';
import { retire } from './remove.ts';
import { fateOf, filledSpec, knownIds, outcome, type RunContext, resourceFor } from './run-context.ts';
import { sayError } from './say.ts';

/** Makes the thing of a change and reads it back. */
export async function create(context: RunContext, change: Change): Promise<Outcome> {
  return prepared(context, change, await confirmed(context, change, await make(context, change)));
}

/**
 * Makes the sync of a change. A create whose outcome is unknown is looked for, never sent again; rows that an earlier one may
 * have left behind are asked first, and bound where they are whole.
 */
async function make(context: RunContext, change: Change): Promise<Outcome> {
  const spec = filledSpec(context, change);
  const rows = context.suspects.get(change.address) ?? [];
  // As long as nothing proves that the service carries out writes, asking would only learn that it does not.
  const asked = rows.length > 0 && context.provider.isAlive() ? await askRows(context, change, rows, spec) : undefined;
  if (asked !== undefined) await removeSpare(context, change, asked.spare);
  if (asked?.whole !== undefined) return bind(context, change, asked.whole, spec);
  const canary = context.canaryOf(kindOf(change.address));
  const pass = await canary.enter();
  if (pass === 'stop') {
    return outcome(
      change,
      'skipped',
      'An earlier create of this run failed, and each further one might leave a ghost.',
    );
  }
  const made = await send(context, change, spec).catch((error: unknown) => {
    canary.leave('failed');
    throw error;
  });
  canary.leave('id' in made ? 'made' : made.fate === 'unknown' ? 'failed' : 'unsent');
  if (!('id' in made)) return outcome(change, 'failed', made.error);
  const late = asked === undefined && rows.length > 0 ? await askRows(context, change, rows, spec) : undefined;
  if (late !== undefined) await removeSpare(context, change, late.spare);
  if (late?.whole !== undefined) return swap(context, change, late.whole, made.id, spec);
  // Only now is it certain that no earlier create has left anything.
  if ((asked ?? late) !== undefined) await bind(context, change, made.id);
  if (made.fault !== undefined) return outcome(change, 'failed', made.fault, made.id);
  return made.unset.length === 0 ? outcome(change, 'applied', null, made.id) : complete(context, change, spec, made);
}

async function send(
  context: RunContext,
  change: Change,
  spec: Spec,
): Promise<Created | { readonly error: string; readonly fate: Fate }> {
  const { address } = change;
  const sent = spec === change.desired ? {} : { spec };
  await context.record({ event: 'sending', step: 'create', address, id: null, ...sent });
  const resource = resourceFor(context, change);
  let made: Created;
  try {
    made = await resource.create(spec);
    if (context.known.has(keyAt(address, made.id))) throw notNew(resource, made.id);
  } catch (error) {
    const fate = fateOf(error);
    if (fate === 'unknown') context.touched();
    const found = fate === 'unknown' ? await lookFor(context, change, spec) : undefined;
    if (found === undefined) {
      await context.record({ event: 'failed', step: 'create', address, id: null, fate });
      return { fate, error: fate === 'unknown' ? unanswered(context, error) : sayError(error) };
    }
    made = { id: found, unset: [] };
  }
  context.touched();
  context.known.add(keyAt(address, made.id));
  context.made.set(address, made.id);
  const held = made.unset.length === 0 ? sent : { spec: without(resource, spec, made.unset) };
  await context.record({ event: 'done', step: 'create', address, id: made.id, ...held });
  return made;
}

/** An id that was listed, bound or buried before is not that of the sync which was asked for. */
function notNew({ traits }: Resource, id: RemoteId): Error {
  return new Error(`The create was answered with the id ${id}, which is that of another ${traits.noun}.`);
}

/** What the new sync holds until the fields that a create cannot set have been sent. */
function without({ traits }: Resource, spec: Spec, unset: readonly Pointer[]): Spec {
  const { pause } = traits;
  const stateAfter = (path: Pointer) => (path === `/${pause?.field}` ? pause?.resumed : undefined);
  return unset.reduce((rest, path) => withValueAt(rest, path, stateAfter(path)), spec);
}

/** Sends what a create could not set. The sync stays made where this fails; the next plan finishes it. */
async function complete(context: RunContext, change: Change, spec: Spec, made: Created): Promise<Outcome> {
  const { address } = change;
  const resource = resourceFor(context, change);
  try {
    const reading = await resource.read(made.id);
    if (reading === undefined) throw new Error(`The new ${resource.traits.noun} ${made.id} cannot be read.`);
    await context.record({ event: 'sending', step: 'update', address, id: made.id, spec });
    await resource.update(reading, spec, made.unset);
  } catch (error) {
    return outcome(
      change,
      'failed',
      `The ${resource.traits.noun} ${made.id} was made, but not all of it: ${sayError(error)}`,
      made.id,
    );
  }
  await context.record({ event: 'done', step: 'update', address, id: made.id, spec });
  return outcome(change, 'applied', null, made.id);
}

/** The row that an earlier create left is the sync after all. Asking has put it into the state that `spec` says. */
async function bind(context: RunContext, change: Change, id: RemoteId, spec?: Spec): Promise<Outcome> {
  const { address } = change;
  context.made.set(address, id);
  await context.record({ event: 'done', step: 'bind', address, id, ...(spec === undefined ? {} : { spec }) });
  return outcome(change, 'applied', null, id);
}

/** The row was whole, and a second sync had to be made to find that out: the second one goes again. */
async function swap(
  context: RunContext,
  change: Change,
  kept: RemoteId,
  spare: RemoteId,
  spec: Spec,
): Promise<Outcome> {
  context.made.set(change.address, kept);
  // From now on the ledger says that the second one is to go: should this run die first, the next one deletes it.
  await context.record({ event: 'done', step: 'swap', address: change.address, id: kept, spec });
  const failure = await retire(context, change, spare, false);
  if (failure === undefined) return outcome(change, 'applied', null, kept);
  const message = `The ${resourceFor(context, change).traits.noun} ${kept} was found whole and is bound; the second one, ${spare}, could not be deleted: ${failure.message}`;
  return outcome(change, 'failed', message, kept);
}

function unanswered(context: RunContext, error: unknown): string {
  const wait =
    context.ledger === null
      ? 'look for it before you run again'
      : `run again after ${context.settleSeconds} s: it is bound if it was made, and made if it was not`;
  return `${sayError(error).replace(/\.?$/, '.')} The create was sent once and its outcome is not known; ${wait}.`;
}

/** The one new sync that bears the label and body of a create whose answer was lost. */
async function lookFor(context: RunContext, change: Change, spec: Spec): Promise<RemoteId | undefined> {
  // A row that may be a ghost is no find, however much it looks like a sync.
  const resource = resourceFor(context, change);
  const { kind, traits, capabilities } = resource;
  if (change.label === null || capabilities.ghosts) return undefined;
  try {
    const newest: Live[] = (await resource.newest(knownIds(context, kind))).map((one) => normalised(resource, one));
    const made = [...context.made].flatMap(([address, id]) => (kindOf(address) === kind ? [id] : []));
    const pending = { label: change.label, spec, before: [...context.bearers(kind, change.label), ...made] };
    const found = candidates(context.ledger, traits, newest, pending);
    return found.length === 1 ? found[0]?.id : undefined;
  } catch {
    // The search is a courtesy: where it fails too, the create stays pending and the next run looks again.
    return undefined;
  }
}
