import { isObject, type Json, type Pointer, tokens, valueAt } from '../../model/json.ts';
import type { SchemaError } from '../../model/kind.ts';
import { closest } from '../suggest.ts';
import { placeOf, type Subject } from './place.ts';
import {
  badFormat,
  conflict,
  duplicateItem,
  exactlyOne,
  incomplete,
  missingBeside,
  missingField,
  notAllowed,
  outOfRange,
  type SchemaProblem,
  unknownField,
  wrongType,
} from './words.ts';

export type { Subject } from './place.ts';
export type { SchemaProblem } from './words.ts';

/** Keywords that only repeat that something inside them failed. */
const wrappers: ReadonlySet<string> = new Set(['if', 'allOf', 'anyOf', 'oneOf', 'not']);

/** Every mistake that a validator found, each said once and in words, in the order in which the validator found them. */
export function explain(errors: readonly SchemaError[], subject: Subject): SchemaProblem[] {
  const problems = new Map<string, SchemaProblem>();
  for (const error of errors) {
    if (wrappers.has(error.keyword)) continue;
    const problem = problemOf(error, subject);
    const aboutValue = problem.at === 'value' && problem.missing.length === 0;
    const identity = aboutValue ? problem.path : `${problem.code} ${problem.path} ${problem.missing.join()}`;
    if (!problems.has(identity)) problems.set(identity, problem);
  }
  return withoutEchoes([...problems.values()], subject);
}

function problemOf(error: SchemaError, subject: Subject): SchemaProblem {
  const place = placeOf(error, subject);
  const { params, keyword } = error;
  switch (keyword) {
    case 'additionalProperties':
    case 'unevaluatedProperties':
      return unknownField(place, text(params.additionalProperty ?? params.unevaluatedProperty));
    case 'required':
      return missingField(place, text(params.missingProperty));
    case 'dependentRequired':
      return missingBeside(place, text(params.property), text(params.missingProperty));
    case 'x-exactly-one':
      return exactlyOne(place, texts(params.keys));
    case 'x-at-most-one':
      return conflict(place, texts(params.keys));
    case 'x-complete':
      return incomplete(place, Array.isArray(params.keys) ? params.keys.map(texts) : []);
    case 'type':
      return wrongType(place, typeof params.type === 'string' ? [params.type] : texts(params.type));
    case 'enum':
      return notAllowed(place, Array.isArray(params.allowedValues) ? params.allowedValues.filter(isJson) : []);
    case 'const':
      return notAllowed(place, isJson(params.allowedValue) ? [params.allowedValue] : []);
    case 'uniqueItems':
      return duplicateItem(place, Number(params.i), Number(params.j));
    default:
      return outOfRange(place, keyword, Number(params.limit ?? params.multipleOf)) ?? badFormat(place);
  }
}

/** A misspelt key is a missing one, too: the second is an echo of the first. */
function withoutEchoes(problems: readonly SchemaProblem[], subject: Subject): SchemaProblem[] {
  const unknown = new Map<Pointer, string[]>();
  for (const { code, path } of problems) {
    if (code !== 'unknown-field') continue;
    const [parent, key] = split(path);
    const keys = unknown.get(parent);
    if (keys === undefined) unknown.set(parent, [key]);
    else keys.push(key);
  }
  return problems.filter(({ path, missing }) => {
    const here = missing.length === 0 ? undefined : unknown.get(path);
    if (here === undefined) return true;
    const value = valueAt(subject.document, path);
    const unset = missing.filter((key) => !isObject(value) || value[key] === undefined);
    return !here.some((key) => closest(key, unset) !== undefined);
  });
}

/** A pointer as that of what holds it, and the last step. */
function split(path: Pointer): readonly [Pointer, string] {
  return [path.slice(0, path.lastIndexOf('/')), tokens(path).at(-1) ?? ''];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** ajv hands out what the schema, which is JSON, says. */
function isJson(value: unknown): value is Json {
  return value !== undefined && typeof value !== 'function';
}
