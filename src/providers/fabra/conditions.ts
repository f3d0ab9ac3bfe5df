import type { Json, JsonObject, Spec } from '../../model/json.ts';
import type { Validation } from '../../model/plan.ts';
import { isSet } from '../../wire/json.ts';
import type { Dialect } from './api.ts';
import type { Catalogue, FabraObject, Thing } from './catalogue.ts';
import { serverOnly } from './encode.ts';
import { described, fieldOf, fieldText, inherited, mappingsOf } from './fields.ts';

/** One thing that the server asks of a new sync. */
export interface Condition {
  /** As a fact: `every mapped field belongs to the object`. */
  readonly says: string;
  /** Why it does not hold; undefined where it does. */
  readonly fault: string | undefined;
}

/** What a spec refers to, as far as the key can see it. */
export interface Surroundings {
  readonly object: FabraObject | undefined;
  readonly destinations: readonly Thing[];
  /** Of the spec's end customer. */
  readonly sources: readonly Thing[];
}

export async function surroundings(catalogue: Catalogue, spec: Spec): Promise<Surroundings> {
  const customer = spec.end_customer_id;
  const [object, destinations, sources] = await Promise.all([
    catalogue.object(spec.object_id),
    catalogue.destinations(),
    typeof customer === 'string' && customer !== '' ? catalogue.sources(customer) : [],
  ]);
  return { object, destinations, sources };
}

/** Everything that the server checks of a new sync, and what it should check and does not: all conditions, met or not. */
export function conditionsOf(spec: Spec, around: Surroundings, dialect: Dialect): readonly Condition[] {
  const { object } = around;
  return [
    given('end_customer_id is given', typeof spec.end_customer_id === 'string' && spec.end_customer_id !== ''),
    place(spec),
    source(spec, around),
    given('the object is one of this key', object !== undefined, `no object has the id ${shown(spec.object_id)}`),
    destination(spec, around),
    ...(object === undefined ? [] : [mapped(spec, object), owned(spec, object), schedule(spec, object, dialect)]),
    oneOf('sync_mode', spec, ['full_overwrite', 'full_append', 'incremental_append', 'incremental_update']),
    oneOf('frequency_units', spec, units),
    statusKnown(spec),
    texts(spec),
    ...(dialect === 'documented' ? [sayable(spec, object)] : []),
  ];
}

/** The conditions as a verdict. It says where it comes from: the service was not asked. */
export function verdictOf(conditions: readonly Condition[]): Validation {
  const failed = conditions.filter((one) => one.fault !== undefined).map((one) => `${one.says} (${one.fault})`);
  const passed = conditions.filter((one) => one.fault === undefined).map((one) => one.says);
  const message = [
    'Checked locally, by the conditions that Fabra publishes, since its API cannot check without writing.',
    ...(failed.length === 0 ? [] : [`Failed: ${failed.join('; ')}.`]),
    ...(passed.length === 0 ? [] : [`Passed: ${passed.join('; ')}.`]),
  ];
  return { status: failed.length === 0 ? 'valid' : 'invalid', message: message.join(' ') };
}

/** The one condition of an update: it sends the status and nothing else. */
export function statusKnown(spec: Spec): Condition {
  return oneOf('status', spec, statuses);
}

export const statuses: readonly string[] = ['active', 'paused'];
const units: readonly string[] = ['minutes', 'hours', 'days', 'weeks'];

function given(says: string, holds: boolean, fault = 'it is not'): Condition {
  return { says, fault: holds ? undefined : fault };
}

function shown(value: Json | undefined): string {
  return isSet(value) ? JSON.stringify(value) : 'that is missing';
}

/** A lone one of the two would be dropped without a word. */
function place(spec: Spec): Condition {
  const says = 'table_name and namespace are given together, or custom_join';
  const both = isSet(spec.table_name) && isSet(spec.namespace);
  const neither = !isSet(spec.table_name) && !isSet(spec.namespace);
  if (both || (neither && isSet(spec.custom_join))) return given(says, true);
  if (neither) return given(says, false, 'none of them is');
  return given(says, false, `${isSet(spec.table_name) ? 'namespace' : 'table_name'} is missing`);
}

/** The server takes any source, and a run with another customer's fails without saying why. */
function source(spec: Spec, { sources }: Surroundings): Condition {
  const found = sources.some((one) => one.id === spec.source_id);
  return given(
    'the source belongs to the end customer',
    found,
    `${shown(spec.end_customer_id)} has no source with the id ${shown(spec.source_id)}`,
  );
}

