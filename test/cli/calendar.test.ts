import { expect, test } from 'vitest';
import type { Said } from './in-process.ts';
import { manifest, project, type Workspace, workspace } from './workspace.ts';

const long = new Date('2026-11-29T23:59:00Z');
const near = new Date('2026-12-16T00:00:00Z');
const over = new Date('2027-01-18T12:00:00Z');

const line = /^Note: API v1 of census ends in 47 days \(2027-01-15\); .*migrate api --to v2 --token-env NAME --check/m;

const note = {
  code: 'api-retires',
  on: '2027-01-15',
  message: expect.stringMatching(/^API v1 of census ends on 2027-01-15; /),
};

/** How often a report speaks of the end. */
const times = ({ out }: Said): number => out.split('API v1 of census').length - 1;

async function applied(): Promise<Workspace> {
  const space = await workspace();
  await space.run('apply --auto-approve');
  return space;
}

test.each([
  'plan',
  'apply --auto-approve',
  'apply --dry-run',
  'drift',
  'status',
  'pull',
  'adopt --all-matching',
  'plan --format markdown',
  'plan --format html',
  'plan --format github',
  'drift --format markdown',
  'drift --format github',
  'drift --format sarif',
])('%s tells a person once how many days are left, and not where they want quiet', async (command) => {
  const space = await applied();
  const said = await space.run(command, { now: long });
  expect(said.out).toMatch(/ends in 47 days \W*\(2027/);
  expect(times(said)).toBe(1);
  expect(times(await space.run(`${command} --quiet`, { now: long }))).toBe(0);
});

test('undo does so too', async () => {
  const space = await applied();
  const { runs } = JSON.parse((await space.run('log --format json')).out);
  const said = await space.run(`undo ${runs[0].run} --auto-approve --force-deletes 1`, { now: long });
  expect(said.out).toMatch(line);
  expect(times(said)).toBe(1);
});

test.each(['plan', 'apply --auto-approve', 'drift', 'status', 'pull'])(
  '%s tells a program the date, quiet or not, the same on any day',
  async (command) => {
    const space = await applied();
    for (const now of [long, over]) {
      const said = await space.run(`${command} --format json --quiet`, { now });
      const told = JSON.parse(said.out);
      const [own, whose] = command === 'plan' ? [told.plans[0], {}] : [told, { target: 'production' }];
      expect(own.notes).toEqual([expect.objectContaining({ ...note, ...whose })]);
      expect(said.out).not.toContain('days');
    }
  },
);

test('several targets share a line', async () => {
  const space = await workspace();
  space.write('syncline.yaml', project({ production: space.emulator.url, staging: space.emulator.url }));
  const said = await space.run('status', { now: long });
  expect(times(said)).toBe(1);
  expect(said.out).toContain('production, staging');
});

test('it is a warning from thirty days before the end on', async () => {
  const space = await applied();
  const github = async (now: Date) => (await space.run('plan --format github', { now })).out;
  expect(await github(new Date('2026-12-15T23:59:00Z'))).toMatch(
    /^::notice title=api-retires \(production\)::.*31 days/m,
  );
  expect(await github(near)).toMatch(/^::warning title=api-retires \(production\)::.*30 days/m);
  expect(await github(over)).toMatch(/^::warning title=api-retires .*ended 3 days ago/m);
  expect((await space.run('drift --format github', { now: near })).out).toMatch(/^::warning title=api-retires::/m);
  expect((await space.run('plan', { now: near })).out).toMatch(/^Warning: API v1 of census ends in 30 days/m);
});

test('it says nothing of what a plan would do: the digest is the same on any day', async () => {
  const space = await workspace();
  const digest = async (now: Date) => JSON.parse((await space.run('plan --format json', { now })).out).plans[0].digest;
  expect(await digest(over)).toBe(await digest(long));
});

test.each(['GET *:401', 'GET *:404', 'GET *:410', 'GET *:302', 'GET *:403'])(
  'after the end %s is told with what may be the cause, and before it as ever',
  async (fault) => {
    const space = await workspace();
    space.emulator.addFaults([fault]);
    const ever = await space.run('plan', { now: long });
    expect(ever.err).not.toContain('ended on');
    const after = await space.run('plan', { now: over });
    expect(after.code).toBe(1);
    expect(after.err).toMatch(/api-retired[\s\S]*API v1 of census ended on 2027-01-15.*migrate api --to v2/);
  },
);

test('so is a host that is not there any more', async () => {
  const space = await workspace();
  space.write('syncline.yaml', project({ production: 'http://127.0.0.1:9' }));
  const said = await space.run('plan', { now: over });
  expect(said.code).toBe(1);
  expect(said.err).toMatch(/api-retired[\s\S]*ended on 2027-01-15/);
});

test('and a change that fails in the middle of a run', async () => {
  const space = await workspace();
  space.write('syncs/orders.yaml', manifest('orders'));
  space.emulator.addFaults(['POST /syncs:404:1@2']);
  const said = await space.run('apply --auto-approve', { now: over });
  expect(said.code).toBe(5);
  expect(said.err).toMatch(/warning: production: API v1 of census ended on 2027-01-15/);
});
