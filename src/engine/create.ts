import { candidates } from '../core/recover.ts';
import type { Spec } from '../model/json.ts';
import type { RemoteId } from '../model/live.ts';
import type { Outcome } from '../model/outcome.ts';
import type { Change } from '../model/plan.ts';
import { normalised } from './read.ts';
import { fateOf, outcome, type RunContext, withLinks } from './run-context.ts';
import { sayError } from './say.ts';

/** Makes the sync of a change. A create whose outcome is unknown is looked for, never sent again. */
export async function createSync(context: RunContext, change: Change): Promise<Outcome> {
  const spec = withLinks(context, change);
  const { address } = change;
  const sent = spec === change.desired ? {} : { spec };
  await context.record({ event: 'sending', step: 'create', address, id: null, ...sent });
  let id: RemoteId;
  try {
    ({ id } = await context.provider.create(spec));
  } catch (error) {
    const fate = fateOf(error);
    if (fate === 'unknown') context.touched();
    const found = fate === 'unknown' ? await lookFor(context, change, spec) : undefined;
    if (found === undefined) {
      await context.record({ event: 'failed', step: 'create', address, id: null, fate });
      return outcome(change, 'failed', fate === 'unknown' ? unanswered(context, error) : sayError(error));
    }
    id = found;
  }
  context.touched();
  context.known.add(id);
  context.made.set(address, id);
  await context.record({ event: 'done', step: 'create', address, id, ...sent });
  return outcome(change, 'applied', null, id);
}

function unanswered(context: RunContext, error: unknown): string {
  const wait =
    context.ledger === null
      ? 'look for it before you run again'
      : `run again after ${context.settleSeconds} s: it is bound if it was made, and made if it was not`;
  return `${sayError(error)} The create was sent once and its outcome is not known; ${wait}.`;
}

/** The one new sync that bears the label and body of a create whose answer was lost. */
async function lookFor(context: RunContext, change: Change, spec: Spec): Promise<RemoteId | undefined> {
  if (change.label === null) return undefined;
  const { provider } = context;
  try {
    const newest = (await provider.newest(context.known)).map((one) => normalised(provider, one));
    const pending = { label: change.label, spec, before: [...context.bearers(change.label), ...context.made.values()] };
    const found = candidates(context.ledger, provider.traits, newest, pending);
    return found.length === 1 ? found[0]?.id : undefined;
  } catch {
    // The search is a courtesy: where it fails too, the create stays pending and the next run looks again.
    return undefined;
  }
}
