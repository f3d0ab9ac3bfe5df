import type { Address } from '../model/address.ts';
import type { Spec } from '../model/json.ts';
import type { Ledger } from '../model/ledger.ts';
import type { Live, RemoteId } from '../model/live.ts';
import type { Manifest } from '../model/manifest.ts';
import type { Change, Plan } from '../model/plan.ts';
import type { KindTraits } from '../model/traits.ts';
import { diff } from './diff.ts';
import { held } from './held.ts';
import { withKnownLinks } from './known-links.ts';
import { without } from './released.ts';

/** What an undo was planned from. */
interface Ground {
  readonly traits: KindTraits;
  readonly live: readonly Live[];
  readonly ledger: Ledger | null;
}

/**
 * Addresses of an undo's changes whose manifests still say what was undone, so that the next apply would do it again.
 * The names in the manifests are resolved.
 */
export function stillDeclared(ground: Ground, plan: Plan, manifests: readonly Manifest[]): Address[] {
  const declared = new Map(manifests.map((one) => [one.address, one]));
  const made = new Set(plan.changes.filter(({ action }) => action === 'create' || action === 'replace').map(addressOf));
  // Until it has an id, a link to what the undo makes is its address.
  const idOf = (address: Address) => (made.has(address) ? address : (ground.ledger?.syncs[address]?.id ?? undefined));
  const live = new Map(ground.live.map((one) => [one.id, one]));
  return plan.changes
    .filter((change) => {
      const manifest = declared.get(change.address);
      return manifest !== undefined && isUndone(ground, change, manifest, live, idOf);
    })
    .map(addressOf);
}

const addressOf = ({ address }: Change) => address;

function isUndone(
  { traits, ledger }: Ground,
  change: Change,
  manifest: Manifest,
  live: ReadonlyMap<RemoteId, Live>,
  idOf: (address: Address) => RemoteId | undefined,
): boolean {
  const { action, release, desired, fields, address } = change;
  if (action === 'delete' || release) return true;
  if (desired === null) return false;
  const wanted = without(withKnownLinks(traits, manifest, idOf) ?? manifest.spec, manifest.lifecycle.ignore);
  const was = action === 'create' || action === 'replace' ? undefined : live.get(change.id ?? '');
  const base: Spec = was === undefined ? {} : held(traits, was.spec, ledger?.syncs[address]?.spec ?? null);
  const back = { ...base, ...desired };
  const { changes } = diff(traits, back, wanted, { applied: back, memory: true });
  // Beside what an update has put back, a manifest may well be ahead of the service.
  const touched = new Set(fields.map(({ path }) => path.split('/')[1]));
  return changes.some(({ path }) => action === 'create' || touched.has(path.split('/')[1]));
}
