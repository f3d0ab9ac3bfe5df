import type { PlanInput } from '../core/plan/decision.ts';
import { idText, type Types, typesAsked } from '../core/spec/immutable.ts';
import { type Address, kindOf } from '../model/address.ts';
import { ProviderError } from '../model/errors.ts';
import type { FieldChange, Plan } from '../model/plan.ts';
import { type Provider, resourceOf } from '../model/provider.ts';

/**
 * A plan. Where the type of what a sync refers to decides whether it can be carried out, or the API cannot make everything, that is
 * read and it is made again: most plans cost no request for that.
 */
export async function madeWithTypes(
  provider: Provider,
  input: PlanInput,
  make: (input: PlanInput) => Plan,
): Promise<Plan> {
  const plan = make(input);
  const inPlace = plan.changes.filter(({ action }) => action === 'update' || action === 'adopt');
  const [types, unmakeable] = await Promise.all([typesFor(provider, inPlace), unmakeableIn(provider, plan)]);
  return types.size === 0 && unmakeable.size === 0 ? plan : make({ ...input, types, unmakeable });
}

/** Creates that the API has no words for, each with the reason. */
async function unmakeableIn(provider: Provider, { changes }: Plan): Promise<ReadonlyMap<Address, string>> {
  const asked = changes.map(async ({ action, address, desired }) => {
    if (action !== 'create' || desired === null) return [];
    const reason = await resourceOf(provider, kindOf(address)).unmakeable?.(desired);
    return reason === undefined ? [] : [[address, reason] as const];
  });
  return new Map((await Promise.all(asked)).flat());
}

/** The types that decide whether the fields of these changes can be changed in place; empty where none do. Reads only. */
export async function typesFor(
  provider: Provider,
  changes: readonly { readonly address: Address; readonly fields: readonly Pick<FieldChange, 'path'>[] }[],
): Promise<Types> {
  const asked = new Set<string>();
  for (const { address, fields } of changes) {
    const { traits } = resourceOf(provider, kindOf(address));
    for (const { collection } of typesAsked(traits, fields)) if (collection !== undefined) asked.add(collection);
  }
  return new Map(await Promise.all([...asked].map(async (one) => [one, await typesOf(provider, one)] as const)));
}

async function typesOf(provider: Provider, collection: string): Promise<ReadonlyMap<string, string>> {
  try {
    const things = (await provider.named(collection, undefined)) ?? [];
    return new Map(things.flatMap(({ id, type }) => (type === undefined ? [] : [[idText(id), type] as const])));
  } catch (error) {
    // A token that may not list them can still write; then the service itself decides.
    if (error instanceof ProviderError && error.fate === 'refused') return new Map();
    throw error;
  }
}
