import { diff } from '../core/spec/diff.ts';
import type { Address } from '../model/address.ts';
import { hiddenValue } from '../model/hidden.ts';
import type { Json, Spec } from '../model/json.ts';
import { isObject } from '../model/json.ts';
import type { RemoteId } from '../model/live.ts';
import type { Outcome } from '../model/outcome.ts';
import type { Change, FieldChange } from '../model/plan.ts';
import type { Reading, Resource } from '../model/provider.ts';
import { shownFields } from '../render/hide.ts';
import { normalised } from './live.ts';
import { filledSpec, outcome, type RunContext, resourceFor } from './run-context.ts';
import { sayError } from './say.ts';

/** How long a service may take until its reads show what it has answered, in milliseconds. */
const patience = 10_000;

/** What reading back has shown: it is as it should be, it is not (after all the patience), or it could not be read. */
export type ReadBack =
  | { readonly kind: 'as-planned' }
  | { readonly kind: 'otherwise'; readonly reading: Reading | undefined }
  | { readonly kind: 'unread'; readonly error: string };

/**
 * Reads a sync until it is as it should be, for at most ten seconds: an answer is a promise, and a read may be older than it.
 * Costs one request where the service is true and quick. Never throws.
 */
export async function readBack(
  context: RunContext,
  { address, id }: { readonly address: Address; readonly id: RemoteId },
  isAsPlanned: (reading: Reading | undefined) => boolean,
): Promise<ReadBack> {
  const resource = resourceFor(context, { address });
  const end = context.now().getTime() + patience;
  let told = false;
  for (let wait = 100; ; wait *= 2) {
    try {
      const reading = await resource.read(id);
      if (isAsPlanned(reading)) return { kind: 'as-planned' };
      const left = end - context.now().getTime();
      if (left <= 0 || context.signal.aborted) return { kind: 'otherwise', reading };
      if (!told) context.progress.wait?.({ reason: 'read-back', address, milliseconds: left });
      told = true;
      await context.sleep(Math.min(wait, left));
    } catch (error) {
      return { kind: 'unread', error: sayError(error) };
    }
  }
}

/**
 * Fields in which a sync that was read is not as it was meant to be. An answer that proves nothing is taken to be right, or,
 * where what was `applied` is another spec, to be as that one says.
 */
export function differences(
  resource: Resource,
  reading: Reading,
  desired: Spec,
  applied = desired,
): readonly FieldChange[] {
  const live = normalised(resource, reading.live);
  return diff(resource.traits, live.spec, desired, { applied, memory: true }).changes;
}

/** Does the read show the sync as it is meant to be? */
export function isAsMeant(resource: Resource, desired: Spec): (reading: Reading | undefined) => boolean {
  return (reading) => reading !== undefined && differences(resource, reading, desired).length === 0;
}

/** The outcome of a change whose sync was written: as it was, once reading it back shows the plan; else what is otherwise. */
export async function confirmed(context: RunContext, change: Change, done: Outcome): Promise<Outcome> {
  if (done.status !== 'applied' || done.id === null) return done;
  const spec = filledSpec(context, change);
  const resource = resourceFor(context, change);
  const back = await readBack(context, { address: done.address, id: done.id }, isAsMeant(resource, spec));
  return back.kind === 'as-planned' ? done : unconfirmed(context, change, spec, back, done.id);
}

/** The outcome of a write that was accepted and that reads do not show as it was meant. Nobody is accused before having been read. */
export function unconfirmed(
  context: RunContext,
  change: Change,
  spec: Spec,
  back: Exclude<ReadBack, { readonly kind: 'as-planned' }>,
  id: RemoteId | null = change.id,
): Outcome {
  if (back.kind === 'unread') return outcome(change, 'unconfirmed', `Not confirmed: ${back.error}`, id);
  if (back.reading === undefined) {
    return outcome(
      change,
      'unconfirmed',
      `Not confirmed: the ${resourceFor(context, change).traits.noun} ${id} cannot be found again.`,
      id,
    );
  }
  const found = shownFields(differences(resourceFor(context, change), back.reading, spec), change);
  const kept = found.filter((field) => field.to === null).map((field) => field.path);
  const named = found
    .filter((field) => field.to !== null)
    .map(({ path, from, to }) => `${path} was sent as ${shown(to)} and is stored as ${shown(from)}`);
  const others = named.length === 0 ? '' : `Not confirmed: ${named.join('; ')}.`;
  if (kept.length === 0) return outcome(change, 'unconfirmed', others, id);
  const message = `not-cleared: the service accepted the change but still has a value at ${kept.join(', ')}.`;
  return outcome(change, 'failed', `${message} ${others}`.trim(), id);
}

const longest = 60;

/** A value for a sentence: short ones as JSON, long ones and whole structures cut. */
function shown(value: Json): string {
  if (value === null) return 'nothing';
  if (value === hiddenValue) return value;
  if (isObject(value) && Object.keys(value).length === 0) return '{}';
  const text = JSON.stringify(value);
  return text.length <= longest ? text : `${text.slice(0, longest)}…`;
}
