import { kindOf } from '../../model/address.ts';
import { Exit } from '../../model/errors.ts';
import { bareEnding, type Ending } from '../../model/failed.ts';
import type { Json, Spec } from '../../model/json.ts';
import type { Blocked, Change, FieldChange, Plan, PlanFile } from '../../model/plan.ts';
import type { KindTraits, TraitsOf } from '../../model/traits.ts';
import { digestOf } from '../hash.ts';
import { inOneOrder, valueInOneOrder } from '../spec/fingerprint.ts';

/**
 * The digest that names what a plan would do. Origins, names, times, hints, validation, the commit and the ledger's records are
 * left out, so that moving a manifest between files, renaming a connection, committing or probing a plan keeps its digest.
 */
export function planDigest(traitsOf: TraitsOf, plan: Omit<Plan, 'digest'>): string {
  const { target, provider, api, host, workspace, groups, selection } = plan;
  const changes = plan.changes.map((one) => saidByChange(traitsOf, one));
  const blocked = plan.blocked.map((one) => saidByBlocked(traitsOf, one));
  const scope = { workspace, ...(groups !== undefined && { groups }) };
  return digestOf(asJson({ target, provider, api, host, ...scope, selection: { ...selection }, changes, blocked }));
}

/** What a digest covers of a change. */
export function saidByChange(traitsOf: TraitsOf, change: Change): Json {
  const { origin: _o, about: _a, validation: _v, record: _r, ...rest } = change;
  const traits = traitsOf(kindOf(rest.address));
  const desired = rest.desired === null ? null : inOneOrder(traits, rest.desired);
  return asJson({ ...rest, desired, fields: fieldsOf(traits, rest.fields, rest.desired) });
}

/** What a digest covers of what is blocked. */
export function saidByBlocked(traitsOf: TraitsOf, blocked: Blocked): Json {
  const { origin: _o, about: _a, hint: _h, ...rest } = blocked;
  return asJson({ ...rest, fields: fieldsOf(traitsOf(kindOf(rest.address)), rest.fields, null) });
}

/** What no order is meant by stands in one order, as a list that is cleared whole. */
function fieldsOf(traits: KindTraits, fields: readonly FieldChange[], desired: Spec | null): readonly FieldChange[] {
  const one = (path: string, value: Json) => valueInOneOrder(traits, path, value, desired ?? {});
  return fields.map(({ names: _n, ...field }) => ({
    ...field,
    from: one(field.path, field.from),
    to: one(field.path, field.to),
  }));
}

/** The file that `plan --out` writes, of these plans; the seal shows any later edit. */
export function sealPlans(plans: readonly Plan[], ending: Ending = allWell): PlanFile {
  const content = { version: 1, plans, ...bareEnding(ending) } as const;
  return { ...content, seal: digestOf(asJson(content)) };
}

const allWell: Ending = { exit: Exit.ok, failed: [] };

/** Is this file as it was written? */
export function isSealed(file: PlanFile): boolean {
  return sealPlans(file.plans, file).seal === file.seal;
}

/** Plans are made of JSON; their interfaces only lack the index signature that says so. */
function asJson(value: object): Json {
  return value as Json;
}
