import type { InputProblem } from '../input-problem.ts';
import { isList, isObject, type Json, type JsonObject } from '../json.ts';
import type { FabraSeed } from './seed.ts';

type Kind = 'text' | 'id' | 'number' | 'flag' | 'connection' | 'list';

/** A key that ends in `!` has to be there; one that ends in `?` may be null. */
const shapes: Readonly<Record<string, Readonly<Record<string, Kind>>>> = {
  destinations: {
    'id!': 'id',
    organization_id: 'id',
    'display_name!': 'text',
    'connection!': 'connection',
    staging_bucket: 'text',
    webhook_signing_key: 'text',
  },
  sources: {
    'id!': 'id',
    organization_id: 'id',
    'end_customer_id!': 'text',
    'display_name!': 'text',
    'connection!': 'connection',
  },
  objects: {
    'id!': 'id',
    organization_id: 'id',
    'display_name!': 'text',
    'destination_id!': 'id',
    target_type: 'text',
    'namespace?': 'text',
    'table_name?': 'text',
    sync_mode: 'text',
    'cursor_field?': 'text',
    'primary_key?': 'text',
    'end_customer_id_field?': 'text',
    recurring: 'flag',
    'frequency?': 'number',
    'frequency_units?': 'text',
  },
  object_fields: {
    'id!': 'id',
    'object_id!': 'id',
    'name!': 'text',
    'type!': 'text',
    'display_name?': 'text',
    'description?': 'text',
    omit: 'flag',
    optional: 'flag',
  },
  syncs: {
    'id!': 'id',
    organization_id: 'id',
    status: 'text',
    'end_customer_id!': 'text',
    'display_name!': 'text',
    'source_id!': 'id',
    'object_id!': 'id',
    'namespace?': 'text',
    'table_name?': 'text',
    'custom_join?': 'text',
    'cursor_position?': 'text',
    'source_cursor_field?': 'text',
    'source_primary_key?': 'text',
    sync_mode: 'text',
    recurring: 'flag',
    'frequency?': 'number',
    'frequency_units?': 'text',
    field_mappings: 'list',
    sync_runs: 'list',
    deactivated: 'flag',
    scheduled: 'flag',
  },
};

const mapping: Readonly<Record<string, Kind>> = {
  'source_field_name!': 'text',
  source_field_type: 'text',
  'destination_field_id!': 'id',
  is_json_field: 'flag',
};

const known = ['keys', ...Object.keys(shapes), 'next_sync_id'];

/** The keys that an item of one of the lists may have. */
export function knownKeys(list: string): readonly string[] {
  return Object.keys(shapes[list] ?? {}).map((written) => written.replace(/[!?]$/u, ''));
}

/** Everything that keeps a value from being a seed, each with its place. */
export function fabraSeedProblems(value: unknown): readonly InputProblem[] {
  if (!isObject(value)) return [{ message: 'The seed is not a JSON object.', hint: 'Begin with {"syncs": []}.' }];
  return [...problems(value)];
}

export function isFabraSeed(value: unknown): value is FabraSeed {
  return fabraSeedProblems(value).length === 0;
}

function* problems(seed: JsonObject): Generator<InputProblem> {
  for (const [key, value] of Object.entries(seed)) {
    const shape = shapes[key];
    if (shape !== undefined) yield* list(value, shape, key);
    else if (key === 'keys') yield* keys(value);
    else if (key !== 'next_sync_id') {
      const message = `The seed has the unknown key "${key}".`;
      yield { message, hint: `Known keys are ${known.join(', ')}.`, place: key };
    } else if (!fits(value, 'id')) yield wrong('next_sync_id', 'id');
  }
}

function* keys(value: Json | undefined): Generator<InputProblem> {
  if (!isObject(value) || Object.keys(value).length === 0 || !Object.values(value).every((id) => fits(id, 'id'))) {
    yield {
      message: 'keys must map each API key to the id of an organisation.',
      hint: 'Write {"some-key": 1}.',
      place: 'keys',
    };
  }
}

function* list(value: Json | undefined, shape: Readonly<Record<string, Kind>>, place: string): Generator<InputProblem> {
  if (!isList(value)) {
    yield wrong(place, 'list');
    return;
  }
  const ids = new Set<Json>();
  for (const [index, item] of value.entries()) {
    const here = `${place}[${index}]`;
    yield* entry(item, shape, here);
    if (!isObject(item)) continue;
    const { id } = item;
    if (id !== undefined && ids.has(id)) {
      const message = `${here} has the id ${String(id)} of an earlier item.`;
      yield { message, hint: 'Give every item its own id.', place: `${here}.id` };
    }
    if (id !== undefined) ids.add(id);
    if (item.field_mappings !== undefined) yield* list(item.field_mappings, mapping, `${here}.field_mappings`);
  }
}

function* entry(item: Json, shape: Readonly<Record<string, Kind>>, place: string): Generator<InputProblem> {
  if (!isObject(item)) {
    yield { message: `${place} must be an object.`, hint: 'Put it into { }.', place };
    return;
  }
  const names = new Set<string>();
  for (const [written, kind] of Object.entries(shape)) {
    const name = written.replace(/[!?]$/u, '');
    names.add(name);
    const value = item[name];
    if (value === undefined && written.endsWith('!')) {
      yield { message: `${place}.${name} is missing.`, hint: `Add "${name}".`, place };
    }
    if (value === undefined || (value === null && written.endsWith('?'))) continue;
    if (!fits(value, kind)) yield wrong(`${place}.${name}`, kind);
  }
  const stray = Object.keys(item).find((name) => !names.has(name));
  if (stray === undefined) return;
  const message = `${place} has the unknown key "${stray}".`;
  yield { message, hint: `Known keys are ${[...names].join(', ')}.`, place: `${place}.${stray}` };
}

const wording: Readonly<Record<Kind, string>> = {
  text: 'a text',
  id: 'a positive whole number',
  number: 'a number',
  flag: 'true or false',
  connection: 'an object with "id" and "connection_type"',
  list: 'a list',
};

function wrong(place: string, kind: Kind): InputProblem {
  return { message: `${place} must be ${wording[kind]}.`, hint: 'Correct the value.', place };
}

function fits(value: Json | undefined, kind: Kind): boolean {
  switch (kind) {
    case 'text':
      return typeof value === 'string';
    case 'id':
      return Number.isSafeInteger(value) && Number(value) > 0;
    case 'number':
      return typeof value === 'number';
    case 'flag':
      return typeof value === 'boolean';
    case 'list':
      return isList(value);
    case 'connection':
      return isObject(value) && fits(value.id, 'id') && fits(value.connection_type, 'text');
    default:
      return kind satisfies never;
  }
}
