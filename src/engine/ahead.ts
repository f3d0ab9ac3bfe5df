import { type CollectionPart, partKey } from '../core/references/names.ts';
import type { Declared, LedgerStore, Stored } from '../ledger/store.ts';
import type { Address } from '../model/address.ts';
import type { Spec } from '../model/json.ts';
import type { NamedThing, Workspace } from '../model/live.ts';
import type { Manifest } from '../model/manifest.ts';
import type { Provider } from '../model/provider.ts';
import { type LiveReader, liveReader, neededKinds } from './live.ts';
import type { TargetRequest } from './request.ts';
import { noneResolved, type ResolvedAhead, withCertainIds } from './resolve.ts';

/** What is read of a target from outside: each part once. */
export interface Reading {
  /** Whose token it is. */
  identify(): Promise<Workspace | undefined>;
  readonly live: LiveReader;
  /** What the store holds; `resolving` are the manifests with their names resolved. Where they cannot be, the store may have more to say. */
  stored(resolving: Promise<readonly Manifest[]>): Promise<Stored | undefined>;
  /** What is in a collection, as `Provider.named` says it. */
  named(part: CollectionPart): Promise<readonly NamedThing[] | undefined>;
  /** Names that were resolved while manifests were still checked. Once this has resolved, `live` knows all of these manifests. */
  resolved(): Promise<ResolvedAhead>;
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
  const live = liveReader(provider);
  const collections = new Map<string, { readonly part: CollectionPart; readonly things: Things }>();
  const resolved = new Map<Manifest, Manifest>();
  const specs = new Map<Address, Spec>();
  const batches: Promise<void>[] = [];
  const ledger = ledgerAhead(store, (address) => specs.get(address));
  let taken = false;
  const named = (part: CollectionPart) => {
    const key = partKey(part);
    const reading = collections.get(key) ?? { part, things: quiet(provider.named(part.collection, part.within)) };
    collections.set(key, reading);
    return reading.things;
  };
  /** What is live is compared with manifests that have ids where it has: most is equal then, and held once. */
  async function take(manifests: readonly Manifest[]): Promise<void> {
    const known = await withCertainIds(provider, manifests, named).catch(() => manifests);
    for (const [index, one] of known.entries()) {
      specs.set(one.address, one.spec);
      const before = manifests[index];
      if (before !== undefined && before !== one) resolved.set(before, one);
    }
    live.declare(known);
    ledger.told(known.map((one) => one.address));
  }
  return {
    declare: (manifests) => {
      if (manifests.length === 0) return;
      live.begin(neededKinds(provider, new Set(manifests.map((one) => one.kind))));
      ledger.calmAfter(live.arrived());
      batches.push(take(manifests));
    },
    take: () => {
      if (taken) return undefined;
      taken = true;
      return {
        identify: () => workspace,
        live,
        stored: ledger.take,
        named,
        resolved: async () => {
          await Promise.all(batches);
          return { manifests: resolved, parts: [...collections.values()].map((one) => one.part) };
        },
      };
    },
    drop: ledger.drop,
  };
}

type Things = ReturnType<Provider['named']>;

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
    stored: (resolving) => {
      const ledger = ledgerAhead(store, () => undefined);
      return ledger.take(resolving);
    },
    resolved: async () => noneResolved,
    named: ({ collection, within }) => provider.named(collection, within),
  };
}

interface LedgerAhead {
  /** Of these `early` has something to say from now on. */
  told(addresses: readonly Address[]): void;
  /** What has to be done with the ledger waits for this. */
  calmAfter(settled: Promise<unknown>): void;
  readonly take: Reading['stored'];
  drop(): void;
}

/** What is slow about a ledger begins before anybody knows what is declared. `early`: what is known of that so far. */
function ledgerAhead(store: LedgerStore, early: Declared['specOf']): LedgerAhead {
  let last: Declared['specOf'] | undefined;
  let calmDown = (): void => undefined;
  let end = (): void => undefined;
  const calm = new Promise<void>((resolve) => {
    calmDown = resolve;
  });
  const whole = new Promise<void>((resolve) => {
    end = resolve;
  });
  const followers: Parameters<Declared['follow']>[0][] = [];
  const follow: Declared['follow'] = (tell) => {
    followers.push(tell);
  };
  const finish = (specOf: Declared['specOf']): void => {
    last = specOf;
    calmDown();
    end();
  };
  const reading = quiet(store.read({ specOf: (address) => (last ?? early)(address), follow, calm, whole }));
  return {
    told: (addresses) => {
      for (const tell of followers) tell(addresses);
    },
    calmAfter: (settled) => {
      settled.then(calmDown, calmDown);
    },
    take: (resolving) => {
      resolving.then(
        (manifests) => finish(specsOf(manifests)),
        () => finish(() => undefined),
      );
      return reading;
    },
    drop: () => finish(() => undefined),
  };
}

function specsOf(manifests: readonly Manifest[]): Declared['specOf'] {
  const specs = new Map(manifests.map((one) => [one.address, one.spec]));
  return (address) => specs.get(address);
}

/** The same promise. Its failure is no fault of the process while nobody has asked for it. */
function quiet<Result>(promise: Promise<Result>): Promise<Result> {
  promise.catch(() => undefined);
  return promise;
}
