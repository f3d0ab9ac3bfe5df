import { describe, expect, test } from 'vitest';
import { emptyLedger } from '../../src/core/memory/ledger.ts';
import { fileLedger } from '../../src/ledger/file/store.ts';
import { Exit } from '../../src/model/errors.ts';
import { project, workspace } from './workspace.ts';

describe('forget', () => {
  test('lets an address go and leaves its sync alone; no network, no token', async () => {
    const { run, emulator } = await workspace();
    await run('apply --auto-approve');
    emulator.clearRequests();
    const said = await run('forget CensusSync/users', { env: {} });
    expect(said).toMatchObject({ code: Exit.ok, err: '' });
    expect(said.out).toMatch(
      /^production: CensusSync\/users is forgotten; \d+ stays as it is\. While a manifest declares it, the next apply finds \d+ foreign: `syncline adopt CensusSync\/users` binds it again\.\n$/,
    );
    expect(emulator.requests).toEqual([]);
    expect((await run('plan')).out).toContain('foreign');
  });

  test.each([
    ['forget', Exit.invalid, 'takes an address or an --id'],
    ['forget CensusSync/users --id 7', Exit.invalid, 'takes an address or an --id'],
    ['forget CensusSync/users', Exit.refused, 'There is no ledger'],
    ['forget --id 7', Exit.invalid, 'error no-dead-rows'],
    ['forget --id 7', Exit.invalid, '`syncline forget ADDRESS`'],
  ])('%s is refused before anything is recorded', async (line, code, words) => {
    const { run } = await workspace();
    const said = await run(line);
    expect(said.code).toBe(code);
    expect(said.err).toContain(words);
  });

  test('a create in doubt is let go too', async () => {
    const { run } = await workspace({ faults: ['POST /syncs:commit-later=600000:1'] });
    await run('apply --auto-approve');
    const said = await run('forget CensusSync/users');
    expect(said).toMatchObject({ code: Exit.ok, err: '' });
    expect(said.out).toContain(
      'CensusSync/users is forgotten. Syncline no longer looks for what its unanswered create may have made',
    );
    expect((await run('plan')).out).toContain('1 to create');
  });

  test('a live sync of a service that shows the truth cannot be declared dead, and is not made twice', async () => {
    const { run, emulator } = await workspace();
    await run('apply --auto-approve');
    const [{ id } = { id: 0 }] = emulator.syncs().filter((one) => one.label === 'Label of users');
    await run('forget CensusSync/users');
    expect(await run(`forget --id ${id}`)).toMatchObject({ code: Exit.invalid, out: '' });
    expect((await run('plan')).out).toContain('foreign');
  });

  test('a dead row is recorded as a run, once', async () => {
    const { run, write, folder } = await workspace();
    write('syncline.yaml', fabraProject('production'));
    const meta = {
      format: 1,
      provider: 'fabra',
      host: 'localhost',
      workspace: null,
      project: 'syncline.yaml',
    } as const;
    await fileLedger(folder, 'production').save(emptyLedger(meta));
    const said = await run('forget --id 15', { env: {} });
    expect(said).toMatchObject({ code: Exit.ok, err: '' });
    expect(said.out).toContain('production: the row 15 no longer counts as a sync');
    expect((await run('log')).out).toContain('\n  ≠ row 15 of FabraSync recorded as dead by hand\n');
    expect((await run('forget --id 15')).out).toContain('dead already; nothing was written');
    expect(JSON.parse((await run('log --format json')).out).runs).toHaveLength(1);
  });

  test('an --id belongs to one target', async () => {
    const { run, write } = await workspace();
    write('syncline.yaml', fabraProject('production', 'staging'));
    const said = await run('forget --id 15 --target production --target staging');
    expect(said).toMatchObject({ code: Exit.invalid, err: expect.stringContaining('belongs to one target') });
  });

  test.each(['forget CensusSync/users', 'adopt CensusSync/users'])(
    'under ledger: none, %s has nothing to do it in',
    async (line) => {
      const { run, write, emulator } = await workspace();
      write('syncline.yaml', `${project({ production: emulator.url })}ledger: none\n`);
      const said = await run(line);
      expect(said).toMatchObject({ code: Exit.refused, out: '' });
      expect(said.err).toContain('error no-ledger');
      expect(said.err).toContain('Target "production" has no ledger');
      expect(said.err).toContain('`ledger: git` or `file`');
    },
  );
});

function fabraProject(...targets: readonly string[]): string {
  const blocks = targets.map((name) => `  ${name}: { provider: fabra, api: server, token: "\${env.TOKEN}" }\n`);
  return `version: 1\nmanifests: [syncs/**/*.yaml]\ntargets:\n${blocks.join('')}`;
}
