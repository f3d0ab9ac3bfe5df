import type { Address } from '../../model/address.ts';
import type { Json, Spec } from '../../model/json.ts';
import type { Ledger } from '../../model/ledger.ts';
import { type Key, keyAt, type Live } from '../../model/live.ts';
import type { Manifest } from '../../model/manifest.ts';
import type { Change, Plan } from '../../model/plan.ts';
import type { TraitsOf } from '../../model/traits.ts';
import { indexLive } from '../live-index.ts';
import { withoutIgnored } from '../plan/released.ts';
import { type DeclaredIndex, indexDeclared, type NamedPlace, withReferents } from '../references/declared.ts';
import { idValue, placeholder } from '../references/fill.ts';
import { diff } from '../spec/diff.ts';
import { completedLive } from '../spec/known.ts';

/** What an undo was planned from. */
interface UndoBasis {
  readonly traitsOf: TraitsOf;
  readonly live: readonly Live[];
  readonly ledger: Ledger | null;
}

/**
 * Addresses of an undo's changes whose manifests still say what was undone, so that the next apply would do it again.
 * The names in the manifests are resolved.
 */
export function stillDeclared(basis: UndoBasis, plan: Plan, manifests: readonly Manifest[]): Address[] {
  const declared = new Map(manifests.map((one) => [one.address, one]));
  const made = new Set(plan.changes.filter(({ action }) => action === 'create' || action === 'replace').map(addressOf));
  const referentOf = ({ reference, address }: NamedPlace) => {
    if (made.has(address)) return placeholder(address);
    const id = basis.ledger?.syncs[address]?.id;
    return id == null ? undefined : idValue(reference, id);
  };
  const { byKey } = indexLive(basis.live, null);
  const index = indexDeclared(manifests, basis.traitsOf);
  return plan.changes
    .filter((change) => {
      const manifest = declared.get(change.address);
      return manifest !== undefined && isUndone(basis, change, manifest, { byKey, declared: index }, referentOf);
    })
    .map(addressOf);
}

const addressOf = ({ address }: Change) => address;

function isUndone(
  { traitsOf, ledger }: UndoBasis,
  change: Change,
  manifest: Manifest,
  { byKey, declared }: { readonly byKey: ReadonlyMap<Key, Live>; readonly declared: DeclaredIndex },
  referentOf: (place: NamedPlace) => Json | undefined,
): boolean {
  const { action, release, desired, fields, address } = change;
  if (action === 'delete' || release) return true;
  if (desired === null) return false;
  const traits = traitsOf(manifest.kind);
  const wanted = withoutIgnored(
    withReferents(traits, manifest.spec, declared, referentOf) ?? manifest.spec,
    manifest.lifecycle.ignore,
  );
  const was = action === 'create' || action === 'replace' ? undefined : byKey.get(keyAt(address, change.id ?? ''));
  const base: Spec = was === undefined ? {} : completedLive(traits, was.spec, ledger?.syncs[address]?.spec ?? null);
  const back = { ...base, ...desired };
  const { changes } = diff(traits, back, wanted, { applied: back, memory: true });
  // Beside what an update has put back, a manifest may well be ahead of the service.
  const touched = new Set(fields.map(({ path }) => path.split('/')[1]));
  return changes.some(({ path }) => action === 'create' || touched.has(path.split('/')[1]));
}
