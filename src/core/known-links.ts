import type { Address } from '../model/address.ts';
import { type Spec, valueAt, withValueAt } from '../model/json.ts';
import type { RemoteId } from '../model/live.ts';
import type { Manifest } from '../model/manifest.ts';
import type { KindTraits } from '../model/traits.ts';
import { linkValue } from './order.ts';

/** The spec with every link replaced by the id of its sync. undefined where one of them has no sync yet. */
export function withKnownLinks(
  traits: KindTraits,
  manifest: Pick<Manifest, 'kind' | 'spec'>,
  idOf: (address: Address) => RemoteId | undefined,
): Spec | undefined {
  let { spec } = manifest;
  for (const link of traits.links) {
    const name = valueAt(spec, link.path);
    if (typeof name !== 'string') continue;
    const id = idOf(`${manifest.kind}/${name}`);
    if (id === undefined) return undefined;
    spec = withValueAt(withValueAt(spec, link.path, undefined), link.into, linkValue(id));
  }
  return spec;
}
