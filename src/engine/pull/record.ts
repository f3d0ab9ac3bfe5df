import { adopted } from '../../core/adopt/adopted.ts';
import type { Address } from '../../model/address.ts';
import type { Entry, Ledger } from '../../model/ledger.ts';
import type { Live } from '../../model/live.ts';
import type { Manifest } from '../../model/manifest.ts';
import { resourceOf, traitsIn } from '../../model/provider.ts';
import type { PullReport } from '../../model/pull.ts';
import type { RunIdentity } from '../request.ts';
import type { Known } from './revise.ts';

/** A manifest that says what is live by now. */
export interface Settled {
  readonly manifest: Manifest;
  readonly live: Live;
  /** Is nothing bound to it yet? */
  readonly binds: boolean;
}

/** The ledger as it is to be saved; undefined where nothing is to be. */
export interface Recorded {
  readonly ledger: Ledger | undefined;
  readonly bound: PullReport['bound'];
}

/**
 * The ledger with what was bound, marked as pulled, and with a record of what had none. `saved`: the ledger as it is, before anything that
 * only an apply moves in it.
 */
export function recorded(
  known: Known,
  settled: readonly Settled[],
  saved: Ledger | null,
  { run, actor, commit }: RunIdentity,
  at: string,
): Recorded {
  const { provider, ledger, live, manifests } = known;
  if (ledger === null || saved === null) return { ledger: undefined, bound: [] };
  // An address whose binding waits to be moved away is not free before that.
  const news = settled.filter(({ manifest, binds }) => binds && saved.syncs[manifest.address] === undefined);
  const unknown = settled.filter(({ manifest, binds }) => !binds && saved.syncs[manifest.address]?.spec === null);
  if (news.length + unknown.length === 0) return { ledger: undefined, bound: [] };
  const after = new Map(settled.map(({ manifest }) => [manifest.address, manifest]));
  const old = manifests.map((one) => after.get(one.address) ?? one);
  const declared = new Set(manifests.map((one) => one.address));
  const fresh = [...after.values()].filter((one) => !declared.has(one.address));
  const deletionsOf = (kind: string) => resourceOf(provider, kind).capabilities.deletions;
  const input = { traitsOf: traitsIn(provider), manifests: [...old, ...fresh], live, ledger, deletionsOf };
  const adoptions = news.map(({ manifest, live: one }) => ({
    kind: 'adopt' as const,
    manifest,
    live: one,
    from: undefined,
  }));
  const made = adoptions.length === 0 ? ledger : adopted(input, adoptions, { run, actor, commit, at }).ledger;
  const syncs: Record<Address, Entry> = { ...saved.syncs };
  for (const { manifest } of news) {
    const entry = made.syncs[manifest.address];
    if (entry !== undefined) syncs[manifest.address] = { ...entry, pulled: true };
  }
  for (const { manifest } of unknown) {
    const entry = syncs[manifest.address];
    if (entry?.state === 'bound') syncs[manifest.address] = { ...entry, spec: manifest.spec };
  }
  return {
    ledger: { ...saved, syncs, dead: made.dead, runs: made.runs },
    bound: news.map(({ manifest, live: one }) => ({ address: manifest.address, id: one.id })),
  };
}
