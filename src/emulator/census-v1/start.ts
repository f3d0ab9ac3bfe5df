import { type Wishes, withSeed } from '../seed-of.ts';
import { pastedSeed } from './pasted.ts';
import { parseQuirks } from './quirk-words.ts';
import { isSeed, seedShapeProblems } from './seed-shape.ts';
import { startCensusV1 } from './server.ts';

/** Starts the emulated API with what somebody has asked for in words. Throws EmulatorInputError. */
export async function start(wishes: Wishes) {
  const { seed, options, ...settings } = wishes;
  const quirks = parseQuirks(options.quirk ?? []);
  const form = { pasted: pastedSeed, isSeed, problemsOf: seedShapeProblems };
  return withSeed(seed, form, (one) => startCensusV1({ ...settings, quirks, seed: one }));
}
