import { type Json, type Pointer, tokens, valueAt } from '../../model/json.ts';
import type { Live } from '../../model/live.ts';
import type { FieldChange } from '../../model/plan.ts';
import type { FieldTrait, KindTraits, Reference } from '../../model/traits.ts';
import { equal } from './equal.ts';

/** Types of the things of a collection, by their id (as text). */
export type Types = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** What is known about a kind when its changes are judged. */
interface Knowledge {
  readonly traits: KindTraits;
  readonly types: Types;
}

type Touched = Pick<FieldChange, 'path'>;

/** Can the API not change this field of the live sync in place? Where a type is not known, it is taken to be able to. */
export function isImmutable({ traits, types }: Knowledge, live: Live, field: Touched): boolean {
  const immutable = traitOf(traits, field)?.immutable;
  if (immutable === undefined || immutable === true) return immutable === true;
  const hasType = ([path, type]: readonly [Pointer, string]) => {
    const id = valueAt(live.spec, path);
    const collection = traits.references.find((one) => one.into === path)?.collection;
    return id != null && types.get(collection ?? '')?.get(idText(id)) === type;
  };
  return (
    (immutable.when !== undefined &&
      Object.entries(immutable.when).every(([key, value]) => equal(live.spec[key], value))) ||
    (immutable.types !== undefined && Object.entries(immutable.types).some(hasType))
  );
}

/** Ids are numbers or texts, whichever the service likes. */
export function idText(id: Json): string {
  return typeof id === 'string' ? id : JSON.stringify(id);
}

/** The references whose types decide whether these fields can be changed in place. */
export function typesAsked(traits: KindTraits, fields: readonly Touched[]): readonly Reference[] {
  const paths = new Set<Pointer>();
  for (const field of fields) {
    const immutable = traitOf(traits, field)?.immutable;
    if (typeof immutable === 'object') for (const path of Object.keys(immutable.types ?? {})) paths.add(path);
  }
  return [...paths].flatMap((path) => traits.references.find((ref) => ref.into === path) ?? []);
}

/** The trait of a field, or of what it lies in where nobody describes it by itself. */
function traitOf(traits: KindTraits, { path }: Touched): FieldTrait | undefined {
  let trait: FieldTrait | undefined;
  let fields = traits.spec.fields;
  for (const name of tokens(path)) {
    const inner: FieldTrait | undefined = fields?.[name];
    if (inner === undefined) break;
    trait = inner;
    fields = inner.fields;
  }
  return trait;
}
