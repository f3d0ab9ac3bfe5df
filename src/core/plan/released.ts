import type { Address } from '../../model/address.ts';
import {
  escapeToken,
  isObject,
  type JsonObject,
  type Pointer,
  type Spec,
  valueAt,
  withValueAt,
} from '../../model/json.ts';
import type { Note } from '../../model/plan.ts';
import type { FieldTrait, KindTraits } from '../../model/traits.ts';

/** The spec without the paths that are ignored: what somebody else owns is used to make a thing, and left alone from then on. */
export function withoutIgnored(spec: Spec, ignore: readonly Pointer[]): Spec {
  return ignore.reduce((rest, path) => withValueAt(rest, path, undefined), spec);
}

/** Fields that `recorded` has and `declared` does not, at every depth where silence means "not ours". By the schema's order. */
function released(traits: KindTraits, recorded: Spec, declared: Spec): Pointer[] {
  return inObject(traits.spec, '', recorded, declared);
}

function inObject(trait: FieldTrait, path: Pointer, recorded: JsonObject, declared: JsonObject): Pointer[] {
  const keys = trait.shape === 'map' ? Object.keys(recorded) : Object.keys(trait.fields ?? {});
  return keys.flatMap((key) => {
    const [before, after] = [own(recorded, key), own(declared, key)];
    if (before === undefined) return [];
    const at = `${path}/${escapeToken(key)}`;
    if (after === undefined) return [at];
    const field = trait.fields?.[key];
    const isOpen = field?.shape === 'object' || field?.shape === 'map';
    return isOpen && isObject(before) && isObject(after) ? inObject(field, at, before, after) : [];
  });
}

function own(value: JsonObject, key: string) {
  return Object.hasOwn(value, key) ? value[key] : undefined;
}

/** Do both specs speak of the same fields, whatever they say of them? */
export function declareAlike(traits: KindTraits, first: Spec, second: Spec): boolean {
  return areAlike(traits.spec, first, second);
}

/** What `released` finds nothing in, either way round; this is asked of every manifest, and makes no text of a place. */
function areAlike(trait: FieldTrait, first: JsonObject, second: JsonObject): boolean {
  const isMap = trait.shape === 'map';
  const fields = trait.fields ?? {};
  for (const key in isMap ? { ...first, ...second } : fields) {
    const one = own(first, key);
    const other = own(second, key);
    if ((one === undefined) !== (other === undefined)) return false;
    const field = fields[key];
    const isOpen = field?.shape === 'object' || field?.shape === 'map';
    if (isOpen && isObject(one) && isObject(other) && !areAlike(field, one, other)) return false;
  }
  return true;
}

/** Of these paths, those that the record holds and that are ignored now. */
export function ignoredNow(recorded: Spec, ignore: readonly Pointer[]): Pointer[] {
  return ignore.filter((path) => valueAt(recorded, path) !== undefined);
}

/** Says which fields the record lets go of with this change. Both specs are without what is ignored now. */
export function releasedNotes(
  traits: KindTraits,
  address: Address,
  sides: { readonly recorded: Spec; readonly declared: Spec; readonly ignore: readonly Pointer[] },
): Note[] {
  const { recorded, declared, ignore } = sides;
  const silent = released(traits, withoutIgnored(recorded, ignore), declared);
  return [
    ...note(address, silent, 'no longer declared'),
    ...note(address, ignoredNow(recorded, ignore), 'ignored now'),
  ];
}

function note(address: Address, paths: readonly Pointer[], what: string): Note[] {
  if (paths.length === 0) return [];
  const names = paths.length === 1 ? paths[0] : `${paths.slice(0, -1).join(', ')} and ${paths.at(-1)}`;
  const words =
    paths.length === 1
      ? `is ${what}; Syncline leaves it as it is and no longer manages it`
      : `are ${what}; Syncline leaves them as they are and no longer manages them`;
  return [{ address, code: 'released', message: `${names} ${words}.` }];
}
