import { describe, expect, test } from 'vitest';
import { Exit } from '../../src/model/errors.ts';
import { manifest, project, workspace } from './workspace.ts';

const wipe = '\r\u001b[K';

/** A service so slow that somebody may wonder. */
const slow = { faults: ['GET /syncs:delay=900'] };

describe('progress at a terminal', () => {
  test('appears on one line once it takes long, and is gone at the end', async () => {
    const { run } = await workspace(slow);
    const said = await run('plan', { typed: '' });
    expect(said.code).toBe(Exit.ok);
    expect(said.err.startsWith(`${wipe}production: reading`)).toBe(true);
    expect(said.err.endsWith(wipe)).toBe(true);
    expect(
      said.err
        .split(wipe)
        .slice(1)
        .every((line) => /^(production: reading.*)?$/.test(line)),
    ).toBe(true);
    expect(said.err).not.toContain('\n');
    expect(said.out).not.toContain(wipe);
  });

  test('tells how far an apply has come, and of each target', async () => {
    const one = await workspace({ faults: ['POST /syncs:delay=900'] });
    one.write('syncs/orders.yaml', manifest('orders'));
    const { err } = await one.run('apply --auto-approve', { typed: '' });
    expect(err).toContain(`${wipe}production: applying 0 of 2`);
    expect(err.endsWith(wipe)).toBe(true);
    const other = await workspace({ ...slow, token: one.emulator.token });
    one.emulator.addFaults(slow.faults);
    one.write('syncline.yaml', project({ production: one.emulator.url, staging: other.emulator.url }));
    expect((await one.run('drift', { typed: '' })).err).toContain('production: reading · staging: reading');
  });

  test('is never in the way of a question', async () => {
    const { run } = await workspace({ faults: ['GET /syncs:delay=900'] });
    const { err } = await run('apply', { typed: 'no\n' });
    expect(err).toContain('reading');
    expect(err.slice(err.lastIndexOf(wipe) + wipe.length)).toMatch(
      /^Apply this to production\? Type "yes" to approve: /,
    );
  });

  test('gives way to what is said meanwhile', async () => {
    const { run } = await workspace({ faults: ['GET /syncs:delay=900', 'GET /syncs:503:1'] });
    const { err } = await run('plan', { typed: '' });
    expect(err).toContain(`${wipe}production: reading${wipe}GET /api/v1/syncs: answered 503, trying again (2 of 5)\n`);
  });

  test.each([
    ['in a pipe', 'plan', {}],
    ['with --quiet', 'plan --quiet', { typed: '' }],
    ['at a terminal that cannot wipe', 'plan', { typed: '', env: { TERM: 'dumb' } }],
  ])('is not shown %s', async (_where, line, setting) => {
    const { run, emulator } = await workspace(slow);
    const env = { TOKEN: emulator.token, ...('env' in setting ? setting.env : {}) };
    expect((await run(line, { ...setting, env })).err).toBe('');
  });

  test('with --verbose leaves the lines to the requests', async () => {
    const { run } = await workspace(slow);
    const { err } = await run('plan --verbose', { typed: '' });
    expect(err).toMatch(/^GET /);
    expect(err).not.toContain(wipe);
  });
});
