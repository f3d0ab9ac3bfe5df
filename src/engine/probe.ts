import { openLinks } from '../core/order.ts';
import { type Spec, withValueAt } from '../model/json.ts';
import type { Change, Note, Plan, Validation } from '../model/plan.ts';
import type { Provider } from '../model/provider.ts';
import { sayError } from './say.ts';

/** The plan with the server's verdict on every change that has a body. Sends `validate_only` bodies and reads, nothing else. */
export async function probePlan(provider: Provider, plan: Plan): Promise<Plan> {
  provider.permit('validate-only');
  try {
    const changes = await Promise.all(plan.changes.map((change) => probeChange(provider, change)));
    return { ...plan, changes, notes: [...plan.notes, ...localChecks(provider, changes)] };
  } finally {
    provider.permit('none');
  }
}

/** Where nobody but this machine has checked, the report says so, condition by condition. */
function localChecks(provider: Provider, changes: readonly Change[]): Note[] {
  if (provider.manner.checks === 'service') return [];
  return changes.flatMap(({ address, action, validation }) =>
    validation === null || action === 'delete' ? [] : [{ address, code: 'local-check', message: validation.message }],
  );
}

async function probeChange(provider: Provider, change: Change): Promise<Change> {
  return { ...change, validation: await verdict(provider, change) };
}

async function verdict(provider: Provider, change: Change): Promise<Validation> {
  if (change.desired === null) return { status: 'unchecked', message: 'A delete has no body to check.' };
  if (change.action === 'update' && change.fields.length === 0) {
    return { status: 'valid', message: 'Nothing is sent for this change; only the ledger is written.' };
  }
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
    return { status: 'unchecked', message: sayError(error) };
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
