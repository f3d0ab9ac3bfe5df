import { describe, expect, test } from 'vitest';
import { Exit } from '../../src/model/errors.ts';
import { workspace } from './workspace.ts';

describe('forget', () => {
  test('lets an address go and leaves its sync alone; no network, no token', async () => {
    const { run, emulator } = await workspace();
    await run('apply --auto-approve');
    emulator.clearRequests();
    const said = await run('forget CensusSync/users', { env: {} });
    expect(said).toMatchObject({ code: Exit.ok, err: '' });
    expect(said.out).toMatch(/^production: CensusSync\/users is forgotten; its sync \d+ stays as it is\.\n$/);
    expect(emulator.requests).toEqual([]);
    expect((await run('plan')).out).toContain('foreign');
  });

  test.each([
    ['forget', Exit.invalid, 'takes an address or an --id'],
    ['forget CensusSync/users --id 7', Exit.invalid, 'takes an address or an --id'],
    ['forget CensusSync/users', Exit.refused, 'There is no ledger'],
  ])('%s is refused before anything is recorded', async (line, code, words) => {
    const { run } = await workspace();
    const said = await run(line);
    expect(said.code).toBe(code);
    expect(said.err).toContain(words);
  });
});
