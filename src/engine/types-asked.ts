import type { PlanInput } from '../core/decision.ts';
import { idText, type Types, typesAsked } from '../core/immutable.ts';
import { ProviderError } from '../model/errors.ts';
import type { FieldChange, Plan } from '../model/plan.ts';
import type { Provider } from '../model/provider.ts';
import type { RefTrait } from '../model/traits.ts';

/**
 * A plan. Where the type of what a sync refers to decides whether it can be carried out, these types are read and it is made
 * again: most plans cost no request for that.
 */
export async function madeWithTypes(
  provider: Provider,
  input: PlanInput,
  make: (input: PlanInput) => Plan,
): Promise<Plan> {
  const plan = make(input);
  const inPlace = plan.changes.filter(({ action }) => action === 'update' || action === 'adopt');
  const types = await typesFor(
    provider,
    inPlace.flatMap((change) => change.fields),
  );
  return types.size === 0 ? plan : make({ ...input, types });
}

/** The types that decide whether these fields can be changed in place; empty where none do. Reads only. */
export async function typesFor(provider: Provider, fields: readonly Pick<FieldChange, 'path'>[]): Promise<Types> {
  const asked = typesAsked(provider.traits, fields);
  return new Map(await Promise.all(asked.map(async (ref) => [ref.into, await typesOf(provider, ref)] as const)));
}

async function typesOf(provider: Provider, { collection }: RefTrait): Promise<ReadonlyMap<string, string>> {
  try {
    const things = (await provider.named(collection, undefined)) ?? [];
    return new Map(things.flatMap(({ id, type }) => (type === undefined ? [] : [[idText(id), type] as const])));
  } catch (error) {
    // A token that may not list them can still write; then the service itself decides.
    if (error instanceof ProviderError && error.fate === 'refused') return new Map();
    throw error;
  }
}
