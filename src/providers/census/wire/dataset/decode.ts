import { censusDatasetTraits } from '../../../../generated/census-dataset-traits.ts';
import { isObject, type Json, type Spec } from '../../../../model/json.ts';
import type { Live } from '../../../../model/live.ts';
import { type Call, idText, misshapen, shapes } from '../../../../wire/answer.ts';
import { createdOf, isSet } from '../../../../wire/json.ts';
import { canonicalDataset } from '../../language/dataset/canonical.ts';

/**
 * One dataset as the API answers it, in canonical form; unset keys are left out. Datasets of other types have no query, and are shown
 * for their names. Keys that nobody knows are ignored; a shape that nobody knows is a ProviderError that names it.
 */
export function decodeDataset(wire: Json | undefined, call: Call): Live {
  if (!isObject(wire)) throw misshapen(call, 'the dataset', 'an object', wire);
  const id = idText(wire.id);
  if (id === undefined) throw misshapen(call, '/id of a dataset', 'a whole number', wire.id);
  const shape = shapes(call, `dataset ${id}`);
  const name = shape.text(wire.name, '/name');
  const spec: Record<string, Json> = {};
  put(spec, 'name', name);
  put(spec, 'type', shape.text(wire.type, '/type'));
  put(spec, 'query', shape.text(wire.query, '/query'));
  put(spec, 'description', shape.text(wire.description, '/description'));
  if (isSet(wire.source_id))
    spec.source_id = idText(wire.source_id) === undefined ? misplaced(wire, call, id) : wire.source_id;
  const label = name === '' ? undefined : name;
  const live = { kind: censusDatasetTraits.kind, id, label, spec: canonicalDataset(spec as Spec) };
  const created = createdOf(wire);
  return created === undefined ? live : { ...live, created };
}

function put(spec: Record<string, Json>, key: string, value: string | undefined): void {
  if (value !== undefined) spec[key] = value;
}

function misplaced(wire: { readonly source_id?: Json | undefined }, call: Call, id: string): never {
  throw misshapen(call, `/source_id of dataset ${id}`, 'a whole number', wire.source_id);
}
