import { EmulatorInputError } from './input-problem.ts';
import { isObject, objectIn } from './json.ts';
import { nearest } from './nearest.ts';

type Word = string | number | boolean | null;

/** Settings that somebody may choose by words like `createStatus=200`. */
export interface Settings<All extends object> {
  /** What one of them is called: `quirk`. */
  readonly noun: string;
  readonly defaults: All;
  /** The words that a setting may be; what a setting without any may be shows by its default. */
  readonly choices: Partial<Record<keyof All, readonly Word[]>>;
}

/** Settings from texts; lists are written `a,b`, or one text for each item. Throws EmulatorInputError. */
export function parseSettings<All extends object>(texts: readonly string[], settings: Settings<All>): Partial<All> {
  const found: Record<string, unknown> = {};
  for (const text of texts) {
    const [key = '', ...rest] = text.split('=');
    const value = parsed(key, rest.join('='), settings);
    const before = found[key];
    found[key] = Array.isArray(value) && Array.isArray(before) ? [...before, ...value] : value;
  }
  return found as Partial<All>;
}

function parsed<All extends object>(key: string, value: string, { noun, defaults, choices }: Settings<All>): unknown {
  if (!isKey(key, defaults)) {
    const meant = nearest(key, Object.keys(defaults));
    const title = `${noun.charAt(0).toUpperCase()}${noun.slice(1)}s are`;
    const help = meant === undefined ? title : `Did you mean "${meant}"? ${title}`;
    throw problem(`There is no ${noun} "${key}".`, `${help} ${Object.keys(defaults).join(', ')}.`);
  }
  const usual: unknown = defaults[key];
  const wrong = (hint: string) => problem(`The ${noun} ${String(key)} cannot be "${value}".`, hint);
  const words = choices[key] ?? (typeof usual === 'boolean' ? [true, false] : undefined);
  if (words !== undefined) {
    const found = words.find((word) => String(word) === value);
    if (found === undefined) throw wrong(choose(value, words));
    return found;
  }
  if (Array.isArray(usual)) return value === '' ? [] : value.split(',');
  if (isObject(usual)) return objectIn(value) ?? fail(wrong('Write a JSON object.'));
  return /^\d{1,9}$/u.test(value) ? Number(value) : fail(wrong('Write a whole number.'));
}

function isKey<All extends object>(key: string, defaults: All): key is Extract<keyof All, string> {
  return Object.hasOwn(defaults, key);
}

function choose(value: string, words: readonly Word[]): string {
  const texts = words.map(String);
  const meant = nearest(value, texts);
  return `${meant === undefined ? '' : `Did you mean "${meant}"? `}Choose one of: ${texts.join(', ')}.`;
}

function fail(error: EmulatorInputError): never {
  throw error;
}

function problem(message: string, hint: string): EmulatorInputError {
  return new EmulatorInputError({ message, hint });
}