/** A sync writes where its object does; one that is declared as well may only repeat it. */
function destination(spec: Spec, { object, destinations }: Surroundings): Condition {
  const says = 'the destination is the one of the object';
  const { destination_id: id } = spec;
  if (!isSet(id)) return given(says, true);
  if (!destinations.some((one) => one.id === id)) return given(says, false, `no destination has the id ${shown(id)}`);
  const own = object?.destinationId;
  return given(says, own === undefined || own === id, `it is ${shown(id)}, and the object writes to ${own}`);
}

function mapped(spec: Spec, object: FabraObject): Condition {
  const targets = new Set(mappingsOf(spec).map((mapping) => fieldOf(mapping, object)));
  const missing = (object.fields ?? []).filter((field) => field.required && !targets.has(field)).map(described);
  return given('every required field of the object is mapped', missing.length === 0, `not ${missing.join(', ')}`);
}

/** The server takes a field of any object; the sync then writes to nothing, or is left half made. */
function owned(spec: Spec, object: FabraObject): Condition {
  const strange = mappingsOf(spec).filter((mapping) => fieldOf(mapping, object) === undefined);
  return given(
    'every mapped field belongs to the object',
    strange.length === 0,
    `not ${strange.map(fieldText).join(', ')}`,
  );
}

/** The documented API knows no `recurring`: whatever has a schedule recurs. */
function schedule(spec: Spec, object: FabraObject, dialect: Dialect): Condition {
  const says = 'a recurring sync has a frequency of at least 30 minutes';
  const frequency = inherited(spec.frequency, object.frequency);
  const unit = inherited(spec.frequency_units, object.frequencyUnits);
  if (isSet(frequency) && !isInt32(frequency)) return given(says, false, `${shown(frequency)} is no frequency`);
  const recurring =
    dialect === 'documented' ? isSet(frequency) && isSet(unit) : inherited(spec.recurring, object.recurring) === true;
  if (!recurring) return given(says, true);
  if (typeof frequency !== 'number') return given(says, false, 'frequency is missing');
  if (typeof unit !== 'string' || !units.includes(unit)) {
    return given(says, false, isSet(unit) ? `${shown(unit)} is no unit` : 'frequency_units is missing');
  }
  return given(says, frequency >= (unit === 'minutes' ? 30 : 1), `it is ${frequency} ${unit}`);
}

function isInt32(value: Json): boolean {
  return typeof value === 'number' && Number.isInteger(value) && Math.abs(value) < 2 ** 31;
}

function oneOf(key: string, spec: Spec, values: readonly string[]): Condition {
  const value = spec[key];
  const holds = !isSet(value) || (typeof value === 'string' && values.includes(value));
  return given(`${key} is known`, holds, `${shown(value)} is none of ${values.join(', ')}`);
}

const widths: Readonly<Record<string, number>> = {
  display_name: 255,
  end_customer_id: 256,
  namespace: 255,
  table_name: 255,
  custom_join: Number.POSITIVE_INFINITY,
  source_cursor_field: 255,
  source_primary_key: 255,
};
const mappingWidths: Readonly<Record<string, number>> = { source_field_name: 255, source_field_type: 128 };

/** A text that the database does not take is noticed after the sync has been written, and leaves half of one. */
function texts(spec: Spec): Condition {
  const faults = [
    ...misfits(spec, widths, ''),
    ...mappingsOf(spec).flatMap((mapping, index) => misfits(mapping, mappingWidths, `field_mappings/${index}/`)),
  ];
  return given('every text fits its column', faults.length === 0, faults.join(', '));
}

function misfits(value: JsonObject, limits: Readonly<Record<string, number>>, prefix: string): readonly string[] {
  return Object.entries(limits).flatMap(([key, most]) => {
    const text = value[key];
    if (typeof text !== 'string') return [];
    if (text.includes('\u0000')) return [`${prefix}${key} holds a NUL`];
    return [...text].length > most ? [`${prefix}${key} is longer than ${most} characters`] : [];
  });
}

/** What the documented API has no words for cannot be sent, and must not be dropped silently. */
function sayable(spec: Spec, object: FabraObject | undefined): Condition {
  const unsaid = serverOnly.filter((key) => isSet(spec[key]));
  if (spec.status === 'paused') unsaid.push('status: paused');
  const mappings = mappingsOf(spec);
  const nameless = object === undefined ? [] : mappings.filter((one) => fieldOf(one, object) === undefined);
  if (nameless.some((one) => isSet(one.destination_field_id))) unsaid.push('destination_field_id');
  if (mappings.some((one) => isSet(one.source_field_type))) unsaid.push('source_field_type');
  if (mappings.some((one) => one.is_json_field === true)) unsaid.push('is_json_field');
  return given(
    'the documented API has words for everything that is declared',
    unsaid.length === 0,
    `none for ${unsaid.join(', ')}`,
  );
}
