import { idOf, isObject, type Json, type JsonObject, textAt } from '../../json.ts';
import type { Column, Dataset, Source, Table, Workspace } from '../state.ts';

/** What a sync reads from, found in the workspace. */
export interface FoundSource {
  /** `source_attributes` as it is kept: ids instead of names. A table nobody knows yet keeps its names and gets an id. */
  readonly reference: JsonObject;
  /** For messages. */
  readonly name: string;
  /** Empty: not known. */
  readonly columns: readonly Column[];
  readonly source: Source;
  /** The dataset that is read, or that a segment or cohort is cut out of. */
  readonly dataset: Dataset | undefined;
}

interface Problem {
  readonly problem: string;
}

const emptyText = 'source_attributes is invalid: empty strings are not allowed';

/**
 * Finds what `source_attributes` names. Ids may be numeric text. A segment or cohort stands at the top level beside the
 * `object` of its dataset; models and topics go by id or name, tables by id or all three names.
 */
export function findSource(workspace: Workspace, attributes: Json | undefined): FoundSource | Problem {
  if (!isObject(attributes)) return { problem: 'source_attributes must be an object' };
  const { object } = attributes;
  if (hasEmptyText(attributes) || (isObject(object) && hasEmptyText(object))) return { problem: emptyText };
  const id = idOf(attributes.connection_id);
  if (id === undefined) return { problem: 'source_attributes.connection_id is required' };
  const source = workspace.sources.get(id);
  if (source === undefined) return { problem: `Source connection ${id} could not be found` };
  if (!isObject(object)) return { problem: 'source_attributes.object is required' };
  switch (object.type) {
    case 'table':
      return findTable(source, object);
    case 'model':
      return isPresent(attributes.filter_segment_id)
        ? findSegmentOfModel(workspace, source, attributes, object)
        : findNamed(source, 'model', object);
    case 'topic':
      return findNamed(source, 'topic', object);
    case 'dataset':
      return findDataset(workspace, source, attributes, object);
    default:
      return { problem: 'source_attributes.object.type must be one of table, model, dataset, topic' };
  }
}

function hasEmptyText(object: JsonObject): boolean {
  return Object.values(object).includes('');
}

function findTable(source: Source, object: JsonObject): FoundSource | Problem {
  const table = isPresent(object.id)
    ? source.tables.find(({ id }) => id === idOf(object.id))
    : tableByNames(source, object);
  if (table !== undefined) {
    const reference = { connection_id: source.id, object: { type: 'table', id: table.id } };
    return { reference, name: table.table_name, columns: table.columns, source, dataset: undefined };
  }
  if (isPresent(object.id))
    return { problem: `Table ${String(object.id)} could not be found in source '${source.name}'` };
  const [table_catalog, table_schema, table_name] = ['table_catalog', 'table_schema', 'table_name'].map((key) =>
    textAt(object, key),
  );
  if (table_catalog === undefined || table_schema === undefined || table_name === undefined) {
    return { problem: 'source_attributes.object needs id, or table_catalog, table_schema and table_name' };
  }
  if (source.tables.some(({ columns }) => columns.length > 0)) {
    return {
      problem: `Table '${table_catalog}.${table_schema}.${table_name}' could not be found in source '${source.name}'`,
    };
  }
  const reference = { connection_id: source.id, object: { type: 'table', table_catalog, table_schema, table_name } };
  return { reference, name: table_name, columns: [], source, dataset: undefined };
}

/** A table whose given names fit; fewer than three will do where only one table fits. */
function tableByNames(source: Source, object: JsonObject): Table | undefined {
  const given = (['table_catalog', 'table_schema', 'table_name'] as const).filter((key) => isPresent(object[key]));
  if (!given.includes('table_name')) return undefined;
  const fitting = source.tables.filter((table) => given.every((key) => table[key] === object[key]));
  return fitting.length === 1 ? fitting[0] : undefined;
}

function findNamed(source: Source, type: 'model' | 'topic', object: JsonObject): FoundSource | Problem {
  const title = type === 'model' ? 'Model' : 'Topic';
  if (!isPresent(object.id) && !isPresent(object.name)) {
    return { problem: `source_attributes.object needs the id or the name of a ${type}` };
  }
  const all = type === 'model' ? source.models.all() : source.topics.all();
  const found = isPresent(object.id)
    ? all.find(({ id }) => id === idOf(object.id))
    : all.find(({ name }) => name === object.name);
  if (found === undefined) {
    return { problem: `${title} '${String(object.id ?? object.name)}' could not be found in source '${source.name}'` };
  }
  const columns = type === 'model' ? (source.models.get(found.id)?.columns ?? []) : [];
  const reference = { connection_id: source.id, object: { type, id: found.id } };
  return { reference, name: found.name, columns, source, dataset: undefined };
}

/** Until 2024 a segment was documented over a model. The segment tells which dataset that has become. */
function findSegmentOfModel(
  workspace: Workspace,
  source: Source,
  attributes: JsonObject,
  object: JsonObject,
): FoundSource | Problem {
  const model = findNamed(source, 'model', object);
  const segment = source.segments.get(idOf(attributes.filter_segment_id));
  if ('problem' in model || segment === undefined) {
    const problem = `Segment '${String(attributes.filter_segment_id)}' could not be found`;
    return 'problem' in model ? model : { problem };
  }
  return findDataset(workspace, source, attributes, { type: 'dataset', id: segment.dataset_id });
}

function findDataset(
  workspace: Workspace,
  source: Source,
  attributes: JsonObject,
  object: JsonObject,
): FoundSource | Problem {
  const dataset = workspace.datasets.get(idOf(object.id));
  if (dataset === undefined || dataset.source_id !== source.id) {
    return { problem: `Dataset '${String(object.id)}' could not be found in source '${source.name}'` };
  }
  const reference: Record<string, Json> = { connection_id: source.id, object: { type: 'dataset', id: dataset.id } };
  if (isPresent(attributes.filter_segment_id)) {
    const segment = source.segments.get(idOf(attributes.filter_segment_id));
    if (segment?.dataset_id !== dataset.id)
      return { problem: `Segment '${String(attributes.filter_segment_id)}' could not be found` };
    reference.filter_segment_id = segment.id;
  }
  if (isPresent(attributes.cohort_id)) {
    const cohort = source.cohorts.find(({ id }) => id === idOf(attributes.cohort_id));
    if (cohort?.dataset_id !== dataset.id)
      return { problem: `Cohort '${String(attributes.cohort_id)}' could not be found` };
    reference.cohort_id = cohort.id;
  }
  return { reference, name: dataset.name, columns: dataset.columns, source, dataset };
}

function isPresent(value: Json | undefined): boolean {
  return value !== null && value !== undefined;
}
