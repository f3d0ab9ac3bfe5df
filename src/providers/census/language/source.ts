import { censusSyncTraits } from '../../../generated/census-sync-traits.ts';
import { isObject, type Json, type JsonObject } from '../../../model/json.ts';
import { asNumber, isSet, only, present, without } from '../../../wire/json.ts';

/** What the API answers instead of the kind that was sent. */
export const answeredKinds: Readonly<Record<string, 'dataset' | 'segment' | 'cohort'>> = {
  business_object_source: 'dataset',
  filter_segment_source: 'segment',
  cohort_source: 'cohort',
};

const identityKeys: Readonly<Record<string, readonly string[]>> = {
  table: ['type', 'table_catalog', 'table_schema', 'table_name', 'id'],
  model: ['type', 'id', 'name'],
  dataset: ['type', 'id', 'name'],
  topic: ['type', 'id', 'name'],
  segment: ['type', 'id', 'name', 'dataset_id', 'dataset', 'model_id', 'model'],
  cohort: ['type', 'id', 'dataset_id', 'dataset', 'model_id', 'model'],
};

/** Ids beside names that mean the same; where both are given, the id counts. */
const namedBy: Readonly<Record<string, string>> = { id: 'name', dataset_id: 'dataset', model_id: 'model' };

/** Facts about the source that an answer carries and nobody may send. */
const answerOnly: readonly string[] = Object.entries(
  censusSyncTraits.spec.fields?.source_attributes?.fields?.object?.fields ?? {},
)
  .filter(([, field]) => field.server === true)
  .map(([key]) => key);

/** The id of the segment or cohort: beside `object`, or inside it, where some answers have it. */
export function audienceId(source: JsonObject, key: 'filter_segment_id' | 'cohort_id'): Json | undefined {
  const inside = isObject(source.object) ? source.object[key] : undefined;
  return isSet(source[key]) ? source[key] : (inside ?? undefined);
}

/**
 * Source attributes with one `object` that says everything: the segment's or cohort's own id stands in `object.id` and its
 * dataset in `dataset_id`, whichever of the three spellings (request, answer, short form) was used.
 */
export function canonicalSource(source: JsonObject): JsonObject {
  const { connection_id, object } = source;
  const folded = canonicalObject(source);
  const result: Record<string, Json | undefined> = { ...without(source, ['filter_segment_id', 'cohort_id']) };
  if (connection_id !== undefined) result.connection_id = asNumber(connection_id);
  // Beside a kind that has no place for them they stay where they are: a rebuilt source must not lose them.
  if (folded?.type !== 'segment' && isSet(source.filter_segment_id))
    result.filter_segment_id = source.filter_segment_id;
  if (folded?.type !== 'cohort' && isSet(source.cohort_id)) result.cohort_id = source.cohort_id;
  if (folded !== undefined) result.object = folded;
  else if (object !== undefined) result.object = object;
  return result;
}

function canonicalObject(source: JsonObject): JsonObject | undefined {
  const given = isObject(source.object) ? source.object : {};
  const type = kindOf(source, given);
  if (type === undefined) return isObject(source.object) ? tidy(source.object) : undefined;
  switch (type) {
    case 'segment':
      return audience('segment', audienceId(source, 'filter_segment_id'), given);
    case 'cohort':
      return audience('cohort', audienceId(source, 'cohort_id'), given);
    case 'dataset':
      return tidy({
        ...present(given),
        type,
        id: given.dataset_id ?? (given.type === 'dataset' ? given.id : undefined),
      });
    default:
      return tidy({ ...given, type });
  }
}

/**
 * The request spelling of the kind; a segment or cohort id beside a dataset makes it a segment or cohort. So it does beside a
 * model, which is how the API described them until 2024.
 */
function kindOf(source: JsonObject, given: JsonObject): string | undefined {
  const type = typeof given.type === 'string' ? given.type : undefined;
  const answered = type === undefined || !Object.hasOwn(answeredKinds, type) ? undefined : answeredKinds[type];
  if (answered !== undefined && answered !== 'dataset') return answered;
  const isBase = type === undefined || type === 'dataset' || type === 'model' || answered === 'dataset';
  if (isBase && isSet(audienceId(source, 'filter_segment_id'))) return 'segment';
  if (isBase && isSet(audienceId(source, 'cohort_id'))) return 'cohort';
  return answered ?? type;
}

/** A segment or cohort over a dataset or model. Where `object` describes that, its `id` and `name` are the dataset's. */
function audience(type: 'segment' | 'cohort', id: Json | undefined, given: JsonObject): JsonObject {
  if (given.type === type) return tidy({ ...given, id: given.id ?? id });
  const dataset = given.dataset_id ?? (given.type === 'dataset' ? given.id : undefined);
  const base = given.type === 'model' ? { model_id: given.id, model: given.name } : {};
  return tidy({ type, id, dataset_id: dataset, dataset: given.type === 'dataset' ? given.name : undefined, ...base });
}

/** Only what identifies the source: ids as numbers, and no name beside an id. A kind that we do not know keeps all that can be sent. */
function tidy(object: JsonObject): JsonObject {
  const keys =
    typeof object.type === 'string' && Object.hasOwn(identityKeys, object.type) ? identityKeys[object.type] : undefined;
  const kept = present(keys === undefined ? without(object, answerOnly) : only(object, keys));
  const result: Record<string, Json | undefined> = { ...kept };
  for (const [id, name] of Object.entries(namedBy)) {
    if (kept[id] === undefined) continue;
    result[id] = asNumber(kept[id]);
    if (keys !== undefined) delete result[name];
  }
  return result;
}
