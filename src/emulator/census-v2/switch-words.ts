import { parseSettings } from '../settings.ts';
import { defaultV2, type V2Options, v2Switches } from './switches.ts';

const isWord = (value: unknown) => value === null || ['string', 'number', 'boolean'].includes(typeof value);

/** What each switch with words may be; lists, JSON and whole numbers show by their defaults. */
const choices = Object.fromEntries(
  Object.entries(v2Switches).filter(([key, values]) => values.every(isWord) && !key.endsWith('Shift')),
);

/** Options from texts like `create=full`; lists are written `a,b`, or one text for each item. Throws EmulatorInputError. */
export function parseSwitches(texts: readonly string[]): Partial<V2Options> {
  return parseSettings(texts, { noun: 'option', defaults: defaultV2, choices });
}
