import { expect, it } from 'vitest';
import { withDoneLines } from '../../src/core/moves/done-lines.ts';
import { makePlan } from '../../src/core/plan/plan.ts';
import { input, manifest } from '../support/world.ts';

const line = { ...manifest('users'), moved_from: ['people'], targets: ['production', 'staging'] };
const planOf = (target: string) => ({ ...makePlan(input()), target });

it('a line can go once every target of its manifest is read and has no use for it', () => {
  const [production, staging] = [planOf('production'), planOf('staging')];
  const told = withDoneLines([
    { plan: production, settled: [line] },
    { plan: staging, settled: [line] },
  ]);
  expect(told.map(({ notes }) => notes.map(({ address, code }) => `${address} ${code}`))).toEqual([
    ['CensusSync/users moved'],
    ['CensusSync/users moved'],
  ]);
  expect(told.map(({ digest }) => digest)).toEqual([production.digest, staging.digest]);
});

it('nothing is said where one target still needs it, or is not read', () => {
  const [production, staging] = [planOf('production'), planOf('staging')];
  expect(withDoneLines([{ plan: production, settled: [line] }])).toEqual([production]);
  expect(
    withDoneLines([
      { plan: production, settled: [line] },
      { plan: staging, settled: [] },
    ]),
  ).toEqual([production, staging]);
});
