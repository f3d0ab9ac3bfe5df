import { boundKeys } from '../core/memory/ledger.ts';
import { intents } from '../core/memory/pending.ts';
import { labelOf } from '../core/spec/label.ts';
import { normalise } from '../core/spec/normalise.ts';
import { share } from '../core/spec/share.ts';
import { kindOf } from '../model/address.ts';
import { Exit, SynclineError } from '../model/errors.ts';
import type { Spec } from '../model/json.ts';
import type { Ledger } from '../model/ledger.ts';
import { type Key, keyOf, type Live, partsOf } from '../model/live.ts';
import { type Provider, type Resource, resourceOf, traitsIn } from '../model/provider.ts';
import type { TargetRequest } from './request.ts';

/** The spec of each label that a manifest wants, by kind and label. */
export type Labelled = ReadonlyMap<string, Spec>;

export function labelledSpecs({ manifests, provider }: TargetRequest): Labelled {
  const traitsOf = traitsIn(provider);
  return new Map(
    manifests.flatMap(({ kind, spec }) => {
      const label = labelOf(traitsOf(kind), spec);
      return label === undefined ? [] : [[labelKey(kind, label), spec] as const];
    }),
  );
}

function labelKey(kind: string, label: string): string {
  return `${kind} ${label}`;
}

/** Everything that is live of these kinds, normalised as its page arrives so that raw pages can be let go. */
export async function readLive(
  { provider, progress }: Pick<TargetRequest, 'provider' | 'progress'>,
  kinds: Iterable<string>,
  twins: Labelled,
): Promise<Live[]> {
  const live: Live[] = [];
  await Promise.all(
    [...kinds].map(async (kind) => {
      const resource = resourceOf(provider, kind);
      await resource.list((page, of) => {
        progress?.page?.(kind, page.length, of);
        for (const one of page) {
          const { spec, ...rest } = normalised(resource, one);
          const twin = rest.label === undefined ? undefined : twins.get(labelKey(kind, rest.label));
          live.push({ ...rest, spec: share(spec, twin) });
        }
      });
    }),
  );
  return live;
}

/**
 * Where a list is only an index, the things that matter are read one by one: those that are bound, and those that bear a label
 * which a manifest wants. Never one per foreign thing.
 */
export async function completed(
  provider: Provider,
  listed: readonly Live[],
  ledger: Ledger | null,
  { labels, keys }: { readonly labels: Labelled; readonly keys: ReadonlySet<Key> },
): Promise<readonly Live[]> {
  const isIndex = (kind: string) => resourceOf(provider, kind).capabilities.listing === 'index';
  if (![...provider.resources.keys()].some(isIndex)) return listed;
  const bound = new Set(ledger === null ? [] : boundKeys(ledger));
  const unanswered = Object.entries(ledger?.syncs ?? {}).flatMap(([address, { pending }]) =>
    pending === null ? [] : intents(pending).map((one) => labelKey(kindOf(address), one.label)),
  );
  const pending = new Set(unanswered);
  const matters = ({ kind, id, label }: Live) => {
    const key = keyOf(kind, id);
    if (!isIndex(kind) || ledger?.dead[key] !== undefined) return false;
    if (bound.has(key) || keys.has(key)) return true;
    return label !== undefined && (labels.has(labelKey(kind, label)) || pending.has(labelKey(kind, label)));
  };
  const read = listed.map(async (one) => {
    if (!matters(one)) return one;
    const resource = resourceOf(provider, one.kind);
    const reading = await resource.read(one.id);
    return reading === undefined ? undefined : normalised(resource, reading.live);
  });
  return (await Promise.all(read)).filter((one) => one !== undefined);
}

/** A live thing with its spec normalised, and the label that this gives it. */
export function normalised({ kind, traits }: Pick<Resource, 'kind' | 'traits'>, one: Live): Live {
  const spec = normalise(traits, one.spec);
  return { kind, id: one.id, label: labelOf(traits, spec), spec };
}

/** Something bound that the list does not show is looked up on its own: only the service's own word makes it gone. */
export async function proveGone(provider: Provider, ledger: Ledger, live: readonly Live[]): Promise<Set<Key>> {
  const listed = new Set(live.map((one) => keyOf(one.kind, one.id)));
  const missing = boundKeys(ledger).filter((key) => !listed.has(key));
  const readings = await Promise.all(
    missing.map(async (key) => {
      const { kind, id } = partsOf(key);
      const resource = resourceOf(provider, kind);
      return { id, noun: resource.traits.noun, reading: await resource.read(id) };
    }),
  );
  const hidden = readings.find((one) => one.reading !== undefined);
  if (hidden !== undefined) {
    throw new SynclineError(
      'list-incomplete',
      `The ${hidden.noun} ${hidden.id} exists but is missing from the list of ${hidden.noun}s.`,
      'The list may have shifted while it was read; run again.',
      Exit.failed,
    );
  }
  return new Set(missing);
}
