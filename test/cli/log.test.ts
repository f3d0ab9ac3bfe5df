import { describe, expect, test } from 'vitest';
import { Exit } from '../../src/model/errors.ts';
import type { Run, RunChange } from '../../src/model/ledger.ts';
import { type LogEntry, logEntry } from '../../src/render/log/entry.ts';
import { logText } from '../../src/render/log/text.ts';
import { manifest, project, workspace } from './workspace.ts';

const runs = (out: string): readonly LogEntry[] => JSON.parse(out).runs;

describe('log', () => {
  test('shows runs, newest first; no network, no token', async () => {
    const { run, emulator, write } = await workspace();
    await run('apply --auto-approve');
    write('syncs/users.yaml', manifest('users', '  paused: true\n'));
    await run('apply --auto-approve');
    emulator.clearRequests();
    const said = await run('log --format json', { env: {} });
    expect(said).toMatchObject({ code: Exit.ok, err: '' });
    expect(JSON.parse(said.out)).toMatchObject({
      version: 1,
      runs: [
        { target: 'production', status: 'applied', changes: [{ action: 'update', address: 'CensusSync/users' }] },
        {
          target: 'production',
          status: 'applied',
          changes: [{ action: 'create', id: expect.stringMatching(/^\d+$/) }],
        },
      ],
    });
    expect(Object.keys(runs(said.out)[0] ?? {})).toEqual([
      'run',
      'target',
      'at',
      'actor',
      'commit',
      'digest',
      'status',
      'changes',
    ]);
    const text = await run('log', { env: {} });
    expect(text.out).toContain('~ update CensusSync/users');
    expect(text.out.indexOf('update')).toBeLessThan(text.out.indexOf('create'));
    expect(emulator.requests).toEqual([]);
    const one = await run('log --limit 1 --format json', { env: {} });
    expect(runs(one.out)).toEqual(runs(said.out).slice(0, 1));
  });

  test('what was not applied is never left out', () => {
    const change = (index: number, status: 'applied' | 'failed') =>
      ({ action: 'update', address: `CensusSync/users-${index}`, id: String(index), status }) as const;
    const changes = [...Array.from({ length: 30 }, (_, index) => change(index, 'applied')), change(99, 'failed')];
    const entry = {
      run: 'r',
      target: 't',
      at: 'now',
      actor: 'ann',
      commit: null,
      digest: null,
      status: 'partial',
    } as const;
    const text = logText([{ ...entry, changes }], { colour: false, targets: false });
    expect(text.split('\n')[1]).toBe('  ~ update CensusSync/users-99  id 99  failed');
    expect(text).toContain('… and 21 more');
  });

  test('merges the logs of several targets, and names each', async () => {
    const { run, emulator, write } = await workspace();
    write('syncline.yaml', project({ production: emulator.url, staging: emulator.url }));
    await run('apply --auto-approve --target production');
    write('syncs/users.yaml', manifest('orders'));
    await run('apply --auto-approve --target staging');
    const all = runs((await run('log --format json')).out);
    expect(all.map((one) => one.target)).toEqual(['staging', 'production']);
    expect((await run('log')).out).toMatch(/ {2}staging {2}.*\n.*\n\n.* {2}production {2}/);
    expect(runs((await run('log --target production --format json')).out)).toEqual(all.slice(1));
    expect(runs((await run('log --limit 1 --format json')).out)).toEqual(all.slice(0, 1));
  });

  test.each([
    ['file', 'log', Exit.ok, 'No run is recorded yet.'],
    ['file', 'log --limit 0', Exit.invalid, 'asks for no run'],
    ['none', 'log', Exit.refused, 'Without a ledger'],
  ])('with ledger: %s and nothing recorded, %s says so', async (ledger, line, code, words) => {
    const { run, emulator, write } = await workspace();
    write('syncline.yaml', `${project({ production: emulator.url })}ledger: ${ledger}\n`);
    const said = await run(line);
    expect(said.code).toBe(code);
    expect(said.out + said.err).toContain(words);
  });
});

describe('the text of a log', () => {
  const change = {
    action: 'update',
    address: 'CensusSync/users',
    id: '7',
    status: 'applied',
    label: null,
    before: null,
    after: {},
    protect: false,
    on_delete: 'delete',
    release: false,
    sends: true,
    retires: null,
  } as const;
  const run: Run = {
    run: 'r1',
    at: '2026-11-21T10:00:00.000Z',
    actor: 'ann@laptop',
    commit: 'abcdef0123456789',
    digest: null,
    status: 'applied',
    changes: [change],
  };
  const text = (parts: Partial<Run>) =>
    logText([logEntry('production', { ...run, ...parts })], { colour: false, targets: false });

  test('is a line per run and a line per change', () => {
    expect(text({})).toBe(
      'r1  2026-11-21T10:00:00.000Z  ann@laptop  applied  abcdef0\n  ~ update CensusSync/users  id 7\n',
    );
  });

  test('counts what it does not show', () => {
    const changes = Array.from({ length: 13 }, (_, index) => ({ ...change, address: `CensusSync/n${index}` }));
    expect(text({ changes }).trimEnd().split('\n')).toHaveLength(12);
    expect(text({ changes })).toContain('… and 3 more');
    expect(text({ changes: changes.slice(0, 10) })).not.toContain('more');
  });

  test.each<[Run['status'], RunChange['status'], string]>([
    ['partial', 'failed', 'failed'],
    ['partial', 'intended', 'not recorded as done'],
    ['failed', 'intended', 'not recorded as done'],
    ['running', 'intended', 'under way'],
    ['running', 'failed', 'failed'],
  ])('a change of a run that is %s, itself %s, is %s', (ofRun, status, words) => {
    expect(text({ status: ofRun, changes: [{ ...change, status }] })).toMatch(new RegExp(`id 7  ${words}\\n$`));
  });

  test('what was let go has a sign of its own', () => {
    const forget = { ...change, action: 'forget', after: null, release: true, sends: false } as const;
    expect(text({ changes: [forget] })).toContain('\n  ≠ forget CensusSync/users  id 7\n');
    const row = { ...forget, address: 'FabraSync', id: '22' };
    expect(text({ changes: [row] })).toContain('\n  ≠ row 22 of FabraSync recorded as dead by hand\n');
  });

  test('cannot be broken out of (promise 13)', () => {
    const evil = '\u001b[31m::error::x\n';
    const out = text({ run: evil, actor: evil, commit: evil, changes: [{ ...change, address: evil, id: evil }] });
    expect(out).not.toContain('\u001b');
    expect(out.split('\n')).toHaveLength(3);
  });
});
