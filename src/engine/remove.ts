import type { Address } from '../model/address.ts';
import { type Fate, ProviderError } from '../model/errors.ts';
import type { RemoteId } from '../model/live.ts';
import type { Change } from '../model/plan.ts';
import type { Resource } from '../model/provider.ts';
import { readBack } from './confirm.ts';
import { fateOf, type RunContext, resourceFor } from './run-context.ts';
import { sayError } from './say.ts';

/** A delete that did not come to its end. */
export interface Undeleted {
  readonly message: string;
  readonly fate: Fate;
  /** `unchanged` where the service answers as it does for what is gone, and nothing yet shows that it would answer otherwise. */
  readonly status: 'failed' | 'unchanged' | 'unconfirmed';
}

/** A live thing, and the address that it is deleted for. */
interface Thing {
  readonly address: Address;
  readonly id: RemoteId;
}

/** `again`: an earlier run has sent this delete and heard nothing. Then a refusal by a service that is alive means: it is gone. */
export async function deleteThing(context: RunContext, thing: Thing, again: boolean): Promise<Undeleted | undefined> {
  const resource = resourceFor(context, thing);
  const { id } = thing;
  try {
    await resource.delete(id);
    context.touched();
    return await buried(context, thing);
  } catch (error) {
    const fate = fateOf(error);
    if (fate !== 'unknown') return { message: sayError(error), fate, status: 'failed' };
    context.touched();
    if (again && isRefusedAsDead(resource, error)) {
      if (context.provider.isAlive()) return undefined;
      const message = `${sayError(error)}. It may be gone already; the first run in which the service carries out another write will tell.`;
      return { message, fate, status: 'unchanged' };
    }
    const gone = await resource.read(id).then(
      (reading) => reading === undefined,
      () => false,
    );
    return gone ? undefined : { message: sayError(error), fate, status: 'failed' };
  }
}

/** A delete that was answered is done once a read says so, where reads tell. The ledger buries nothing that may live. */
async function buried(context: RunContext, thing: Thing): Promise<Undeleted | undefined> {
  const resource = resourceFor(context, thing);
  if (resource.capabilities.deletions === 'invisible') return undefined;
  const back = await readBack(context, thing, (reading) => reading === undefined);
  if (back.kind === 'as-planned') return undefined;
  const message =
    back.kind === 'unread'
      ? `Not confirmed: ${back.error}`
      : `Not confirmed: the service accepted the delete of ${thing.id}, and the ${resource.traits.noun} is still there.`;
  return { message, fate: 'unknown', status: 'unconfirmed' };
}

/** Does a service that hides what is deleted answer as it does for what no longer exists? */
export function isRefusedAsDead({ capabilities }: Resource, error: unknown): boolean {
  const { deletions, refusesDeadWith } = capabilities;
  return deletions === 'invisible' && error instanceof ProviderError && error.status === refusesDeadWith;
}

/** Deletes the sync that another one replaces. `again`: an earlier run may have sent this already. */
export async function retire(
  context: RunContext,
  change: Change,
  id: string,
  again: boolean,
): Promise<Undeleted | undefined> {
  const { address } = change;
  await context.record({ event: 'sending', step: 'retire', address, id });
  const failure = await deleteThing(context, { address, id }, again);
  if (failure === undefined) await context.record({ event: 'done', step: 'retire', address, id });
  else await context.record({ event: 'failed', step: 'retire', address, id, fate: failure.fate });
  return failure;
}
