import { censusSyncTraits } from '../../../generated/census-sync-traits.ts';
import type { FieldTrait, Joint, KindTraits, Reference } from '../../../model/traits.ts';

const source = '/source_attributes/connection_id';
const destination = '/destination_attributes/connection_id';
const activation = '/activation_id';

const joint: Joint = {
  noun: 'activation',
  ends: ['source', 'destination'],
  path: '/activation',
  into: activation,
  missing: {
    code: 'no-activation',
    way: 'Syncline makes no activation, for that takes the credentials of the destination: make it in the web app, or with a connect link (`POST /activation_connect_links`).',
  },
  mismatch: { code: 'activation-mismatch' },
};

/** What the core must know of a sync at API v2: what v1 has, but that activations join source and destination. */
export const censusSyncTraitsV2: KindTraits = {
  ...censusSyncTraits,
  spec: withFixedSource(censusSyncTraits.spec),
  references: inOrder(censusSyncTraits.references).map(joined),
};

/** The source, then the activation, which may say it, then what is looked up in the source. */
function inOrder(references: readonly Reference[]): readonly Reference[] {
  const first = [source, activation];
  const of = (into: string) => references.filter((one) => one.into === into);
  return [...first.flatMap(of), ...references.filter(({ into }) => !first.includes(into))];
}

/** The name of a destination is that of an activation, and many sources may have one of that name. */
function joined(reference: Reference): Reference {
  if (reference.into === activation) return { ...reference, joint };
  return reference.into === destination ? { ...reference, within: source, joint } : reference;
}

/** A sync cannot be taken to an activation of another source. */
function withFixedSource(spec: FieldTrait): FieldTrait {
  return inside(spec, 'source_attributes', (attributes) =>
    inside(inside(attributes, 'connection', fixed), 'connection_id', fixed),
  );
}

function fixed(field: FieldTrait): FieldTrait {
  return { ...field, immutable: true };
}

/** A trait with one of its fields changed. */
function inside(trait: FieldTrait, name: string, change: (field: FieldTrait) => FieldTrait): FieldTrait {
  const entries = Object.entries(trait.fields ?? {});
  return { ...trait, fields: Object.fromEntries(entries.map(([key, one]) => [key, key === name ? change(one) : one])) };
}
