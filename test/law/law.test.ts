import fc from 'fast-check';
import { describe, it } from 'vitest';
import { censusService, censusWithDatasets } from './census-service.ts';
import { censusOfGroups, groupsWithDatasets } from './census-v2-service.ts';
import { fabraService } from './fabra-service.ts';
import { found } from './found.ts';
import { foundOfTwo } from './found-of-two.ts';
import { obey } from './law.ts';
import type { Service } from './service.ts';
import { anyLawWorld, anyWorldOfTwoKinds, type LawWorld } from './world.ts';

/** By hand: `WORLDS=100000 SEED=7 npx vitest run test/law`; a failure prints what REPLAY wants, beside its SEED. */
const { WORLDS, SEED = '1', REPLAY } = process.env;

interface Tried {
  readonly open: (world: LawWorld) => Service;
  readonly worlds: number;
  readonly any: fc.Arbitrary<LawWorld>;
  readonly found: readonly LawWorld[];
}

const census: Tried = { open: () => censusService({}), worlds: 200, any: anyLawWorld, found };

const services: readonly (readonly [string, Tried])[] = [
  ['Census', census],
  [
    'Census with datasets',
    { open: () => censusWithDatasets({}), worlds: 120, any: anyWorldOfTwoKinds, found: foundOfTwo },
  ],
  ['Census of groups', { ...census, open: ({ seed }) => censusOfGroups(seed), worlds: 80 }],
  [
    'Census of groups with datasets',
    { open: ({ seed }) => groupsWithDatasets(seed), worlds: 40, any: anyWorldOfTwoKinds, found: foundOfTwo },
  ],
  ['Fabra as traced', { ...census, open: () => fabraService('as-traced'), worlds: 120 }],
  ['Fabra as intended', { ...census, open: () => fabraService('as-intended'), worlds: 120 }],
];

describe('whatever a service does, and wherever a run dies, the promises hold', () => {
  it.each(services)('%s', { timeout: 12 * 3_600_000 }, async (_name, { open, worlds, any, ...known }) => {
    const property = fc.asyncProperty(any, async (world) => {
      await obey(world, () => open(world));
    });
    const replay = REPLAY === undefined ? { examples: known.found.map((one): [LawWorld] => [one]) } : { path: REPLAY };
    await fc.assert(property, { numRuns: Number(WORLDS ?? worlds), seed: Number(SEED), ...replay });
  });
});
