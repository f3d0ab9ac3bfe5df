import { adoptMatching } from '../../core/adopt/adopt.ts';
import { indexLive } from '../../core/live-index.ts';
import { withoutIgnored } from '../../core/plan/released.ts';
import { type Likeness, likenessOf } from '../../core/pull/likeness.ts';
import { takeOver } from '../../core/pull/take.ts';
import { indexDeclared, withKnownIds } from '../../core/references/declared.ts';
import { diff } from '../../core/spec/diff.ts';
import { equal } from '../../core/spec/equal.ts';
import { labelOf } from '../../core/spec/label.ts';
import { isManaged } from '../../core/spec/managed.ts';
import { type Address, kindOf } from '../../model/address.ts';
import { hiding } from '../../model/hidden.ts';
import type { Spec } from '../../model/json.ts';
import type { Entry, Ledger } from '../../model/ledger.ts';
import { type Key, keyAt, keyOf, type Live, type RemoteId } from '../../model/live.ts';
import type { Manifest } from '../../model/manifest.ts';
import { type Provider, resourceOf, traitsIn } from '../../model/provider.ts';
import type { PullLeft } from '../../model/pull.ts';
import type { TraitsOf } from '../../model/traits.ts';
import { forbiddenKeyIn, left, noKey, type Revision } from './draft.ts';

/** What a pull is decided from. */
export interface Known {
  readonly provider: Provider;
  /** Names of what no manifest declares resolved. */
  readonly manifests: readonly Manifest[];
  /** What matters of it whole. */
  readonly live: readonly Live[];
  readonly ledger: Ledger | null;
  readonly gone: ReadonlySet<Key>;
  readonly drifted: boolean;
  /** Is it asked for? */
  readonly chosen: (address: Address, id: RemoteId | null) => boolean;
}

/** The live things that manifests stand for, by address. */
export interface Claims {
  readonly lives: ReadonlyMap<Address, { readonly live: Live; readonly entry: Entry | undefined }>;
  /** Things that an unbound manifest may mean, so that they get none of their own. */
  readonly meant: ReadonlySet<Key>;
  readonly left: readonly PullLeft[];
}

/** What each manifest stands for; what is in doubt is left. */
export function claimsOf(known: Known): Claims {
  const { provider, manifests, live, ledger, gone, drifted, chosen } = known;
  const traitsOf = traitsIn(provider);
  const index = indexLive(live, ledger);
  const lives = new Map<Address, { readonly live: Live; readonly entry: Entry | undefined }>();
  const meant = new Set<Key>();
  const found: PullLeft[] = [];
  const unbound: Manifest[] = [];
  for (const manifest of manifests) {
    const { address } = manifest;
    const entry = ledger?.syncs[address];
    if (entry === undefined) {
      unbound.push(manifest);
      continue;
    }
    if (!chosen(address, entry.id)) continue;
    const { noun } = traitsOf(manifest.kind);
    const key = entry.id === null ? undefined : keyAt(address, entry.id);
    const one = key === undefined ? undefined : index.byKey.get(key);
    if (entry.state !== 'bound' || entry.pending !== null)
      found.push(
        left('unfinished', `An earlier run has left ${address} unfinished; let \`syncline apply\` finish it first.`, {
          address,
          id: entry.id,
        }),
      );
    else if (one !== undefined) lives.set(address, { live: one, entry });
    else if (key !== undefined && gone.has(key))
      found.push(
        left(
          'gone',
          `The ${noun} ${entry.id} of ${address} no longer exists; \`syncline apply\` makes it again, unless its manifest goes.`,
          { address, id: entry.id },
        ),
      );
  }
  for (const { kind, spec } of unbound) {
    const label = labelOf(traitsOf(kind), spec);
    for (const one of label === undefined ? [] : index.bearers(kind, label)) meant.add(keyOf(kind, one.id));
  }
  if (drifted && ledger !== null) return { lives, meant, left: found };
  const deletionsOf = (kind: string) => resourceOf(provider, kind).capabilities.deletions;
  const memory = ledger ?? { meta: none, syncs: {}, dead: {}, runs: [] };
  const matches = adoptMatching({ traitsOf, manifests: unbound, live, ledger: memory, deletionsOf });
  for (const { manifest, live: one } of matches.adoptions)
    if (chosen(manifest.address, one.id)) lives.set(manifest.address, { live: one, entry: undefined });
  const likeness = ledger === null ? undefined : unlabelled(known, unbound, meant, matches.adoptions);
  for (const [address, one] of likeness?.certain ?? []) {
    meant.add(keyOf(one.kind, one.id));
    if (chosen(address, one.id)) lives.set(address, { live: one, entry: undefined });
  }
  for (const [address, candidates] of likeness?.doubtful ?? []) {
    for (const one of candidates) meant.add(keyOf(one.kind, one.id));
    if (candidates.some(({ id }) => chosen(address, id)))
      found.push(left('twins', inDoubt(address, candidates, traitsOf), { address }));
  }
  for (const { address, reason } of matches.left)
    if (chosen(address, null) && likeness?.certain.has(address) !== true && likeness?.doubtful.has(address) !== true)
      found.push(left('twins', reason, { address }));
  return { lives, meant, left: found };
}

