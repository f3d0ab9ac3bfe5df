import { parseSettings } from '../settings.ts';
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
  return parseSettings(texts, { noun: 'quirk', defaults: defaultQuirks, choices });
}
