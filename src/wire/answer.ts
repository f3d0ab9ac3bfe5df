import { ProviderError } from '../model/errors.ts';
import { isList, isObject, type Json, type JsonObject } from '../model/json.ts';

/** The request whose answer or body is being translated; errors name it. */
export interface Call {
  readonly method: string;
  readonly path: string;
}

/** An answer that arrived but cannot be understood. Says where in it, and what is there; never guesses. */
export function misshapen(call: Call, place: string, expected: string, found: Json | undefined): ProviderError {
  const message = `${call.method} ${call.path} answered something unexpected: ${place} is ${typeName(found)}, not ${expected}`;
  return new ProviderError(message, { ...call, status: 200, serverMessage: undefined, fate: 'unknown' });
}

/** A body that cannot be said in the API's words. Nothing was sent. */
export function unsendable(call: Call, problem: string): ProviderError {
  const message = `${call.method} ${call.path} was not sent: ${problem}`;
  return new ProviderError(message, { ...call, status: undefined, serverMessage: undefined, fate: 'unsent' });
}

function typeName(value: Json | undefined): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (isList(value)) return 'a list';
  return isObject(value) ? 'an object' : `a ${typeof value}`;
}

/** Reads parts of one answer, checking their types. Absent and null are the same here: nothing is there. */
export interface Shapes {
  object(value: Json | undefined, place: string): JsonObject | undefined;
  list(value: Json | undefined, place: string): readonly Json[] | undefined;
  text(value: Json | undefined, place: string): string | undefined;
  fail(value: Json | undefined, place: string, expected: string): never;
}

export function shapes(call: Call, subject: string): Shapes {
  const fail = (value: Json | undefined, place: string, expected: string): never => {
    throw misshapen(call, `${place} of ${subject}`, expected, value);
  };
  const nothing = (value: Json | undefined): value is null | undefined => value === undefined || value === null;
  return {
    fail,
    object: (value, place) => (nothing(value) ? undefined : isObject(value) ? value : fail(value, place, 'an object')),
    list: (value, place) => (nothing(value) ? undefined : isList(value) ? value : fail(value, place, 'a list')),
    text: (value, place) =>
      nothing(value) ? undefined : typeof value === 'string' ? value : fail(value, place, 'text'),
  };
}

/** An id as the rest of the house handles it: text. The API sends whole numbers. */
export function idText(value: Json | undefined): string | undefined {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return String(value);
  return typeof value === 'string' && /^\d{1,20}$/.test(value) ? value : undefined;
}
