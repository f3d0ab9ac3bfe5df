import { isObject, type Json, type JsonObject } from '../../../model/json.ts';

/**
 * A mapping with its short forms unfolded and without the position, which the server takes from the order of the list. One pass
 * over the keys: a workspace has a hundred thousand mappings.
 */
export function canonicalMapping(mapping: JsonObject): JsonObject {
  const result: Record<string, Json> = {};
  if (mapping.from !== undefined) result.from = canonicalFrom(mapping.from);
  for (const key in mapping) {
    const value = mapping[key];
    if (value !== undefined && key !== 'from' && key !== 'position' && key !== 'primary') result[key] = value;
  }
  const primary = mapping.is_primary_identifier ?? mapping.primary;
  if (primary !== undefined) result.is_primary_identifier = primary;
  return result;
}

/** The order of an answer's array means nothing; `position` tells. Without positions the order is all there is. */
export function byPosition(mappings: readonly Json[]): readonly Json[] {
  let last = Number.MIN_SAFE_INTEGER;
  for (const mapping of mappings) {
    const position = sortedAt(mapping);
    // As nearly always it stands in order.
    if (position < last) return [...mappings].sort((first, second) => sortedAt(first) - sortedAt(second));
    last = position;
  }
  return mappings;
}

function sortedAt(mapping: Json): number {
  return positionOf(mapping) ?? Number.MAX_SAFE_INTEGER;
}

/** The mappings in the order of their positions, where each has one of its own, as only answers have them; else as they stand. */
export function placed(mappings: readonly Json[]): readonly Json[] {
  let last = -1;
  let inOrder = true;
  for (const mapping of mappings) {
    const position = positionOf(mapping);
    if (position === undefined) return mappings;
    inOrder &&= position > last;
    last = position;
  }
  if (inOrder) return mappings;
  return new Set(mappings.map(positionOf)).size === mappings.length ? byPosition(mappings) : mappings;
}

function positionOf(mapping: Json): number | undefined {
  return isObject(mapping) && typeof mapping.position === 'number' ? mapping.position : undefined;
}

/** Made by the server alone; a request that holds one is refused. */
export function isCompoundKey(mapping: Json): boolean {
  return isObject(mapping) && isObject(mapping.from) && mapping.from.type === 'compound_key';
}

function canonicalFrom(from: Json): Json {
  if (typeof from === 'string') return { type: 'column', data: from };
  if (!isObject(from)) return from;
  if (from.type !== undefined) return canonicalTyped(from);
  if (from.constant !== undefined) return constant(from.constant, from.basic_type);
  if (from.sync_metadata !== undefined) return { type: 'sync_metadata', data: from.sync_metadata };
  if (from.segment_membership !== undefined) {
    return { type: 'segment_membership', data: { identify_by: from.segment_membership } };
  }
  if (from.liquid_template !== undefined) return { type: 'liquid_template', data: from.liquid_template };
  return from;
}

/** `{type, data}`. The kinds we do not know pass as they are, so that a sync that has one can still be kept. */
function canonicalTyped(from: JsonObject): JsonObject {
  const { data } = from;
  if (from.type === 'constant_value' && isObject(data)) return constant(data.value, data.basic_type);
  if (from.type === 'liquid_template' && isObject(data) && data.liquid_template !== undefined) {
    return { type: 'liquid_template', data: data.liquid_template };
  }
  return from;
}

/** Constants come back as text whatever was sent, so the value is text here, beside the type that it has. */
function constant(value: Json | undefined, basicType: Json | undefined): JsonObject {
  const basic_type = basicType ?? typeOf(value);
  return { type: 'constant_value', data: { value: textOf(value ?? null, basic_type), basic_type } };
}

function typeOf(value: Json | undefined): string {
  return typeof value === 'number' || typeof value === 'boolean' ? typeof value : 'text';
}

function textOf(value: Json, basicType: Json): Json {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return value;
  const text = String(value);
  if (basicType === 'number') return numberText(text);
  if (basicType === 'boolean' && /^(true|false)$/i.test(text)) return text.toLowerCase();
  return text;
}

/** `5.0`, `05` and `5` are one number. Text with more digits than a double holds stays as it was written. */
function numberText(text: string): string {
  const match = /^[+-]?(\d+)(?:\.(\d+))?(?:[eE][+-]?\d+)?$/.exec(text.trim());
  if (match === null) return text;
  const digits = `${match[1]}${match[2] ?? ''}`.replace(/^0+/, '');
  const number = Number(text);
  const exact = digits.length <= 15 && Number.isFinite(number) && (number !== 0 || digits === '');
  return exact ? String(number === 0 ? 0 : number) : text;
}
