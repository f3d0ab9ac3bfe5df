import { appearance } from '../core/look-alike.ts';
import { idAt, openPlaces } from '../core/references/fill.ts';
import { prepares } from '../core/spec/prepares.ts';
import { type Address, kindOf } from '../model/address.ts';
import { CheckWroteError, Exit, ProviderError, SynclineError } from '../model/errors.ts';
import { withoutSecrets } from '../model/hidden.ts';
import { type Spec, withValueAt } from '../model/json.ts';
import { type Key, keyAt, keyOf, partsOf, type RemoteId } from '../model/live.ts';
import type { Change, Note, Plan, Validation } from '../model/plan.ts';
import { type Provider, type Resource, resourceOf } from '../model/provider.ts';
import type { Reference } from '../model/traits.ts';
import { secretsOf } from '../render/hide.ts';
import { checked } from './dry-run.ts';
import type { TargetRequest } from './request.ts';
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
export async function probePlan(
  { provider, progress }: Pick<TargetRequest, 'provider' | 'progress'>,
  plan: Plan,
  known: ReadonlySet<Key>,
): Promise<Probed> {
  progress?.begun?.(plan, null);
  provider.permit('validate-only');
  const asking: Asking = { provider, known, plan, wrote: undefined, proved: false, failures: [] };
  try {
    const verdicts = new Map<Address, Validation>();
    const ask = async (change: Change) => {
      progress?.started?.(change);
      const said = await verdict(asking, change);
      // A service may repeat what it was sent.
      const found = { ...said, message: withoutSecrets(said.message, secretsOf(change)) };
      progress?.outcome?.(checked(change, found));
      verdicts.set(change.address, found);
      return found.status;
    };
    const bodies = plan.changes.filter((change) => isSent(change) && isAskable(asking, change));
    const waiting = [...bodies, ...plan.changes.filter((change) => !bodies.includes(change))];
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
  readonly known: ReadonlySet<Key>;
  readonly plan: Plan;
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
  const asked = new Set(bodies.map((one) => one.address));
  const open = changes.filter((one) => asked.has(one.address) && one.validation?.status === 'unchecked').length;
  const message = `${open} of ${bodies.length} changes could not be checked: ${first}`;
  return new SynclineError('unchecked', message, 'Nothing was written; run again.', Exit.failed);
}

function isSent({ desired, action, fields }: Change): boolean {
  return desired !== null && !(action === 'update' && fields.length === 0);
}

/** Where nobody but this machine has checked, the report says so, condition by condition. */
function localChecks(provider: Provider, changes: readonly Change[]): Note[] {
  return changes.flatMap(({ address, action, validation }) => {
    if (validation === null || action === 'delete') return [];
    const { checks } = resourceOf(provider, kindOf(address)).capabilities;
    return checks === 'local' ? [{ address, code: 'local-check', message: validation.message }] : [];
  });
}

async function verdict(asking: Asking, change: Change): Promise<Validation> {
  const { provider } = asking;
  if (change.desired === null) return { status: 'unchecked', message: 'A delete has no body to check.' };
  if (!isSent(change)) {
    return { status: 'valid', message: 'Nothing is sent for this change; only the ledger is written.' };
  }
  if (asking.wrote !== undefined)
    return { status: 'unchecked', message: 'Not checked: an earlier check created something, or may have.' };
  if (!asking.proved && asking.failures.length >= enough)
    return { status: 'unchecked', message: `Not checked: ${enough} earlier checks failed.` };
  const resource = resourceOf(provider, kindOf(change.address));
  const open = uncheckable(asking, resource, change.desired);
  if (open !== undefined) return { status: 'unchecked', message: open };
  try {
    const reading = change.action === 'create' || change.id === null ? undefined : await resource.read(change.id);
    if (change.action !== 'create' && reading === undefined) {
      return { status: 'unchecked', message: `The ${resource.traits.noun} ${change.id} no longer exists.` };
    }
    const { spec, left } = withoutOpenPlaces(resource, change.desired);
    const answer = await resource.check(spec, change.action === 'replace' ? undefined : reading);
    if (left.length === 0) return answer;
    return {
      ...answer,
      message: `${answer.message} Left out: the trigger on ${left.join(', ')}, which this plan makes first.`,
    };
  } catch (error) {
    if (error instanceof CheckWroteError) asking.wrote ??= error;
    else asking.failures.push(withoutSecrets(sayError(error), secretsOf(change)));
    if (error instanceof ProviderError && error.fate === 'unknown') asking.wrote ??= await madeUnseen(asking, change);
    return { status: 'unchecked', message: sayError(error) };
  }
}

/** A check without an answer may have made a sync, where the service ignores the flag. Looks whether there is one more by now. */
async function madeUnseen({ provider, known }: Asking, { address, label }: Change): Promise<SynclineError | undefined> {
  const resource = resourceOf(provider, kindOf(address));
  const { kind, capabilities, traits } = resource;
  if (capabilities.checks !== 'service' || label === null) return undefined;
  const ids = new Set([...known].flatMap((key): RemoteId[] => (partsOf(key).kind === kind ? [partsOf(key).id] : [])));
  try {
    const made = (await resource.newest(ids)).find((one) => appearance(one.label ?? '') === appearance(label));
    if (made === undefined) return undefined;
    const message = `The check of ${address} was not answered, and the ${traits.noun} ${made.id} with its label is there since then.`;
    return new CheckWroteError(made.id, message);
  } catch (error) {
    const message = `The check of ${address} was not answered, and it is not known whether it made a ${traits.noun}: ${sayError(error)}`;
    const hint = `Look for a new ${traits.noun} with the label "${label}", and run again.`;
    return new SynclineError('check-unknown', message, hint, Exit.partial);
  }
}

/** A trigger that names a sync which this very plan makes has no id to be checked with, so it is left out. */
function withoutOpenPlaces({ traits }: Resource, desired: Spec): { spec: Spec; left: string[] } {
  let spec = desired;
  const left: string[] = [];
  for (const { reference, address } of openPlaces(traits, desired)) {
    spec = withValueAt(spec, reference.into.slice(0, reference.into.lastIndexOf('/')), undefined);
    left.push(address);
  }
  return { spec, left };
}

function isAskable(asking: Asking, { address, desired }: Change): boolean {
  return uncheckable(asking, resourceOf(asking.provider, kindOf(address)), desired ?? {}) === undefined;
}

/** Why nobody can say yet what the service will make of a body; undefined where it can be asked. */
function uncheckable(
  { plan, provider }: Asking,
  { traits, capabilities }: Resource,
  desired: Spec,
): string | undefined {
  if (capabilities.checks === 'none')
    return `The API has no check for a ${traits.noun}: it judges the ${traits.noun} when it is sent.`;
  const waiting = openPlaces(traits, desired).find(({ reference }) => reference.optional !== true);
  if (waiting !== undefined) return `It refers to ${waiting.address}, which this plan makes first.`;
  const changed = traits.references.flatMap((reference) => preparing(provider, plan, reference, desired))[0];
  return changed === undefined
    ? undefined
    : `It refers to ${changed.address}, whose ${changed.what} this plan changes first.`;
}

/** What this plan changes first, of that to which a body refers, and what the body depends on. */
function preparing(
  provider: Provider,
  plan: Plan,
  reference: Reference,
  desired: Spec,
): { readonly address: Address; readonly what: string }[] {
  const { manifest: kind, optional } = reference;
  const id = kind === undefined || optional === true ? undefined : idAt(reference, desired);
  if (kind === undefined || id === undefined) return [];
  const key = keyOf(kind, id);
  const { traits } = resourceOf(provider, kind);
  return plan.changes.flatMap(({ address, id: own, fields }) => {
    const prepared = fields.filter(({ path }) => prepares(traits, path));
    if (own === null || keyAt(address, own) !== key || prepared.length === 0) return [];
    return [{ address, what: prepared.map(({ path }) => path.slice(1)).join(', ') }];
  });
}
