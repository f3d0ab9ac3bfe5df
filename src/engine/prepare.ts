import { prepares } from '../core/spec/prepares.ts';
import type { Outcome } from '../model/outcome.ts';
import type { Change } from '../model/plan.ts';
import { type RunContext, resourceFor } from './run-context.ts';

/** How long whatever needs a thing waits until the service has worked out what it needs, in milliseconds. */
const limit = 120_000;

/**
 * The outcome as it is, once the service has worked out what others need of a thing that was made or changed. Only what this run
 * writes next is waited for, and two minutes at most; where it fails, the service decides what it makes of those others.
 */
export async function prepared(context: RunContext, change: Change, done: Outcome): Promise<Outcome> {
  const resource = resourceFor(context, change);
  if (done.status !== 'applied' || done.id === null || resource.prepare === undefined) return done;
  if (change.action !== 'create' && !change.fields.some(({ path }) => prepares(resource.traits, path))) return done;
  const patience = {
    limit: context.needed.has(change.address) ? limit : 0,
    now: () => context.now().getTime(),
    sleep: context.sleep,
    signal: context.signal,
  };
  try {
    await resource.prepare(done.id, patience);
  } catch {
    // Whoever needs it is told by the service itself.
  }
  return done;
}
