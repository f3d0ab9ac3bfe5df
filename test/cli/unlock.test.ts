import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { emptyLedger } from '../../src/core/memory/ledger.ts';
import { fileLedger } from '../../src/ledger/file/store.ts';
import { Exit } from '../../src/model/errors.ts';
import { cli, folder } from './in-process.ts';
import { project } from './workspace.ts';

describe('unlock', () => {
  test.each(['file', 'none'])(
    'says so where nobody holds the lock, with ledger: %s; no network, no token',
    async (kind) => {
      const { cwd } = place(kind);
      expect(await cli('unlock', { cwd })).toEqual({
        code: Exit.ok,
        out: 'production: nobody holds the lock.\n',
        err: '',
      });
    },
  );

  test('shows the holder, asks, and breaks the lock', async () => {
    const { cwd, begin, store } = place('file');
    await begin();
    const said = await cli('unlock', { cwd, typed: 'yes\n' });
    expect(said.code).toBe(Exit.ok);
    expect(said.out).toMatch(
      /^production: ada\\u001b\[2J holds the lock\.\n {2}run {6}r1\n {2}process {2}\d+ on .+\n {2}since {4}2.+Z\n {2}until {4}2.+Z\n {2}state {4}still running or on another machine\nproduction: the lock is broken; .*\n$/,
    );
    expect(said.err).toContain('Break the lock of production? A run that is still going may write for up to a minute');
    expect(await store().lock()).toMatchObject({ state: 'expired', lock: { run: 'r1' } });
  });

  test.each([
    ['no\n', {}],
    [undefined, {}],
  ])('breaks nothing where nobody approves (%j typed)', async (typed, more) => {
    const { cwd, begin, store } = place('file');
    await begin();
    const said = await cli('unlock', { cwd, ...(typed === undefined ? more : { typed }) });
    expect(said.code).toBe(Exit.refused);
    expect(said.err).toContain('not-approved');
    expect(await store().lock()).toMatchObject({ state: 'held' });
  });

  test('--auto-approve asks nobody; a lease that has run out is named as such', async () => {
    const { cwd, begin, store } = place('file');
    await begin(() => new Date('2026-01-01T00:00:00Z'));
    const said = await cli('unlock --auto-approve', { cwd });
    expect(said).toMatchObject({ code: Exit.ok, err: '' });
    expect(said.out).toContain('until    2026-01-01T00:10:00.000Z\n  state    its lease has run out\n');
    expect(await store().lock()).toMatchObject({ state: 'expired' });
  });

  test('never takes silence for several targets', async () => {
    const { cwd, begin, store } = place('file', ['production', 'staging']);
    await begin();
    expect(await cli('unlock --auto-approve', { cwd })).toMatchObject({ code: Exit.invalid });
    expect(await cli('unlock --auto-approve --target staging', { cwd })).toMatchObject({ code: Exit.ok });
    expect(await store().lock()).toMatchObject({ state: 'held' });
    expect(await cli('unlock --auto-approve --target production', { cwd })).toMatchObject({ code: Exit.ok });
    expect(await store().lock()).toMatchObject({ state: 'expired' });
  });
});

/** A project, and a run of its first target that has begun and does not end. */
function place(ledger: string, targets: readonly string[] = ['production']) {
  const cwd = folder();
  const blocks = Object.fromEntries(targets.map((name) => [name, 'http://127.0.0.1:9']));
  writeFileSync(join(cwd, 'syncline.yaml'), `${project(blocks)}ledger: ${ledger}\n`);
  const store = (now = () => new Date()) => fileLedger(cwd, 'production', { now });
  const empty = emptyLedger({ format: 1, provider: 'census', host: '127.0.0.1:9', workspace: 4321, project: 'crm' });
  const begin = async (now?: () => Date) => {
    const journal = await store(now).begin(empty, { run: 'r1', actor: 'ada\u001b[2J' });
    onTestFinished(() => journal.close(empty).catch(() => undefined));
  };
  return { cwd, begin, store };
}
