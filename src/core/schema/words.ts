import type { Problem } from '../../model/diagnostic.ts';
import { escapeToken, isList, isObject, type Json } from '../../model/json.ts';
import { closest, listed } from '../suggest.ts';
import { homeOf, knownKeys, ownHint, type Place, shown } from './place.ts';

/** A schema error in words. */
export interface SchemaProblem extends Problem {
  /** The keys of which one is missing at `path`; empty for any other mistake. */
  readonly missing: readonly string[];
}

const typeWords: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  object: 'a mapping (key: value)',
  array: 'a list',
  null: 'null',
};

export function unknownField(place: Place, key: string): SchemaProblem {
  const at = { path: `${place.path}/${escapeToken(key)}`, at: 'key' } as const;
  const known = knownKeys(place);
  if (known.length === 0) {
    return error('bad-name', `"${key}" is not a valid name in ${place.name}.`, ownHint(place) ?? 'Change it.', at);
  }
  const message = `"${key}" is not a field of ${place.name}.`;
  const close = closest(key, known);
  const hint =
    close === undefined ? (homeOf(place, key) ?? `There is ${listed(known, 12)}.`) : `Did you mean "${close}"?`;
  return error('unknown-field', message, hint, at);
}

export function missingField(place: Place, key: string): SchemaProblem {
  const hint = ownHint(place, key) ?? `Add "${key}: …" here.`;
  return { ...error('missing-field', `${sentenceStart(place)} needs "${key}".`, hint, parent(place)), missing: [key] };
}

export function missingBeside(place: Place, key: string, missing: string): SchemaProblem {
  const message = `${sentenceStart(place)} has "${key}", which needs "${missing}" beside it.`;
  return { ...error('missing-field', message, `Add ${missing}, or remove ${key}.`, parent(place)), missing: [missing] };
}

export function exactlyOne(place: Place, keys: readonly string[]): SchemaProblem {
  if (present(place, keys).length > 1) return conflict(place, keys);
  const message = `${sentenceStart(place)} needs one of ${listed(keys)}.`;
  return { ...error('missing-field', message, 'Add one of them.', parent(place)), missing: keys };
}

export function conflict(place: Place, keys: readonly string[]): SchemaProblem {
  const both = present(place, keys);
  const message = `${sentenceStart(place)} has ${listed(both)}, which say the same thing.`;
  const last = both.at(-1);
  const at = { path: last === undefined ? place.path : `${place.path}/${escapeToken(last)}`, at: 'key' } as const;
  return error('conflicting-fields', message, 'Keep one of them.', at);
}

export function incomplete(place: Place, groups: readonly (readonly string[])[]): SchemaProblem {
  const ways = groups.map((keys) => (keys.length === 1 ? listed(keys) : `all of ${listed(keys)}`)).join(', or ');
  const message = `${sentenceStart(place)} needs ${ways}.`;
  return { ...error('missing-field', message, 'Add what is missing.', parent(place)), missing: groups.flat() };
}

function present({ value }: Place, keys: readonly string[]): string[] {
  return isObject(value) ? keys.filter((key) => value[key] !== undefined && value[key] !== null) : [];
}

export function wrongType(place: Place, types: readonly string[]): SchemaProblem {
  const wanted = types.filter((type) => type !== 'null' || types.length === 1);
  const words = wanted.map((type) => typeWords[type] ?? type).join(' or ');
  const message = `${sentenceStart(place)} must be ${words}, not ${typeOf(place.value)}.`;
  return error('wrong-type', message, typeHint(place, wanted), { path: place.path, at: 'value' });
}

