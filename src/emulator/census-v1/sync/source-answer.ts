import { isObject, type Json, type JsonObject, objectAt } from '../../json.ts';
import type { Quirks } from '../quirks.ts';
import type { Model, Source, Workspace } from '../state.ts';

/** `source_attributes` as it is read back: other type names, internal ids, and what is known about the thing. */
export function sourceAnswer(workspace: Workspace, attributes: JsonObject, shows: Quirks['sourceShows']): JsonObject {
  const source = workspace.sources.get(Number(attributes.connection_id));
  const given = objectAt(attributes, 'object');
  const object = source === undefined ? given : objectAnswer(workspace, source, attributes, given);
  const listed: JsonObject = { ...attributes, object };
  if (shows === 'listed' || !isObject(object)) return listed;
  return shows === 'names' ? byNames(attributes, object) : withFacts(attributes, object);
}

/** A model or topic by its name alone, and the segment's id in `object` instead of beside it. */
function byNames(attributes: JsonObject, object: JsonObject): JsonObject {
  const { filter_segment_id, ...rest } = attributes;
  if (object.type === 'model' || object.type === 'topic') {
    return { ...attributes, object: { type: object.type, name: object.name ?? null } };
  }
  return filter_segment_id === undefined
    ? { ...attributes, object }
    : { ...rest, object: { ...object, filter_segment_id } };
}

/** The thing with everything that was ever seen of it. */
function withFacts(attributes: JsonObject, object: JsonObject): JsonObject {
  const { filter_segment_id } = attributes;
  const name = object.name ?? object.table_name ?? 'a name';
  const inside = filter_segment_id === undefined ? {} : { filter_segment_id };
  const facts = {
    source_object_id: 7,
    resource_identifier: 'thing:one',
    description: null,
    compiled_query: 'select 1',
  };
  return { ...attributes, object: { ...object, name, ...facts, ...inside } };
}

function objectAnswer(workspace: Workspace, source: Source, attributes: JsonObject, given: JsonObject): Json {
  const id = Number(given.id);
  switch (given.type) {
    case 'table': {
      const table = source.tables.find((one) => one.id === id);
      if (table === undefined) return given;
      const { table_catalog, table_schema, table_name } = table;
      return { type: 'table', id, table_catalog, table_schema, table_name };
    }
    case 'model':
      return modelInSync(source.models.get(id)) ?? given;
    case 'topic':
      return { type: 'topic', id, name: source.topics.get(id)?.name ?? null };
    case 'dataset':
      return cutAnswer(workspace, source, attributes, id);
    default:
      return given;
  }
}

/** A model as it stands inside of a sync and in a list of source objects. */
export function modelInSync(model: Model | undefined): JsonObject | undefined {
  if (model === undefined) return undefined;
  const { id, name, created_at, updated_at, query } = model;
  return { type: 'model', id, name, created_at, updated_at, query };
}

/** A dataset, or a segment or cohort of it; `id` is the internal one. */
function cutAnswer(workspace: Workspace, source: Source, attributes: JsonObject, dataset: number): JsonObject {
  const segment = source.segments.get(
    typeof attributes.filter_segment_id === 'number' ? attributes.filter_segment_id : undefined,
  );
  if (segment !== undefined)
    return { type: 'filter_segment_source', id: segment.source_object_id, dataset_id: dataset };
  const cohort = source.cohorts.find(({ id }) => id === attributes.cohort_id);
  if (cohort !== undefined) return { type: 'cohort_source', id: cohort.source_object_id, dataset_id: dataset };
  return {
    type: 'business_object_source',
    id: workspace.datasets.get(dataset)?.source_object_id ?? null,
    dataset_id: dataset,
  };
}

/** An answer's `source_attributes` put back into the words of a request. */
export function sourceRequest(attributes: Json | undefined): JsonObject {
  if (!isObject(attributes)) return {};
  const object = objectAt(attributes, 'object');
  const renamed = ['business_object_source', 'filter_segment_source', 'cohort_source'].some(
    (type) => type === object.type,
  );
  if (renamed) return { ...attributes, object: { type: 'dataset', id: object.dataset_id ?? null } };
  return { ...attributes, object: { type: object.type ?? null, id: object.id ?? null } };
}
