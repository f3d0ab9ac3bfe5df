import { namedDrift } from '../core/drift-names.ts';
import type { PlanInput } from '../core/plan/decision.ts';
import { describe } from '../core/plan/describe.ts';
import { planIndexOf } from '../core/plan/plan.ts';
import { type CollectionPart, partKey } from '../core/references/names.ts';
import type { Directory } from '../core/references/referent.ts';
import type { Address } from '../model/address.ts';
import type { Drift } from '../model/drift.ts';
import { ProviderError, SynclineError } from '../model/errors.ts';
import type { NamedThing } from '../model/live.ts';
import type { Plan } from '../model/plan.ts';
import { type Provider, resourceOf } from '../model/provider.ts';

/** Collections as they were read; undefined stands for one that cannot be. */
export type Read = Map<string, readonly NamedThing[] | undefined>;

/** Names are worth so many reads for one report, and no more. */
const mostReads = 10;

/** What is known when names are looked up. */
type Known = Pick<PlanInput, 'live' | 'ledger' | 'manifests' | 'traitsOf'>;

/**
 * The plan with the names of what it refers to. Where they are known already, that costs no request; else each collection that has
 * one is read once, and one that cannot be read costs its names. A plan without changes asks nobody. `byManifests`: is what a
 * manifest says what the plan wants? An undo wants something else.
 */
export async function withNames(
  provider: Provider,
  known: Known,
  plan: Plan,
  { read, byManifests }: { readonly read: Read; readonly byManifests: boolean },
): Promise<Plan> {
  if (plan.changes.length === 0 && plan.blocked.length === 0) return plan;
  const directory = directoryOf(known, read);
  const knowledge = {
    ...directory,
    aboutOf: (kind: string) => resourceOf(provider, kind).about,
    meant: (address: Address) => (byManifests ? directory.declared.byAddress.get(address)?.spec : undefined),
  };
  return (await readUp(provider, read, () => describe(knowledge, plan))).plan;
}

/** The drift with the names of the ids that its fields hold. Costs as much as `withNames`, and nothing where nothing has drifted. */
export async function driftWithNames(
  provider: Provider,
  known: Known,
  drift: readonly Drift[],
  read: Read,
): Promise<readonly Drift[]> {
  if (drift.every(({ fields }) => fields.length === 0)) return drift;
  const directory = directoryOf(known, read);
  return (await readUp(provider, read, () => namedDrift(directory, drift))).drift;
}

function directoryOf(known: Known, read: Read): Directory {
  return { ...planIndexOf(known), traitsOf: known.traitsOf, catalogue: read };
}

/** Names what it can, and once more after the collections were read that have the other names. */
async function readUp<Named extends { readonly unread: readonly CollectionPart[] }>(
  provider: Provider,
  read: Read,
  name: () => Named,
): Promise<Named> {
  const first = name();
  if (first.unread.length === 0) return first;
  await Promise.all(first.unread.slice(0, mostReads).map((part) => readPart(provider, part, read)));
  return name();
}

/** Reads a collection for its names; one that cannot be read has none. */
export async function readPart(provider: Provider, part: CollectionPart, read: Read): Promise<void> {
  try {
    read.set(partKey(part), await provider.named(part.collection, part.within));
  } catch (error) {
    // A token that may not list them can still write, and a name is not worth a plan.
    if (!(error instanceof ProviderError || error instanceof SynclineError)) throw error;
    read.set(partKey(part), undefined);
  }
}
