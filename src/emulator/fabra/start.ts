import { type Wishes, withSeed, wordOf } from '../seed-of.ts';
import { pastedSeed } from './pasted.ts';
import { fabraSeedProblems, isFabraSeed } from './seed-shape.ts';
import { startFabra } from './server.ts';

/** Starts the emulated API with what somebody has asked for in words. Throws EmulatorInputError. */
export async function start(wishes: Wishes) {
  const { seed, options, ...settings } = wishes;
  const profile = wordOf('profile', options.profile ?? [], ['as-traced', 'as-intended'] as const);
  const dialect = wordOf('dialect', options.dialect ?? [], ['server', 'documented'] as const);
  const form = { pasted: pastedSeed, isSeed: isFabraSeed, problemsOf: fabraSeedProblems };
  return withSeed(seed, form, (one) => startFabra({ ...settings, profile, dialect, seed: one }));
}
