import { isObject, type Json, listAt } from '../../json.ts';
import type { Check } from './draft.ts';

/** What the vendor's OpenAPI file of 2023 demands beyond the reference pages, where the service holds bodies against it. */
export const openApiProblem: Check = ({ sent, world }) => {
  if (!world.quirks.openApi2023) return undefined;
  const mark = sent.high_water_mark_attributes;
  if (isObject(mark) && (mark.column_name === undefined || mark.use_high_water_mark_diff_type === undefined)) {
    return 'high_water_mark_attributes needs use_high_water_mark_diff_type and column_name';
  }
  return listAt(sent, 'mappings')
    .map(mappingProblem)
    .find((problem) => problem !== undefined);
};

function mappingProblem(mapping: Json): string | undefined {
  if (!isObject(mapping)) return undefined;
  if (typeof mapping.is_primary_identifier !== 'boolean')
    return 'mappings is invalid: is_primary_identifier is required';
  const { from } = mapping;
  if (!isObject(from) || from.type !== 'constant_value' || !isObject(from.data)) return undefined;
  return typeof from.data.value === 'string' ? undefined : 'mappings is invalid: value of a constant must be a string';
}
