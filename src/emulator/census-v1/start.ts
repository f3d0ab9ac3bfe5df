import { seedOf, type Wishes } from '../seed-of.ts';
import { parseQuirks } from './quirk-words.ts';
import { isSeed, seedShapeProblems } from './seed-shape.ts';
import { startCensusV1 } from './server.ts';

/** Starts the emulated API with what somebody has asked for in words. Throws EmulatorInputError. */
export async function start(wishes: Wishes) {
  const { seed, options, ...settings } = wishes;
  const quirks = parseQuirks(options.quirk ?? []);
  return startCensusV1({ ...settings, quirks, seed: seedOf(seed, isSeed, seedShapeProblems) });
}
