import fc from 'fast-check';
import { describe, it } from 'vitest';
import { censusService } from './census-service.ts';
import { fabraService } from './fabra-service.ts';
import { found } from './found.ts';
import { obey } from './law.ts';
import type { Service } from './service.ts';
import { anyLawWorld, type LawWorld } from './world.ts';

/** By hand: `WORLDS=100000 SEED=7 npx vitest run test/law`; a failure prints what REPLAY wants, beside its SEED. */
const { WORLDS, SEED = '1', REPLAY } = process.env;

const services: readonly (readonly [string, () => Service, number])[] = [
  ['Census', () => censusService({}), 800],
  ['Fabra as traced', () => fabraService('as-traced'), 500],
  ['Fabra as intended', () => fabraService('as-intended'), 200],
];

describe('whatever a service does, and wherever a run dies, the promises hold', () => {
  it.each(services)('%s', { timeout: 12 * 3_600_000 }, async (_name, open, worlds) => {
    const property = fc.asyncProperty(anyLawWorld, async (world) => {
      await obey(world, open);
    });
    const replay = REPLAY === undefined ? { examples: found.map((one): [LawWorld] => [one]) } : { path: REPLAY };
    await fc.assert(property, { numRuns: Number(WORLDS ?? worlds), seed: Number(SEED), ...replay });
  });
});
