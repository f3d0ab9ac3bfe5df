import type { InputProblem } from '../input-problem.ts';
import { isList, isObject, type Json, type JsonObject } from '../json.ts';
import type { CensusSeed } from './seed.ts';

/** A key that ends in `!` has to be there. `also` is the shorthand that may stand for an item. */
type Shape =
  | 'text'
  | 'id'
  | 'number'
  | 'flag'
  | 'object'
  | 'texts'
  | Fields
  | { readonly items: Shape; readonly also?: 'text' };
interface Fields {
  readonly fields: Readonly<Record<string, Shape>>;
  /** Keys that are not listed are left to the API's own checks. */
  readonly open?: true;
}

const columns: Shape = { items: { fields: { 'name!': 'text', 'type!': 'text' } }, also: 'text' };
const named: Readonly<Record<string, Shape>> = { 'id!': 'id', 'name!': 'text' };
const table: Shape = {
  fields: { 'id!': 'id', 'table_catalog!': 'text', 'table_schema!': 'text', 'table_name!': 'text', columns },
};
const source: Shape = {
  fields: {
    ...named,
    'type!': 'text',
    sync_engine: 'text',
    connection_details: 'object',
    tables: { items: table },
    models: { items: { fields: { ...named, 'query!': 'text', description: 'text', columns } } },
    segments: { items: { fields: { ...named, 'dataset_id!': 'id', molecules: 'object', record_count: 'number' } } },
    topics: { items: { fields: named } },
    cohorts: { items: { fields: { 'id!': 'id', 'dataset_id!': 'id' } } },
  },
};
const dataset: Shape = {
  fields: {
    ...named,
    'source_id!': 'id',
    type: 'text',
    query: 'text',
    description: 'text',
    columns,
    cached_record_count: 'number',
    refresh_failure: 'text',
  },
};
const field: Shape = {
  fields: {
    'full_name!': 'text',
    label: 'text',
    type: 'text',
    createable: 'flag',
    updateable: 'flag',
    array: 'flag',
    operations: 'texts',
    preserve_values_supported: 'flag',
    required_for_mapping: 'flag',
    can_be_upsert_key: 'flag',
    can_be_update_key: 'flag',
    can_be_insert_key: 'flag',
    can_be_reference_key: 'flag',
    lookup_object: 'text',
  },
};
const object: Shape = {
  fields: {
    'full_name!': 'text',
    label: 'text',
    supported_operations: 'texts',
    allow_custom_fields: 'flag',
    allow_case_sensitive_field_names: 'flag',
    supports_field_ordering: 'flag',
    can_be_sync_destination: 'flag',
    primary_identifier_mapping_attributes: 'object',
    advanced_configuration_field_definitions: { items: { fields: { 'name!': 'text' }, open: true } },
    compound_key: { fields: { 'to!': 'text', 'fields!': 'texts' } },
    fields: { items: field, also: 'text' },
  },
};
const destination: Shape = {
  fields: {
    ...named,
    'type!': 'text',
    connection_details: 'object',
    objects: { items: object },
    path_operations: 'texts',
  },
};
const content: Readonly<Record<string, Shape>> = {
  sources: { items: source },
  datasets: { items: dataset },
  destinations: { items: destination },
  syncs: { items: { fields: { 'id!': 'id', verbatim: 'flag' }, open: true } },
};
const workspace: Shape = {
  fields: { ...named, organization_id: 'id', api_key: 'text', notification_emails: 'texts', ...content },
};
const seed: Shape = {
  fields: { ...content, workspaces: { items: workspace }, workspace: { fields: { id: 'id', name: 'text' } } },
};

/** Everything that keeps a value from being a seed, each with its place. */
export function seedShapeProblems(value: unknown): readonly InputProblem[] {
  if (!isObject(value)) return [{ message: 'The seed is not a JSON object.', hint: 'Begin with {"syncs": []}.' }];
  if (value.workspaces !== undefined && Object.keys(value).length > 1) {
    return [
      {
        message: 'The seed has "workspaces" and content beside it.',
        hint: 'Move the content into one of the workspaces, or leave "workspaces" out.',
      },
    ];
  }
  return [...problems(value, seed, 'The seed')];
}

export function isSeed(value: unknown): value is CensusSeed {
  return seedShapeProblems(value).length === 0;
}

function* problems(value: Json | undefined, shape: Shape, place: string): Generator<InputProblem> {
  if (typeof shape === 'string') {
    if (!fits(value, shape)) yield { message: `${place} must be ${names[shape]}.`, hint: 'Correct the value.', place };
  } else if ('items' in shape) {
    if (isList(value)) yield* listProblems(value, shape, place);
    else yield { message: `${place} must be a list.`, hint: 'Put it into [ ].', place };
  } else if (isObject(value)) yield* fieldProblems(value, shape, place);
  else yield { message: `${place} must be an object.`, hint: 'Put it into { }.', place };
}

function* listProblems(
  list: readonly Json[],
  shape: { readonly items: Shape; readonly also?: 'text' },
  place: string,
): Generator<InputProblem> {
  const ids = new Set<Json>();
  for (const [index, item] of list.entries()) {
    const here = `${place}[${index}]`;
    if (shape.also === 'text' && typeof item === 'string') continue;
    yield* problems(item, shape.items, here);
    if (!isObject(item) || typeof item.id !== 'number') continue;
    if (ids.has(item.id)) {
      const message = `${here} has the id ${item.id} of an earlier item.`;
      yield { message, hint: 'Give every item its own id.', place: `${here}.id` };
    }
    ids.add(item.id);
  }
}

function* fieldProblems(value: JsonObject, shape: Fields, place: string): Generator<InputProblem> {
  const known = Object.entries(shape.fields).map(([key, inner]) => ({
    key: key.replace('!', ''),
    needed: key.endsWith('!'),
    inner,
  }));
  for (const { key, needed, inner } of known) {
    const here = place === 'The seed' ? key : `${place}.${key}`;
    if (value[key] !== undefined) yield* problems(value[key], inner, here);
    else if (needed) yield { message: `${here} is missing.`, hint: `Add "${key}".`, place };
  }
  if (shape.open === true) return;
  for (const key of Object.keys(value)) {
    if (known.some((one) => one.key === key)) continue;
    yield {
      message: `${place} has the unknown key "${key}".`,
      hint: `Known keys are ${known.map((one) => one.key).join(', ')}.`,
      place: place === 'The seed' ? key : `${place}.${key}`,
    };
  }
}

const names = {
  text: 'a text',
  id: 'a positive whole number',
  number: 'a number',
  flag: 'true or false',
  object: 'an object',
  texts: 'a list of texts',
};

function fits(value: Json | undefined, shape: keyof typeof names): boolean {
  switch (shape) {
    case 'text':
      return typeof value === 'string';
    case 'id':
      return Number.isSafeInteger(value) && Number(value) > 0;
    case 'number':
      return typeof value === 'number';
    case 'flag':
      return typeof value === 'boolean';
    case 'object':
      return isObject(value);
    case 'texts':
      return isList(value) && value.every((item) => typeof item === 'string');
    default:
      return true;
  }
}
