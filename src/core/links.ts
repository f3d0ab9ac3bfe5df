import type { Address } from '../model/address.ts';
import { valueAt, withValueAt } from '../model/json.ts';
import type { Entry } from '../model/ledger.ts';
import type { RemoteId } from '../model/live.ts';
import type { Manifest } from '../model/manifest.ts';
import type { Change } from '../model/plan.ts';
import type { Decision, PlanInput } from './decision.ts';
import type { World } from './identify.ts';
import { labelOf } from './label.ts';
import { linkValue } from './order.ts';

/** Replaces every link by the id of its sync. Where the id comes into being in this plan, its address stands for it. */
export function resolveLinks(
  input: PlanInput,
  world: World,
  decided: ReadonlyMap<Address, Decision>,
  manifest: Manifest,
): { spec: Manifest['spec']; dependsOn: Address[]; missing: Address[] } {
  let spec = manifest.spec;
  const dependsOn: Address[] = [];
  const missing: Address[] = [];
  for (const link of input.traits.links) {
    const name = valueAt(spec, link.path);
    if (typeof name !== 'string') continue;
    const parent = `${manifest.kind}/${name}`;
    const decision = decided.get(parent);
    const made = decision?.kind === 'change' && makesId(decision.change, input.ledger?.syncs[parent]);
    const id = made ? undefined : knownId(input, world, decision, parent);
    if (made) dependsOn.push(parent);
    else if (id === undefined) missing.push(parent);
    spec = withValueAt(withValueAt(spec, link.path, undefined), link.into, id === undefined ? parent : linkValue(id));
  }
  return { spec, dependsOn, missing };
}

/** Does the sync get its id only when this change is carried out? A replace that is resumed has made its new sync already. */
function makesId(change: Change, entry: Entry | undefined): boolean {
  return change.action === 'create' || (change.action === 'replace' && entry?.state !== 'retiring');
}

function knownId(
  input: PlanInput,
  world: World,
  decision: Decision | undefined,
  parent: Address,
): RemoteId | undefined {
  if (decision?.kind === 'change' && decision.change.action !== 'replace') return decision.change.id ?? undefined;
  const entry = input.ledger?.syncs[parent];
  if (entry?.id != null && world.liveById.has(entry.id)) return entry.id;
  const manifest = input.ledger === null ? world.declared.get(parent) : undefined;
  const label = manifest === undefined ? undefined : labelOf(input.traits, manifest.spec);
  const bearers = label === undefined ? [] : (world.byLabel.get(label) ?? []);
  return bearers.length === 1 ? bearers[0]?.id : undefined;
}
