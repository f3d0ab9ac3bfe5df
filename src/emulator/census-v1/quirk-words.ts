import { EmulatorInputError } from '../input-problem.ts';
import { nearest } from '../nearest.ts';
import { defaultQuirks, type Quirks } from './quirks.ts';

/** What a quirk may be, beside its default: words, or every whole number; flags and lists show by their default. */
const choices: Partial<Record<keyof Quirks, readonly (string | number | boolean)[]>> = {
  createStatus: [200, 201],
  validateStatus: [200, 201, 202],
  errorStatus: [400, 422],
  unknownKeys: ['ignore', 'reject'],
  mappingOrder: ['shuffled', 'request'],
  emptyAlertOptions: ['object', 'null'],
  sourceShows: ['listed', 'names', 'everything'],
  unknownAdvancedKeys: ['store', 'drop', 'reject'],
  liveMode: ['reject', 'accept'],
  sequenceAfterDelete: ['kept', 'removed'],
  sequenceCircles: ['accept', 'reject'],
};

/** Quirks from texts like `createStatus=200`; lists are written `a,b`. Throws EmulatorInputError. */
export function parseQuirks(texts: readonly string[]): Partial<Quirks> {
  return Object.fromEntries(texts.map(parseQuirk));
}

function parseQuirk(text: string): readonly [string, string | number | boolean | readonly string[]] {
  const [key = '', ...rest] = text.split('=');
  const value = rest.join('=');
  if (!isQuirk(key)) {
    const meant = nearest(key, Object.keys(defaultQuirks));
    const help = meant === undefined ? 'Quirks are' : `Did you mean "${meant}"? Quirks are`;
    throw problem(`There is no quirk "${key}".`, `${help} ${Object.keys(defaultQuirks).join(', ')}.`);
  }
  const usual = defaultQuirks[key];
  const words = choices[key] ?? (typeof usual === 'boolean' ? [true, false] : undefined);
  if (words !== undefined) {
    const found = words.find((word) => String(word) === value);
    if (found === undefined) throw wrong(key, value, `Choose one of: ${words.join(', ')}.`);
    return [key, found];
  }
  if (typeof usual !== 'number') return [key, value === '' ? [] : value.split(',')];
  if (!/^\d{1,9}$/u.test(value)) throw wrong(key, value, 'Write a whole number.');
  return [key, Number(value)];
}

function isQuirk(key: string): key is keyof Quirks {
  return Object.hasOwn(defaultQuirks, key);
}

function wrong(key: string, value: string, hint: string): EmulatorInputError {
  return problem(`The quirk ${key} cannot be "${value}".`, hint);
}

function problem(message: string, hint: string): EmulatorInputError {
  return new EmulatorInputError({ message, hint });
}
