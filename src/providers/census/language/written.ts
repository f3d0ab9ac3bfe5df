import { isList, isObject, type Json, type JsonObject, type Spec } from '../../../model/json.ts';
import { isSet, sameJson, without } from '../../../wire/json.ts';
import { canonicalMapping } from './mapping.ts';

/** A canonical spec as a person would write it: with the short forms of mappings, and with one way to say what is read. */
export function written(spec: Spec): Spec {
  const { mappings, source_attributes: source } = spec;
  const result: Record<string, Json | undefined> = { ...spec };
  if (isList(mappings)) result.mappings = mappings.map((one) => (isObject(one) ? writtenMapping(one) : one));
  if (isObject(source) && isObject(source.object))
    result.source_attributes = { ...source, object: writtenObject(source.object) };
  return result;
}

/** Answers tell a table by its names and its id, and a topic too: the names of a table are what people know, of a topic the id counts. */
function writtenObject(object: JsonObject): JsonObject {
  if (object.type === 'table') return isSet(object.table_name) ? without(object, ['id']) : object;
  return isSet(object.id) ? without(object, ['name']) : object;
}

function writtenMapping(mapping: JsonObject): JsonObject {
  const result: Record<string, Json> = {};
  for (const [key, value] of Object.entries(mapping)) {
    if (value === undefined) continue;
    if (key === 'from') result.from = writtenFrom(value);
    else if (key === 'is_primary_identifier') result.primary = value;
    else result[key] = value;
  }
  return result;
}

/** The short form, where it means the very same. */
function writtenFrom(from: Json): Json {
  const short = isObject(from) ? shortOf(from) : undefined;
  return short !== undefined && sameJson(canonicalMapping({ from: short }).from, from) ? short : from;
}

function shortOf({ type, data }: JsonObject): Json | undefined {
  switch (type) {
    case 'column':
      return typeof data === 'string' && data !== '' ? data : undefined;
    case 'constant_value':
      return isObject(data) ? shortConstant(data) : undefined;
    case 'sync_metadata':
      return typeof data === 'string' ? { sync_metadata: data } : undefined;
    case 'segment_membership':
      return isObject(data) && typeof data.identify_by === 'string'
        ? { segment_membership: data.identify_by }
        : undefined;
    case 'liquid_template':
      return typeof data === 'string' ? { liquid_template: data } : undefined;
    default:
      return undefined;
  }
}

/** A constant tells its type by what it is in YAML; where the two are not the same, the type is said. */
function shortConstant({ value, basic_type: type }: JsonObject): Json | undefined {
  if (typeof value !== 'string') return undefined;
  if (type === 'number' && isPlainNumber(value)) return { constant: Number(value) };
  if (type === 'boolean' && /^(true|false)$/.test(value)) return { constant: value === 'true' };
  return type === 'text'
    ? { constant: value }
    : { constant: value, ...(type === undefined ? {} : { basic_type: type }) };
}

/** Is it printed as it is written, by whoever reads it? */
function isPlainNumber(text: string): boolean {
  return text.length <= 15 && /^-?\d+(\.\d+)?$/.test(text) && String(Number(text)) === text;
}
