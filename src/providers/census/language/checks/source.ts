import type { Problem } from '../../../../model/diagnostic.ts';
import { isObject, type JsonObject, type Spec } from '../../../../model/json.ts';
import { isSet } from '../../../../wire/json.ts';
import { answeredKinds, audienceId } from '../source.ts';
import { atKey, error, type Place, warning } from './problem.ts';

const at: Place = ['source_attributes', 'object'];

/** Rules over the source. What can be said of one spelling alone, the schema says. */
export function checkSource(spec: Spec): readonly Problem[] {
  const source = spec.source_attributes;
  if (!isObject(source) || !isObject(source.object)) return [];
  const { object } = source;
  const kind = typeof object.type === 'string' ? (answeredKinds[object.type] ?? object.type) : '';
  return [
    ...topLevelIds(source, object, kind),
    ...answered(source, object, kind),
    ...named(object, kind),
    ...incomplete(object),
  ];
}

/** A segment or cohort id asks for an `object` that describes its dataset. */
function topLevelIds(source: JsonObject, object: JsonObject, kind: string): readonly Problem[] {
  const segment = audienceId(source, 'filter_segment_id');
  const cohort = audienceId(source, 'cohort_id');
  if (isSet(segment) && isSet(cohort)) {
    const message = '`filter_segment_id` and `cohort_id` are both given.';
    const place: Place = isSet(source.cohort_id) ? ['source_attributes', 'cohort_id'] : [...at, 'cohort_id'];
    return [error('segment-and-cohort', place, message, 'Keep one of them.')];
  }
  const key = isSet(segment) ? 'filter_segment_id' : isSet(cohort) ? 'cohort_id' : undefined;
  if (key === undefined) return [];
  const own = key === 'filter_segment_id' ? 'segment' : 'cohort';
  if (kind === 'model') return [ofModel(own)];
  if (kind === 'dataset') return insideToo(source, object, key, own);
  if (kind !== own) return [needsDataset(own)];
  return insideToo(source, object, key, own);
}

/** The same id in another place, or another one? */
function insideToo(source: JsonObject, object: JsonObject, key: string, own: string): readonly Problem[] {
  const said = [source[key], object[key], object.type === own ? object.id : undefined].filter(isSet).map(String);
  if (new Set(said).size <= 1) return [];
  const place: Place = isSet(source[key]) ? ['source_attributes', key] : [...at, key];
  const message = `\`${key}\` and \`object\` name two different ${own}s.`;
  return [error('id-conflict', place, message, `Remove \`${key}\`; \`object\` says it all.`)];
}

function ofModel(kind: string): Problem {
  const message = `A ${kind} of a model is how the API described it until 2024; today it is one of a dataset.`;
  const hint = 'Describe the dataset in `object` unless `apply --dry-run`, which asks the server, accepts it.';
  return warning('segment-of-model', [...at, 'type'], message, hint);
}

function needsDataset(kind: string): Problem {
  const hint = 'Describe the dataset in `object`: `{type: dataset, id: …}`, or `{type: dataset, name: …}`.';
  return error('needs-dataset', at, `A ${kind} needs the dataset that it is made of.`, hint);
}

/** The spellings of answers. They are understood, but nothing that was written by hand should look like them. */
function answered(source: JsonObject, object: JsonObject, kind: string): readonly Problem[] {
  if (object.type === kind) return [];
  const hint = `Write \`type: ${kind}\` as it is sent; \`object.id\` is another id here, and is dropped.`;
  const form = warning('answer-form', [...at, 'type'], `\`${object.type}\` is how the API answers a ${kind}.`, hint);
  // An answer about a cohort may leave its dataset out: enough to find the sync, not enough to make one.
  if (!isSet(object.dataset_id)) return [form, { ...needsDataset(kind), severity: 'warning' }];
  const key = kind === 'segment' ? 'filter_segment_id' : 'cohort_id';
  if (kind === 'dataset' || isSet(audienceId(source, key))) return [form];
  return [form, error('needs-id', at, `The ${kind} has no id.`, `Add \`${key}\` beside \`object\`.`)];
}

/** An answer shows id and name; by hand only one of the two is meant. */
function named(object: JsonObject, kind: string): readonly Problem[] {
  if (kind === 'table' && object.name !== undefined) {
    const message = '`name` of a table is set by the server and ignored.';
    return [atKey(warning('server-field', [...at, 'name'], message, 'Remove it; `table_name` counts.'))];
  }
  if (object.type !== kind || !isSet(object.id) || !isSet(object.name)) return [];
  const message = `The ${kind} is given by id and by name; the id counts.`;
  return [warning('id-and-name', [...at, 'name'], message, 'Keep one of them; they may not mean the same.')];
}

/** The API wants all three names; its vendor's own examples leave some out. */
function incomplete(object: JsonObject): readonly Problem[] {
  const lacks = ['table_catalog', 'table_schema'].filter((key) => !isSet(object[key]) || object[key] === '');
  if (object.type !== 'table' || isSet(object.id) || lacks.length === 0) return [];
  const message = `The table is named without ${lacks.map((key) => `\`${key}\``).join(' and ')}.`;
  return [warning('incomplete-table', at, message, 'Add all three names, so that only one table can be meant.')];
}