function typeOf(value: Json | undefined): string {
  if (value === null || value === undefined) return 'empty';
  if (isList(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  return typeof value === 'string' ? 'text' : typeof value === 'number' ? `the number ${value}` : `${value}`;
}

function typeHint(place: Place, wanted: readonly string[]): string {
  const { value } = place;
  const own = ownHint(place);
  if (own !== undefined) return own;
  if (value === null || value === undefined) return 'Give it a value, or remove the key if the field is optional.';
  if (wanted.length > 1) return `Write ${wanted.map((type) => typeWords[type] ?? type).join(' or ')}.`;
  if (wanted.includes('array')) return 'Write a list: each item on a line of its own, after "- ".';
  if (wanted.includes('object')) return 'Write its fields below it, indented, as key: value.';
  if (wanted.includes('boolean')) return 'Write true or false, without quotes.';
  if (wanted.includes('string'))
    return typeof value === 'object' ? 'Write plain text.' : `Put it in quotes: "${value}".`;
  if (typeof value === 'string' && /^-?\d+$/.test(value)) return `Write it without quotes: ${value}.`;
  return wanted.includes('integer') && typeof value === 'number'
    ? 'Write it without a fraction.'
    : 'Write a number, without quotes.';
}

export function notAllowed(place: Place, allowed: readonly Json[]): SchemaProblem {
  const values = allowed.filter((value) => value !== null);
  const message = `${shown(place.value)} is not allowed for ${place.name}.`;
  const names = values.filter((value) => typeof value === 'string');
  const best = typeof place.value === 'string' ? closest(place.value, names) : undefined;
  const choice = values.length === 1 ? `Write ${shown(values[0])}.` : `Use one of ${values.map(shown).join(', ')}.`;
  const help = best === undefined ? choice : `Did you mean "${best}"? ${choice}`;
  return error('not-allowed', message, help, { path: place.path, at: 'value' });
}

export function duplicateItem(place: Place, first: number, second: number): SchemaProblem {
  const [earlier, later] = first < second ? [first, second] : [second, first];
  const message = `Items ${earlier + 1} and ${later + 1} of ${place.name} are the same.`;
  return error('duplicate-item', message, 'Remove one of them.', { path: `${place.path}/${later}`, at: 'value' });
}

const bounds: Readonly<Record<string, { readonly word: string; readonly unit: string; readonly inside: boolean }>> = {
  minimum: { word: 'at least', unit: '', inside: false },
  maximum: { word: 'at most', unit: '', inside: false },
  exclusiveMinimum: { word: 'more than', unit: '', inside: false },
  exclusiveMaximum: { word: 'less than', unit: '', inside: false },
  multipleOf: { word: 'a multiple of', unit: '', inside: false },
  minLength: { word: 'at least', unit: 'character', inside: true },
  maxLength: { word: 'at most', unit: 'character', inside: true },
  minItems: { word: 'at least', unit: 'item', inside: true },
  maxItems: { word: 'at most', unit: 'item', inside: true },
  minProperties: { word: 'at least', unit: 'field', inside: true },
  maxProperties: { word: 'at most', unit: 'field', inside: true },
};

/** A number, a length or a count beyond a bound; undefined for any other keyword. */
export function outOfRange(place: Place, keyword: string, limit: number): SchemaProblem | undefined {
  const bound = bounds[keyword];
  if (bound === undefined) return undefined;
  const message = bound.inside
    ? `${sentenceStart(place)} must have ${bound.word} ${limit} ${bound.unit}${limit === 1 ? '' : 's'}.`
    : `${sentenceStart(place)} must be ${bound.word} ${limit}, not ${shown(place.value)}.`;
  const hint =
    ownHint(place) ??
    (bound.inside ? 'Change it, or remove the key.' : `Write a number that is ${bound.word} ${limit}.`);
  return error('out-of-range', message, hint, { path: place.path, at: 'value' });
}

export function badFormat(place: Place): SchemaProblem {
  const message = `${shown(place.value)} is not a valid value for ${place.name}.`;
  return error('bad-format', message, ownHint(place) ?? 'Check how it is written.', { path: place.path, at: 'value' });
}

function sentenceStart({ name }: Place): string {
  return name.startsWith('a ') ? `A${name.slice(1)}` : name.startsWith('the ') ? `T${name.slice(1)}` : `"${name}"`;
}

function parent({ path }: Place) {
  return { path, at: 'key' } as const;
}

function error(code: string, message: string, hint: string, at: Pick<Problem, 'path' | 'at'>): SchemaProblem {
  return { severity: 'error', code, message, hint, ...at, missing: [] };
}
