import { isList, isObject, type JsonObject, type Spec } from '../../../../model/json.ts';
import { present } from '../../../../wire/json.ts';
import { mappingsLike } from '../likeness.ts';
import type { Reader, Told } from '../reader.ts';

const flags = [
  'is_primary_identifier',
  'generate_field',
  'preserve_values',
  'sync_null_values',
  'array_field',
  'follow_source_type',
];

/** Types of constants, which the API writes in another way. */
const basicTypes: Readonly<Record<string, string>> = { string: 'text', integer: 'number' };

/** The mappings of a sync; undefined where one of them cannot be said, for a list with a hole would take it away. */
export function mappingsOf(sync: Reader, live: Spec | undefined, told: Told): readonly JsonObject[] | undefined {
  const mappings = sync.list('mappings') ?? [];
  const said = mappings.flatMap((one) => mappingOf(one, live, told));
  return said.some((one) => one === 'unsaid')
    ? undefined
    : mappingsLike(
        said.filter((one) => one !== 'unsaid'),
        live,
      );
}

function mappingOf(mapping: Reader, live: Spec | undefined, told: Told): (JsonObject | 'unsaid')[] {
  const to = mapping.object('to');
  const lookup = to?.object('lookup_object');
  const field = to?.text('field_name');
  const rest = present({
    to: field,
    lookup_object: lookup?.text('object_identifier'),
    lookup_field: lookup?.text('field_to_match_by'),
    field_type: mapping.text('field_type'),
    operation: mapping.text('operation'),
    ...Object.fromEntries(flags.map((key) => [key, mapping.flag(key)])),
  });
  const from = mapping.object('from');
  const type = from?.text('type');
  if (from === undefined || type === undefined) {
    told.wrong(`${mapping.path}/from`, 'an object with a type');
    return [];
  }
  const said = fromOf(from, type);
  if (said !== undefined) return [{ from: said, ...rest }];
  from.value('data');
  if (type === 'compound') {
    told.unmapped(`${mapping.path}/from`, 'is a compound key, which the service makes by itself, and was left out');
    return [];
  }
  const held = isList(live?.mappings) ? live.mappings.find((one) => isObject(one) && one.to === field) : undefined;
  if (isObject(held)) return [held];
  told.unmapped(
    `${mapping.path}/from`,
    `is of the type ${type}, which the API does not take, and so the whole sync was left out`,
  );
  return ['unsaid'];
}

/** Where a value comes from, in the words of the API; undefined for a type that the API has none for. */
function fromOf(from: Reader, type: string): JsonObject | undefined {
  const kind = type.replaceAll('-', '_');
  if (kind === 'column') return { type: 'column', data: from.object('data')?.text('column_name') ?? '' };
  if (kind === 'segment_membership')
    return { type: kind, data: { identify_by: from.object('data')?.text('identify_by') ?? 'name' } };
  if (kind !== 'constant') return undefined;
  const data = from.object('data');
  const given = (data?.text('basic_type') ?? 'text').toLowerCase();
  const basic_type = Object.hasOwn(basicTypes, given) ? (basicTypes[given] ?? given) : given;
  return { type: 'constant_value', data: { value: data?.value('value') ?? '', basic_type } };
}
