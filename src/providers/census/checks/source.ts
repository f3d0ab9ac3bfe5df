import type { Problem } from '../../../model/diagnostic.ts';
import { isObject, type JsonObject, type Spec } from '../../../model/json.ts';
import { isSet } from '../shape.ts';
import { answeredKinds } from '../source.ts';
import { atKey, error, type Place, warning } from './problem.ts';

const at: Place = ['source_attributes', 'object'];

/** Rules over the source. What can be said of one spelling alone, the schema says. */
export function checkSource(spec: Spec): readonly Problem[] {
  const source = spec.source_attributes;
  if (!isObject(source) || !isObject(source.object)) return [];
  const { object } = source;
  const kind = typeof object.type === 'string' ? (answeredKinds[object.type] ?? object.type) : '';
  return [...topLevelIds(source, object, kind), ...answered(source, object, kind), ...named(object, kind)];
}

/** A segment or cohort id beside `object` asks for an `object` that describes its dataset. */
function topLevelIds(source: JsonObject, object: JsonObject, kind: string): readonly Problem[] {
  if (isSet(source.filter_segment_id) && isSet(source.cohort_id)) {
    const message = '`filter_segment_id` and `cohort_id` are both given.';
    return [error('segment-and-cohort', ['source_attributes', 'cohort_id'], message, 'Keep one of them.')];
  }
  const key = ['filter_segment_id', 'cohort_id'].find((name) => isSet(source[name]));
  if (key === undefined || kind === 'dataset') return [];
  const own = key === 'filter_segment_id' ? 'segment' : 'cohort';
  if (kind !== own) return [needsDataset(own)];
  if (object.type !== own || object.id === source[key]) return [];
  const message = `\`${key}\` and \`object\` name two different ${own}s.`;
  return [error('id-conflict', ['source_attributes', key], message, `Remove \`${key}\`; \`object\` says it all.`)];
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
  if (!isSet(object.dataset_id)) return [form, needsDataset(kind)];
  const key = kind === 'segment' ? 'filter_segment_id' : 'cohort_id';
  if (kind === 'dataset' || isSet(source[key])) return [form];
  return [form, error('needs-id', at, `The ${kind} has no id.`, `Add \`${key}\` beside \`object\`.`)];
}

/** Timestamps and a query come only from an answer, which carries id and name; by hand only one of the two is meant. */
function named(object: JsonObject, kind: string): readonly Problem[] {
  const hint = 'Remove it; only the server sets it.';
  const pasted = ['query', 'created_at', 'updated_at'].filter((key) => object[key] !== undefined);
  const problems = pasted.map((key) =>
    atKey(warning('server-field', [...at, key], `\`${key}\` is set by the server and ignored.`, hint)),
  );
  if (object.type !== kind || !isSet(object.id) || !isSet(object.name)) return problems;
  if (pasted.length === 0) return [idAndName(kind)];
  const message = `The ${kind} is given as the API answers it, with id and name; the id counts.`;
  return [...problems, warning('answer-form', [...at, 'name'], message, 'Keep one of them.')];
}

function idAndName(kind: string): Problem {
  const message = `The ${kind} is given by id and by name.`;
  return error('id-and-name', [...at, 'name'], message, 'Keep one of them; they may not mean the same.');
}
