import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { Exit } from '../../src/model/errors.ts';
import { root } from '../support/processes.ts';
import { manifest, project, workspace } from './workspace.ts';

const path = '.syncline/catalogue/production.json';
const published = new Ajv2020({ strict: false }).compile(
  JSON.parse(readFileSync(join(root, 'schemas/catalogue.schema.json'), 'utf8')),
);

test('pull --catalogue writes one file and nothing else; validate then knows, without network, what is misspelt', async () => {
  const space = await workspace();
  space.write('.gitignore', '.syncline/\n');
  const said = await space.run('pull --catalogue');
  expect(said).toMatchObject({ code: Exit.ok, err: '' });
  expect(said.out).toMatch(/^wrote {2}\.syncline\/catalogue\/production\.json {2}3 sources, 6 tables, .* 9 objects\n$/);
  const text = readFileSync(join(space.folder, path), 'utf8');
  expect([published(JSON.parse(text)), published.errors]).toEqual([true, null]);
  expect(readFileSync(join(space.folder, '.gitignore'), 'utf8')).toBe('.syncline/*\n!.syncline/catalogue/\n');
  expect(space.writes()).toEqual([]);
  expect(existsSync(join(space.folder, '.syncline/ledger'))).toBe(false);

  expect((await space.run('pull --catalogue')).out).toMatch(/^kept/);
  expect(readFileSync(join(space.folder, path), 'utf8')).toBe(text);

  expect(await space.run('validate')).toMatchObject({ code: Exit.ok, err: '' });
  space.write(
    'syncs/users.yaml',
    manifest('users').replace('from: email', 'from: emial').replace('Salesforce', 'Salesfroce'),
  );
  await space.emulator.close();
  const checked = await space.run('validate --format json', { env: {} });
  const { diagnostics } = JSON.parse(checked.out);
  expect(
    diagnostics.map((one: { code: string; line: number; hint: string }) => [one.code, one.line, one.hint]),
  ).toEqual([
    ['not-in-catalogue', 9, 'Did you mean "Salesforce"? The catalogue is less than a day old.'],
    ['not-in-catalogue', 11, 'Did you mean "email"? The catalogue is less than a day old.'],
  ]);
});

test('it says how the editor learns what is new, where the editor has schemas of its own', async () => {
  const space = await workspace();
  expect((await space.run('pull --catalogue')).out).not.toContain('schema --install');
  rmSync(join(space.folder, path));
  expect((await space.run('schema --install')).code).toBe(Exit.ok);
  const said = await space.run('pull --catalogue');
  expect(said.out).toMatch(/\n`syncline schema --install` makes the editor propose what is new\.\n$/);
  expect((await space.run('pull --catalogue')).out).toMatch(/^kept .*objects\n$/);
  rmSync(join(space.folder, path));
  const json = await space.run('pull --catalogue --format json');
  expect(json.out).not.toContain('schema --install');
});

test('each target has its own; one that fails hides no other', async () => {
  const space = await workspace();
  space.write('syncline.yaml', project({ production: space.emulator.url, staging: 'http://127.0.0.1:1' }));
  const said = await space.run('pull --catalogue --format json');
  const { targets, failed } = JSON.parse(said.out);
  expect(targets).toEqual([
    { target: 'production', file: path, written: true, counts: expect.objectContaining({ sources: 3 }) },
  ]);
  expect(failed.map((one: { target: string }) => one.target)).toEqual(['staging']);
  expect(said.code).toBe(Exit.failed);
});

test('a token of another workspace writes nothing', async () => {
  const space = await workspace();
  space.write(
    'syncline.yaml',
    project({ production: space.emulator.url }).replace('api: v1,', 'api: v1, workspace: 1,'),
  );
  const said = await space.run('pull --catalogue');
  expect(said).toMatchObject({ code: Exit.refused });
  expect(existsSync(join(space.folder, path))).toBe(false);
});

test.each(['--drifted', '--id 1', '--layout flat', '--only a/*'])('with %s it is refused', async (option) => {
  const space = await workspace();
  const said = await space.run(`pull --catalogue ${option}`);
  expect(said.code).toBe(Exit.invalid);
  expect(said.err).toContain(option.split(' ')[0]);
});
