import type { Address } from '../../model/address.ts';
import { isObject, type Json, type Spec, valueAt, withValueAt } from '../../model/json.ts';
import type { RemoteId } from '../../model/live.ts';
import type { KindTraits, Reference } from '../../model/traits.ts';
import { equal } from '../spec/equal.ts';

/** What stands in the place of an id until the thing at this address has one: `{"$ref": "CensusDataset/users"}`. */
export function placeholder(address: Address): Json {
  return { $ref: address };
}

/** The address that a value waits for; undefined where it is no placeholder. */
export function awaited(value: Json | undefined): Address | undefined {
  return isObject(value) && typeof value.$ref === 'string' ? value.$ref : undefined;
}

/** Is the reference one that this spec has? */
export function applies({ when }: Reference, spec: Spec): boolean {
  if (when === undefined) return true;
  for (const path in when) if (!equal(valueAt(spec, path), when[path])) return false;
  return true;
}

/** The id that a spec refers to; undefined where it refers to nothing, or to what has no id yet. */
export function idAt(reference: Reference, spec: Spec): RemoteId | undefined {
  const value = valueAt(spec, reference.into);
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  return applies(reference, spec) ? String(value) : undefined;
}

/** An id as the service writes it at a place that refers to it. */
export function idValue({ id: type }: Reference, id: RemoteId): Json {
  return type === 'number' && Number.isSafeInteger(Number(id)) ? Number(id) : id;
}

/** The spec with an id, or what stands for it, in the place of a name. */
export function withReferent(reference: Reference, spec: Spec, value: Json): Spec {
  return withValueAt(withValueAt(spec, reference.path, undefined), reference.into, value);
}

/** The places of a spec that wait for an id. */
export function openPlaces(
  { references }: KindTraits,
  spec: Spec,
): { readonly reference: Reference; readonly address: Address }[] {
  return references.flatMap((reference) => {
    if (reference.manifest === undefined) return [];
    const address = awaited(valueAt(spec, reference.into));
    return address !== undefined && applies(reference, spec) ? [{ reference, address }] : [];
  });
}

/** The spec with each place filled whose thing has an id by now; the others go on waiting. */
export function withIds(traits: KindTraits, spec: Spec, idOf: (address: Address) => RemoteId | null | undefined): Spec {
  return openPlaces(traits, spec).reduce((rest, { reference, address }) => {
    const id = idOf(address);
    return id == null ? rest : withValueAt(rest, reference.into, idValue(reference, id));
  }, spec);
}
