import type { Problem } from '../../../../model/diagnostic.ts';
import { isList, isObject, type Json, type JsonObject, type Spec } from '../../../../model/json.ts';
import type { Tools } from '../../../../model/kind.ts';
import { isGiven, isSet } from '../../../../wire/json.ts';
import { isCompoundKey } from '../mapping.ts';
import { atKey, error, type Place, warning } from './problem.ts';

/** Rules over the list of mappings and each mapping of it. */
export function checkMappings(spec: Spec, tools: Tools): readonly Problem[] {
  if (!isList(spec.mappings)) return [];
  const problems = [...duplicates(spec.mappings), ...identifiers(spec, spec.mappings)];
  // Nearly every mapping is fine, and there are many: those make no lists.
  let index = 0;
  for (const mapping of spec.mappings) {
    if (isObject(mapping)) checkMapping(mapping, index, tools, problems);
    index += 1;
  }
  return problems;
}

function duplicates(mappings: readonly Json[]): readonly Problem[] {
  const seen = new Set<string>();
  const problems: Problem[] = [];
  let index = -1;
  for (const mapping of mappings) {
    index += 1;
    if (!isObject(mapping) || typeof mapping.to !== 'string' || isCompoundKey(mapping)) continue;
    if (!seen.has(mapping.to)) {
      seen.add(mapping.to);
      continue;
    }
    const message = `"${mapping.to}" is the target of more than one mapping.`;
    const hint = 'Keep one mapping per destination field.';
    problems.push(error('duplicate-mapping', ['mappings', index, 'to'], message, hint));
  }
  return problems;
}

function identifiers(spec: Spec, mappings: readonly Json[]): readonly Problem[] {
  const problems: Problem[] = [];
  let count = 0;
  let index = -1;
  for (const mapping of mappings) {
    index += 1;
    const key = isObject(mapping) ? identifierKey(mapping) : undefined;
    if (key === undefined) continue;
    count += 1;
    if (count === 1) continue;
    const hint = 'Exactly one mapping identifies the record; remove the flag from the others.';
    const message = 'More than one mapping is the primary identifier.';
    problems.push(error('several-identifiers', ['mappings', index, key], message, hint));
  }
  if (count > 0 || mappings.some(isCompoundKey) || isSheetMirror(spec)) return problems;
  const hint =
    'Add `primary: true` to the mapping that identifies a record, unless the destination brings its own key.';
  return [warning('no-identifier', ['mappings'], 'No mapping is the primary identifier.', hint)];
}

/** The key that makes this mapping an identifier, or undefined. */
function identifierKey(mapping: JsonObject): string | undefined {
  if (isCompoundKey(mapping)) return undefined;
  if (mapping.is_primary_identifier === true) return 'is_primary_identifier';
  return mapping.primary === true && !isSet(mapping.is_primary_identifier) ? 'primary' : undefined;
}

/** Mirrors into Google Sheets (whose object is JSON in a string) need no identifier. */
function isSheetMirror(spec: Spec): boolean {
  const destination = isObject(spec.destination_attributes) ? spec.destination_attributes : {};
  const object = typeof destination.object === 'string' ? destination.object : '';
  return spec.operation === 'mirror' && object.trimStart().startsWith('{') && object.includes('spreadsheet_id');
}

function checkMapping(mapping: JsonObject, index: number, tools: Tools, problems: Problem[]): void {
  if (isCompoundKey(mapping)) {
    const hint = 'Remove it; the server makes and keeps it by itself.';
    problems.push(
      warning('server-mapping', ['mappings', index], 'A compound key is made by the server and is not sent.', hint),
    );
    return;
  }
  lookup(mapping, index, problems);
  if (mapping.generate_field !== true) generated(mapping, index, problems);
  const { from } = mapping;
  if (isObject(from) && (from.type !== 'column' || from.liquid_template !== undefined))
    problems.push(...checkFrom(from, ['mappings', index, 'from'], tools));
}

function lookup(mapping: JsonObject, index: number, problems: Problem[]): void {
  const object = isGiven(mapping.lookup_object);
  if (object === isGiven(mapping.lookup_field)) return;
  const [has, lacks] = object ? ['lookup_object', 'lookup_field'] : ['lookup_field', 'lookup_object'];
  const hint = 'A reference needs both: the object, and the field by which to find a record of it.';
  problems.push(error('lookup-pair', ['mappings', index, has], `\`${has}\` is given without \`${lacks}\`.`, hint));
}

const forGenerated = ['array_field', 'field_type', 'follow_source_type'] as const;

function generated(mapping: JsonObject, index: number, problems: Problem[]): void {
  for (const key of forGenerated) {
    if (!isGiven(mapping[key]) || mapping[key] === false) continue;
    const message = `\`${key}\` means nothing without \`generate_field\`.`;
    const hint = 'Add `generate_field: true` if the destination field is to be made, or remove the key.';
    problems.push(atKey(warning('needs-generate-field', ['mappings', index, key], message, hint)));
  }
}

function checkFrom(from: JsonObject, place: Place, tools: Tools): readonly Problem[] {
  if (typeof from.liquid_template === 'string')
    return liquid(from.liquid_template, [...place, 'liquid_template'], tools);
  if (from.type === 'liquid_template') return checkTemplate(from.data, [...place, 'data'], tools);
  return from.type === 'constant_value' && isObject(from.data) ? checkConstant(from.data, [...place, 'data']) : [];
}

function checkTemplate(data: Json | undefined, place: Place, tools: Tools): readonly Problem[] {
  if (typeof data === 'string') return liquid(data, place, tools);
  if (!isObject(data) || typeof data.liquid_template !== 'string') return [];
  const hint = 'Write the template itself as `data`; it is sent that way.';
  return [
    warning('answer-form', place, 'The template is wrapped as the API answers it, not as it takes it.', hint),
    ...liquid(data.liquid_template, [...place, 'liquid_template'], tools),
  ];
}

function liquid(template: string, place: Place, tools: Tools): readonly Problem[] {
  const message = tools.liquid?.(template);
  if (message === undefined) return [];
  return [error('invalid-liquid', place, `The Liquid template does not parse: ${message}.`, 'Fix the template.')];
}

function checkConstant(data: JsonObject, place: Place): readonly Problem[] {
  const { value, basic_type: type } = data;
  const number = type === 'number' && typeof value !== 'number' && !isNumberText(value);
  const boolean = type === 'boolean' && typeof value !== 'boolean' && !/^(true|false)$/i.test(String(value));
  if (!number && !boolean) return [];
  const message = `The constant is not a ${type}, although its \`basic_type\` says so.`;
  return [warning('constant-type', [...place, 'value'], message, 'Change the value, or its `basic_type`.')];
}

function isNumberText(value: Json | undefined): boolean {
  return typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value));
}
