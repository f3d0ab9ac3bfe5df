import { appearance } from '../core/look-alike.ts';
import { openLinks } from '../core/order.ts';
import type { Address } from '../model/address.ts';
import { CheckWroteError, Exit, ProviderError, SynclineError } from '../model/errors.ts';
import { type Spec, withValueAt } from '../model/json.ts';
import type { RemoteId } from '../model/live.ts';
import type { Change, Note, Plan, Validation } from '../model/plan.ts';
import type { Provider } from '../model/provider.ts';
import { sayError } from './say.ts';

/** A plan with verdicts, and why not every change has one; null where all were asked that could be. */
export interface Probed {
  readonly plan: Plan;
  readonly fault: SynclineError | null;
}

/**
 * The plan with the server's verdict on every change that has a body. Sends `validate_only` bodies and reads, nothing else. One
 * after the other goes alone until the service has found one valid: one that ignores the flag makes one sync, and is asked nothing
 * more. `known` are the ids that were there before.
 */
export async function probePlan(provider: Provider, plan: Plan, known: ReadonlySet<RemoteId>): Promise<Probed> {
  provider.permit('validate-only');
  const asking: Asking = { provider, known, wrote: undefined, proved: false, failures: [] };
  try {
    const verdicts = new Map<Address, Validation>();
    const ask = async (change: Change) => {
      const found = await verdict(asking, change);
      verdicts.set(change.address, found);
      return found.status;
    };
    const bodies = plan.changes.filter(isSent);
    const waiting = [...bodies, ...plan.changes.filter((change) => !isSent(change))];
    // A refusal says nothing of what the service does with a body that it takes.
    while (waiting.length > 0 && asking.failures.length < enough) {
      const canary = waiting.shift();
      asking.proved = canary !== undefined && (await ask(canary)) === 'valid';
      if (asking.proved) break;
    }
    await Promise.all(waiting.map(ask));
    const changes = plan.changes.map((one) => ({ ...one, validation: verdicts.get(one.address) ?? null }));
    return {
      plan: { ...plan, changes, notes: [...plan.notes, ...localChecks(provider, changes)] },
      fault: faultOf(asking, bodies, changes),
    };
  } finally {
    provider.permit('none');
  }
}

/** Where so many checks could not be made and none was, the others are not tried: each is a wait, and a risk. */
const enough = 3;

/** What the probes of one plan share. */
interface Asking {
  readonly provider: Provider;
  readonly known: ReadonlySet<RemoteId>;
  /** The check that has made a sync, or may have; nothing is asked after it. */
  wrote: SynclineError | undefined;
  /** Has the service found a body valid, and made nothing of it? */
  proved: boolean;
  /** Why the service could not be asked, change by change. */
  readonly failures: string[];
}

function faultOf(
  { wrote, failures }: Asking,
  bodies: readonly Change[],
  changes: readonly Change[],
): SynclineError | null {
  if (wrote !== undefined) return wrote;
  const [first] = failures;
  if (first === undefined) return null;
  const open = changes.filter((one) => isSent(one) && one.validation?.status === 'unchecked').length;
  const message = `${open} of ${bodies.length} changes could not be checked: ${first}`;
  return new SynclineError('unchecked', message, 'Nothing was written; run again.', Exit.failed);
}

function isSent({ desired, action, fields }: Change): boolean {
  return desired !== null && !(action === 'update' && fields.length === 0);
}

/** Where nobody but this machine has checked, the report says so, condition by condition. */
function localChecks(provider: Provider, changes: readonly Change[]): Note[] {
  if (provider.manner.checks === 'service') return [];
  return changes.flatMap(({ address, action, validation }) =>
    validation === null || action === 'delete' ? [] : [{ address, code: 'local-check', message: validation.message }],
  );
}

async function verdict(asking: Asking, change: Change): Promise<Validation> {
  const { provider } = asking;
  if (change.desired === null) return { status: 'unchecked', message: 'A delete has no body to check.' };
  if (!isSent(change)) {
    return { status: 'valid', message: 'Nothing is sent for this change; only the ledger is written.' };
  }
  if (asking.wrote !== undefined)
    return { status: 'unchecked', message: 'Not asked: a check before it made a sync, or may have.' };
  if (!asking.proved && asking.failures.length >= enough)
    return { status: 'unchecked', message: `Not asked: ${enough} checks before it could not be made.` };
  try {
    const reading = change.action === 'create' || change.id === null ? undefined : await provider.read(change.id);
    if (change.action !== 'create' && reading === undefined) {
      return { status: 'unchecked', message: `The sync ${change.id} no longer exists.` };
    }
    const { spec, left } = withoutOpenLinks(provider, change.desired);
    const answer = await provider.check(spec, change.action === 'replace' ? undefined : reading);
    if (left.length === 0) return answer;
    return {
      ...answer,
      message: `${answer.message} Left out: the trigger on ${left.join(', ')}, which this plan makes first.`,
    };
  } catch (error) {
    if (error instanceof CheckWroteError) asking.wrote ??= error;
    else asking.failures.push(sayError(error));
    if (error instanceof ProviderError && error.fate === 'unknown') asking.wrote ??= await madeUnseen(asking, change);
    return { status: 'unchecked', message: sayError(error) };
  }
}

/** A check without an answer may have made a sync, where the service ignores the flag. Looks whether there is one more by now. */
async function madeUnseen({ provider, known }: Asking, { address, label }: Change): Promise<SynclineError | undefined> {
  if (provider.manner.checks === 'local' || label === null) return undefined;
  try {
    const made = (await provider.newest(known)).find((one) => appearance(one.label ?? '') === appearance(label));
    if (made === undefined) return undefined;
    const message = `The check of ${address} was not answered, and the sync ${made.id} with its label is there since then.`;
    return new CheckWroteError(made.id, message);
  } catch (error) {
    const message = `The check of ${address} was not answered, and whether it made a sync cannot be told: ${sayError(error)}`;
    const hint = `Look for a new sync with the label "${label}", and run again.`;
    return new SynclineError('check-unknown', message, hint, Exit.partial);
  }
}

/** A trigger that names a sync which this very plan makes has no id to be checked with, so it is left out. */
function withoutOpenLinks(provider: Provider, desired: Spec): { spec: Spec; left: string[] } {
  let spec = desired;
  const left: string[] = [];
  for (const link of openLinks(provider.traits, desired)) {
    spec = withValueAt(spec, link.into.slice(0, link.into.lastIndexOf('/')), undefined);
    left.push(link.address);
  }
  return { spec, left };
}