/** What unbound manifests without a label stand for, whatever is asked for. */
function unlabelled(
  { provider, manifests, live, ledger }: Known,
  unbound: readonly Manifest[],
  meant: ReadonlySet<Key>,
  adoptions: readonly { readonly manifest: Manifest; readonly live: Live }[],
): Likeness {
  const traitsOf = traitsIn(provider);
  const { boundTo } = indexLive(live, ledger);
  const byLabel = new Map(adoptions.map(({ manifest, live: one }) => [manifest.address, one.id]));
  const isFree = (one: Live) => {
    const key = keyOf(one.kind, one.id);
    const isTaken = boundTo.has(key) || meant.has(key) || ledger?.dead[key] !== undefined;
    return !isTaken && isManaged(traitsOf(one.kind), one);
  };
  return likenessOf({
    traitsOf,
    manifests: unbound.filter(({ kind, spec }) => labelOf(traitsOf(kind), spec) === undefined),
    free: live.filter(isFree),
    declared: indexDeclared(manifests, traitsOf),
    compare: ({ kind, lifecycle, names }, spec, one) =>
      diff(traitsOf(kind), one, withoutIgnored(spec, lifecycle.ignore), { applied: null, memory: true, names }).changes,
    idOf: (address) => byLabel.get(address) ?? ledger?.syncs[address]?.id ?? undefined,
  });
}

/** Candidates that a sentence names. */
const mostNamed = 5;

function inDoubt(address: Address, candidates: readonly Live[], traitsOf: TraitsOf): string {
  const { noun } = traitsOf(kindOf(address));
  const ids = candidates.slice(0, mostNamed).map(({ id }) => id);
  const more = candidates.length - ids.length;
  const all = [...ids, ...(more > 0 ? [`${more} more`] : [])].join(', ');
  const which = candidates.length === 1 ? `may be the ${noun} ${all}` : `may be one of the ${noun}s ${all}`;
  const hint = `bind the one that it is: \`syncline adopt ${address} --id ${ids.length === 1 ? ids[0] : 'N'}\``;
  return `${address} has no label and ${which}, which is not certain; ${hint}.`;
}

const none: Ledger['meta'] = { format: 2, provider: '', host: '', workspace: null, project: '' };

/** What manifests are to say otherwise, or are to be bound to. `idOf`: what addresses are bound to once all is done. */
export function revisionsOf(
  known: Known,
  claims: Claims,
  idOf: (address: Address) => RemoteId | undefined,
): { readonly revisions: readonly Revision[]; readonly left: readonly PullLeft[] } {
  const { provider, manifests, ledger, drifted } = known;
  const traitsOf = traitsIn(provider);
  const declared = indexDeclared(manifests, traitsOf);
  const index = indexLive(known.live, ledger);
  const revisions: Revision[] = [];
  const found: PullLeft[] = [];
  for (const manifest of manifests) {
    const claim = claims.lives.get(manifest.address);
    if (claim === undefined) continue;
    const { address, lifecycle } = manifest;
    const { live, entry } = claim;
    const { id } = live;
    const traits = traitsOf(manifest.kind);
    const before = withKnownIds(traits, manifest.spec, declared, idOf);
    if (before === undefined) {
      found.push(
        left('depends', `${address} names a manifest that is bound to nothing yet, so it was not compared.`, {
          address,
          id,
        }),
      );
      continue;
    }
    const options = { applied: entry?.spec ?? null, memory: ledger !== null, names: manifest.names };
    const compare = (spec: Spec) => diff(traits, live.spec, withoutIgnored(spec, lifecycle.ignore), options).changes;
    const sides = { live: live.spec, declared: before, applied: entry?.spec ?? null };
    const taken = takeOver(traits, sides, compare, drifted && ledger !== null);
    const own: PullLeft[] = taken.conflicts.map((path) =>
      left('conflict', `${path} of ${address} was changed in its file and on the live side; decide which one counts.`, {
        address,
        id,
        path,
      }),
    );
    const forbidden = forbiddenKeyIn(taken.spec);
    if (forbidden !== undefined) {
      const message = `What is live of ${address} cannot be said by a manifest: ${noKey(forbidden)}.`;
      found.push(...own, left('unwritable', message, { address, id }));
      continue;
    }
    const label = labelOf(traits, taken.spec);
    const isNews = label !== undefined && label !== labelOf(traits, before);
    const other = isNews ? declared.labelled(manifest.kind).get(label) : undefined;
    if (isNews && ((other !== undefined && other !== address) || index.bearers(manifest.kind, label).length > 1)) {
      own.push(
        left(
          'twins',
          `${address} is now labelled "${label}", and so is another one; give one of the two another label.`,
          { address, id },
        ),
      );
      found.push(...own);
      continue;
    }
    found.push(...own);
    const binds = entry === undefined && ledger !== null;
    // What is not ours yet is bound only where nothing is left to decide.
    if (binds && own.length > 0) continue;
    if (
      !binds &&
      equal(before, taken.spec) &&
      (entry === undefined || entry.spec !== null || compare(before).length > 0)
    )
      continue;
    const { paths, unapplied } = taken;
    const hidden = hiding(lifecycle, entry);
    revisions.push({ manifest, live, before, after: taken.spec, paths, unapplied, hidden, binds });
  }
  return { revisions, left: found };
}
