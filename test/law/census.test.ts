import fc from 'fast-check';
import { it } from 'vitest';
import { censusService } from './census-service.ts';
import { obey } from './law.ts';
import { anyLawWorld } from './world.ts';

const { WORLDS = '300', SEED } = process.env;

it('Census', { timeout: 3_600_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(anyLawWorld, async (world) => {
      await obey(world, () => censusService({}));
    }),
    { numRuns: Number(WORLDS), ...(SEED === undefined ? {} : { seed: Number(SEED) }) },
  );
});
