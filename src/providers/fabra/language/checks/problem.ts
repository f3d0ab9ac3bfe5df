import type { Problem } from '../../../../model/diagnostic.ts';
import { type Json, pointer } from '../../../../model/json.ts';

/** Where a rule found something: tokens below `/spec`. */
export type Place = readonly (string | number)[];

export function error(code: string, place: Place, message: string, hint: string): Problem {
  return { severity: 'error', code, message, hint, path: pointer(['spec', ...place]), at: 'value' };
}

export function warning(code: string, place: Place, message: string, hint: string): Problem {
  return { ...error(code, place, message, hint), severity: 'warning' };
}

/** The same problem, pointing at the key: the value has nothing to do with it. */
export function atKey(problem: Problem): Problem {
  return { ...problem, at: 'key' };
}

/** Empty text says nothing in any field that is asked about here. */
export function isSet(value: Json | undefined): value is Exclude<Json, null> {
  return value !== undefined && value !== null && value !== '';
}
