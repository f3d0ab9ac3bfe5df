import { pastedSeed } from '../census-v1/pasted.ts';
import { parseQuirks } from '../census-v1/quirk-words.ts';
import { isSeed, seedShapeProblems } from '../census-v1/seed-shape.ts';
import { type Wishes, withSeed } from '../seed-of.ts';
import { startCensusV2 } from './server.ts';
import { parseSwitches } from './switch-words.ts';

/** Starts the emulated API with what somebody has asked for in words. Throws EmulatorInputError. */
export async function start(wishes: Wishes) {
  const { seed, options, ...settings } = wishes;
  const quirks = parseQuirks(options.quirk ?? []);
  const v2 = parseSwitches(options.option ?? []);
  const form = { pasted: pastedSeed, isSeed, problemsOf: seedShapeProblems };
  return withSeed(seed, form, (one) => startCensusV2({ ...settings, quirks, v2, seed: one }));
}
