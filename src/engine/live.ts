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
import type { Manifest } from '../model/manifest.ts';
import { type Provider, type Resource, resourceOf } from '../model/provider.ts';
import type { Progress } from './request.ts';

/** The spec of each label that a manifest wants, by kind and label. */
export type Labelled = ReadonlyMap<string, Spec>;

function labelKey(kind: string, label: string): string {
  return `${kind} ${label}`;
}

/** Reads what is live, kind by kind, normalised as its pages arrive so that raw pages can be let go. */
export interface LiveReader {
  /** The labels that are wanted so far. */
  readonly labels: Labelled;
  /** From now on a value of a live thing that equals what one of these says of it is held once for both. */
  declare(manifests: readonly Manifest[]): void;
  /** Begins to read these kinds, unless that has begun. */
  begin(kinds: Iterable<string>): void;
  /** Resolves once what has begun so far is there, or has failed. */
  arrived(): Promise<void>;
  /** Everything of these kinds: what has begun is waited for, once; who asks again wants to know what is there now. */
  list(kinds: Iterable<string>): Promise<Live[]>;
  /** Tells of each page from now on, and of those that have come already. */
  watch(progress: Progress | undefined): void;
}

/** A reader of everything that is live at a provider. */
export function liveReader(provider: Provider): LiveReader {
  const labels = new Map<string, Spec>();
  /** What has no manifest, so far. */
  const unmet = new Map<string, (twin: Spec) => void>();
  const begun = new Map<string, Promise<Live[]>>();
  const pages: Parameters<NonNullable<Progress['page']>>[] = [];
  let progress: Progress | undefined;

  function take(live: Live[], { spec, ...rest }: Live): void {
    const key = rest.label === undefined ? undefined : labelKey(rest.kind, rest.label);
    const twin = key === undefined ? undefined : labels.get(key);
    const place = live.push({ ...rest, spec: share(spec, twin) }) - 1;
    if (key === undefined || twin !== undefined) return;
    const before = unmet.get(key);
    unmet.set(key, (late) => {
      before?.(late);
      live[place] = { ...rest, spec: share(spec, late) };
    });
  }
  async function read(kind: string): Promise<Live[]> {
    const live: Live[] = [];
    const resource = resourceOf(provider, kind);
    await resource.list((page, of) => {
      if (progress === undefined) pages.push([kind, page.length, of]);
      else progress.page?.(kind, page.length, of);
      for (const one of page) take(live, normalised(resource, one));
    });
    return live;
  }
  const reading = (kind: string): Promise<Live[]> => {
    const first = begun.get(kind) ?? read(kind);
    begun.delete(kind);
    return first;
  };
  return {
    labels,
    declare: (manifests) => {
      for (const { kind, spec } of manifests) {
        const label = labelOf(resourceOf(provider, kind).traits, spec);
        if (label === undefined) continue;
        const key = labelKey(kind, label);
        labels.set(key, spec);
        unmet.get(key)?.(spec);
        unmet.delete(key);
      }
    },
    begin: (kinds) => {
      for (const kind of kinds) {
        if (begun.has(kind)) continue;
        const list = read(kind);
        list.catch(() => undefined);
        begun.set(kind, list);
      }
    },
    arrived: async () => {
      await Promise.allSettled(begun.values());
    },
    list: async (kinds) => (await Promise.all([...kinds].map(reading))).flat(),
    watch: (next = {}) => {
      progress = next;
      for (const page of pages.splice(0)) next.page?.(...page);
    },
  };
}

/**
 * These kinds, and those that refer to them: whether something may go is a question of who uses it. A kind that nobody asks for is not
 * listed, so that a workspace without it loses nothing.
 */
export function neededKinds({ resources }: Provider, asked: Iterable<string>): ReadonlySet<string> {
  const wanted = new Set(asked);
  const users = [...resources.values()].filter(({ traits }) =>
    traits.references.some(({ manifest }) => manifest !== undefined && wanted.has(manifest)),
  );
  for (const { kind } of users) wanted.add(kind);
  return new Set([...resources.keys()].filter((kind) => wanted.has(kind)));
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
