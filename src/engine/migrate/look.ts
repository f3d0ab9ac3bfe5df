import type { Address } from '../../model/address.ts';
import { ProviderError } from '../../model/errors.ts';
import type { Json, Spec } from '../../model/json.ts';
import type { Live, RemoteId } from '../../model/live.ts';
import type { Thing } from '../../model/migration.ts';
import { type Provider, resourceOf } from '../../model/provider.ts';
import { normalised } from '../live.ts';

/** Everything of some kinds at one API, and when each of it was made. */
export interface Seen {
  readonly live: readonly Live[];
  readonly things: readonly Thing[];
}

/** Lists kinds whole. Reads only. @throws ProviderError */
export async function look(provider: Provider, kinds: Iterable<string>): Promise<Seen> {
  const live: Live[] = [];
  const things: Thing[] = [];
  await Promise.all(
    [...kinds].map(async (kind) => {
      const resource = resourceOf(provider, kind);
      await resource.list((page) => {
        for (const one of page) {
          const clean = normalised(resource, one);
          live.push(clean);
          things.push({ space: kind, id: clean.id, name: clean.label, created: one.created });
        }
      });
    }),
  );
  return { live, things };
}

/**
 * The things of a collection within each of some others; undefined where the API lists none of it, or refuses to. Reads only.
 * @throws ProviderError
 */
export async function lookInto(
  provider: Provider,
  collection: string,
  within: ReadonlySet<RemoteId | undefined>,
): Promise<readonly Thing[] | undefined> {
  const things = new Map<RemoteId, Thing>();
  for (const outer of within) {
    const named = await listed(provider, collection, outer);
    if (named === undefined) return undefined;
    for (const { id, name, type } of named) {
      const text = String(id);
      things.set(text, { space: collection, id: text, name, type });
    }
  }
  return [...things.values()];
}

async function listed(provider: Provider, collection: string, outer: RemoteId | undefined) {
  try {
    return await provider.named(collection, outer === undefined ? undefined : numberOr(outer));
  } catch (error) {
    if (error instanceof ProviderError && error.fate === 'refused') return undefined;
    throw error;
  }
}

function numberOr(id: RemoteId): Json {
  const number = Number(id);
  return Number.isSafeInteger(number) && String(number) === id ? number : id;
}

/** The specs of what is live, by kind and id, to see whether anything has changed between two readings. */
export function specsOf(live: readonly Live[], kinds: ReadonlySet<string>): ReadonlyMap<Address, Spec> {
  const known = live.filter(({ kind }) => kinds.has(kind));
  return new Map(known.map(({ kind, id, spec }) => [`${kind}#${id}`, spec]));
}
