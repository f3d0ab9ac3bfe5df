import { indexDeclared } from '../core/references/declared.ts';
import { type CollectionPart, partFor, partKey } from '../core/references/names.ts';
import type { Declared, LedgerStore, Stored } from '../ledger/store.ts';
import type { NamedThing, Workspace } from '../model/live.ts';
import type { Manifest } from '../model/manifest.ts';
import { type Provider, resourceOf, traitsIn } from '../model/provider.ts';
import { type LiveReader, liveReader, neededKinds } from './live.ts';
import type { TargetRequest } from './request.ts';

/** What is read of a target from outside: each part once. */
export interface Reading {
  /** Whose token it is. */
  identify(): Promise<Workspace | undefined>;
  readonly live: LiveReader;
  /** What the store holds; `declared` as `LedgerStore.read` takes it. */
  stored(declared: Promise<Declared>): Promise<Stored | undefined>;
  /** What is in a collection, as `Provider.named` says it. */
  named(part: CollectionPart): Promise<readonly NamedThing[] | undefined>;
}

/**
 * A reading that begins while the manifests of its target are still checked. It sends what it would send later and nothing else: what
 * belongs to every target at once, and what manifests ask for as soon as the first of them are known.
 */
export interface Ahead {
  /** Told of valid manifests as they are found, each once. */
  declare(manifests: readonly Manifest[]): void;
  /** The reading; undefined once it was taken, for who asks again wants to know what is there now. */
  take(): Reading | undefined;
  /** Nobody takes it any more. */
  drop(): void;
}

type Sources = Pick<TargetRequest, 'provider' | 'store'>;

/** Begins to read. Whatever fails is told to who takes the reading, and to nobody else. */
export function readAhead({ provider, store }: Sources): Ahead {
  const workspace = quiet(provider.identify());
  const ledger = ledgerAhead(store);
  const live = liveReader(provider);
  const collections = new Map<string, Promise<readonly NamedThing[] | undefined>>();
  let taken = false;
  const named = (part: CollectionPart) => {
    const key = partKey(part);
    const reading = collections.get(key) ?? quiet(provider.named(part.collection, part.within));
    collections.set(key, reading);
    return reading;
  };
  return {
    declare: (manifests) => {
      live.declare(manifests);
      live.begin(neededKinds(provider, new Set(manifests.map((one) => one.kind))));
      for (const part of certainParts(provider, manifests)) named(part);
    },
    take: () => {
      if (taken) return undefined;
      taken = true;
      return { identify: () => workspace, live, stored: ledger.take, named };
    },
    drop: ledger.drop,
  };
}

/** What has begun to be read for a request, and nobody has taken yet; else each part is read when it is asked for. */
export function readingOf(request: TargetRequest): Reading {
  const begun = request.ahead?.take();
  begun?.live.watch(request.progress);
  return begun ?? readNow(request);
}

/** As `readAhead`, where nothing has begun: each part is read when it is asked for. */
function readNow({ provider, store, manifests, progress }: TargetRequest): Reading {
  const live = liveReader(provider);
  live.watch(progress);
  live.declare(manifests);
  return {
    identify: () => provider.identify(),
    live,
    stored: (declared) => store.read(declared),
    named: ({ collection, within }) => provider.named(collection, within),
  };
}

/** What is slow about a ledger begins before anybody knows what is declared. */
function ledgerAhead(store: LedgerStore): { take: Reading['stored']; drop(): void } {
  let tell: (declared: Declared | Promise<Declared>) => void = () => undefined;
  const reading = quiet(
    store.read(
      new Promise<Declared>((resolve) => {
        tell = resolve;
      }),
    ),
  );
  return {
    take: (declared) => {
      tell(declared);
      return reading;
    },
    drop: () => tell(() => undefined),
  };
}

/** Collections in which names of these manifests are looked up, whatever else is declared: those that no manifest can stand for. */
function certainParts(provider: Provider, manifests: readonly Manifest[]): readonly CollectionPart[] {
  const declared = indexDeclared([], traitsIn(provider));
  const parts = new Map<string, CollectionPart>();
  for (const { kind, spec } of manifests) {
    for (const reference of resourceOf(provider, kind).traits.references) {
      if (reference.manifest !== undefined || reference.within !== undefined) continue;
      if (reference.joins !== undefined || reference.joint !== undefined) continue;
      const part = partFor(reference, spec, declared);
      if (part !== undefined) parts.set(partKey(part), part);
    }
  }
  return [...parts.values()];
}

/** The same promise. Its failure is no fault of the process while nobody has asked for it. */
function quiet<Result>(promise: Promise<Result>): Promise<Result> {
  promise.catch(() => undefined);
  return promise;
}
