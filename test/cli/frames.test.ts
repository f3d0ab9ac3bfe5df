import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Exit } from '../../src/model/errors.ts';
import { folder } from './in-process.ts';
import { manifest, project, workspace } from './workspace.ts';

test('validate quotes the line of each problem, whichever folder it is called in', async () => {
  const space = await workspace();
  space.write('syncs/bad.yaml', manifest('bad', '  paused: maybe\r\n'));
  const said = await space.run('-C syncs validate');
  expect(said.out).toContain(
    'error wrong-type  syncs/bad.yaml:12:11\n  "paused" must be true or false, not text.\n  12 |   paused: maybe\n     |           ^\n  hint: ',
  );
});

test('a name that nothing live bears is quoted by plan, where it stands', async () => {
  const space = await workspace();
  space.write('syncs/bad.yaml', manifest('bad').replace('Snowflake Prod', 'Snowflake Pord'));
  const said = await space.run('plan');
  expect(said).toMatchObject({ code: Exit.invalid, out: '' });
  expect(said.err).toMatch(/\n {2}7 \| {5}connection: Snowflake Pord\n {4}\| {17}\^\n {2}hint: /);
});

test('warnings of a plan are quoted on stderr, and --quiet leaves them out', async () => {
  const space = await workspace();
  space.write('syncs/odd.yaml', manifest('odd').replace('Label of odd', '"null"'));
  expect((await space.run('plan')).err).toMatch(
    /^warning odd-text {2}syncs\/odd\.yaml:4:10\n.*\n {2}4 \| {3}label: "null"\n.*\^\n/,
  );
  expect((await space.run('plan --quiet')).err).toBe('');
});

test.each(['text', 'json', 'github', 'sarif', 'junit'])(
  'a token that stands in the project file is in no report: %s',
  async (format) => {
    const space = await workspace();
    const text = project({ production: space.emulator.url }).replace(`"\${env.TOKEN}"`, 'hunter2, workspce: 1');
    space.write('syncline.yaml', text);
    const said = await space.run(`validate --format ${format}`);
    expect(said.out).toContain('literal-token');
    expect(said.out).toContain('unknown-field');
    expect(said.out).not.toContain('hunter2');
    expect((await space.run('plan')).err).not.toContain('hunter2');
  },
);

test('a file outside of the project is not quoted', async () => {
  const space = await workspace();
  const outside = join(folder(), 'shadow.yaml');
  writeFileSync(outside, 'root:x:0:0\n');
  symlinkSync(outside, join(space.folder, 'syncs/link.yaml'));
  const said = await space.run('validate');
  expect(said.code).toBe(Exit.invalid);
  expect(said.out).toContain('syncs/link.yaml:1:1');
  expect(said.out).not.toContain('root:x');
});

test.each([
  ['a manifest', 'crm/syncs/bad.yaml', 'nothing: 1\n'],
  ['the project file', 'crm/syncline.yaml', 'version: 1\ntargts: {}\n'],
])('the annotation of %s is where the repository has it', async (_what, file, text) => {
  const space = await workspace();
  mkdirSync(join(space.folder, '.git'));
  space.write('crm/syncline.yaml', project({ production: space.emulator.url }));
  space.write('crm/syncs/users.yaml', manifest('users'));
  space.write(file, text);
  expect((await space.run('-C crm validate --format github')).out).toContain(`::error file=${file},line=`);
  const [run] = JSON.parse((await space.run('-C crm validate --format sarif')).out).runs;
  expect(run.results[0].locations[0].physicalLocation.artifactLocation.uri).toBe(file);
  expect((await space.run('-C crm validate')).out).toMatch(/\n {2}\d \| .*\n {4}\| +\^\n/);
});
