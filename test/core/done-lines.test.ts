import { expect, it } from 'vitest';
import { withDoneLines } from '../../src/core/moves/done-lines.ts';
import { makePlan } from '../../src/core/plan/plan.ts';
import { input, manifest } from '../support/world.ts';

const line = { ...manifest('users'), moved_from: ['people'], targets: ['production', 'staging'] };
const done = { manifest: line, known: true };
const planOf = (target: string) => ({ ...makePlan(input()), target });

it('a line can go once every target of its manifest is read and has no use for it', () => {
  const [production, staging] = [planOf('production'), planOf('staging')];
  const told = withDoneLines([
    { plan: production, settled: [done] },
    { plan: staging, settled: [done] },
  ]);
  expect(told.map(({ notes }) => notes.map(({ address, code }) => `${address} ${code}`))).toEqual([
    ['CensusSync/users moved'],
    ['CensusSync/users moved'],
  ]);
  expect(told.map(({ digest }) => digest)).toEqual([production.digest, staging.digest]);
});

it('nothing is said where one target still needs it, or is not read', () => {
  const [production, staging] = [planOf('production'), planOf('staging')];
  expect(withDoneLines([{ plan: production, settled: [done] }])).toEqual([production]);
  expect(
    withDoneLines([
      { plan: production, settled: [done] },
      { plan: staging, settled: [] },
    ]),
  ).toEqual([production, staging]);
});

it('a line whose names no ledger knows is told so; one that a single target knows is done', () => {
  const [production, staging] = [planOf('production'), planOf('staging')];
  const told = (known: boolean) =>
    withDoneLines([
      { plan: production, settled: [{ manifest: line, known }] },
      { plan: staging, settled: [{ manifest: line, known: false }] },
    ]).map(({ notes }) => notes.map((note) => note.message).join());
  for (const message of told(true)) expect(message).toContain('the line can go');
  for (const message of told(false))
    expect(message).toMatch(/^moved_from names CensusSync\/people, and no ledger .* knows .*: check its spelling/);
});
