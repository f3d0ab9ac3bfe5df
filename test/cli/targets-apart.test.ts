import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Exit } from '../../src/model/errors.ts';
import { inGit } from './repository.ts';
import { manifest, type Workspace, workspace } from './workspace.ts';

/** A project whose targets are rows of a fleet file; both are the one workspace of the emulator, by different addresses. */
async function fleet(): Promise<Workspace> {
  const space = await workspace({ seed: { syncs: [] } });
  const { url } = space.emulator;
  const settings = `{ provider: census, api: v1, token: "\${env.TOKEN}", vars: { kind: plain } }`;
  space.write('syncline.yaml', `version: 1\ntargets_from: { file: fleet.csv, defaults: ${settings} }\n`);
  const other = url.replace('127.0.0.1', 'localhost');
  space.write('fleet.csv', rows(url, other));
  space.write('acme/users.yaml', manifest('users'));
  space.write('bolt/users.yaml', manifest('users').replace('Label of', 'Bolt of'));
  return space;
}

function rows(url: string, other: string, more = ''): string {
  return `name,base_url,manifests,vars.kind\nacme,${url},acme/**/*.yaml,${more}\nbolt,${other},bolt/**/*.yaml,\n`;
}

const plansIn = (out: string) =>
  (JSON.parse(out).plans as { target: string; changes: { address: string; origin: { file: string } }[] }[]).map(
    ({ target, changes }) => [target, changes.map(({ origin }) => origin.file)],
  );

test('each row is planned by its own manifests; what is wrong with a row is told at its cell', async () => {
  const space = await fleet();
  const both = await space.run('plan --format json');
  expect(both.code).toBe(Exit.ok);
  expect(plansIn(both.out)).toEqual([
    ['acme', ['acme/users.yaml']],
    ['bolt', ['bolt/users.yaml']],
  ]);
  space.write('bolt/users.yaml', 'name: [\n');
  expect(plansIn((await space.run('plan --target acme --format json')).out)).toEqual([['acme', ['acme/users.yaml']]]);
  expect((await space.run('plan --target bolt')).code).toBe(Exit.invalid);
  expect((await space.run('validate --target acme')).out).toContain('1 manifest is valid');
  const unset = await space.run('plan --target acme', { env: {} });
  expect(unset.code).toBe(Exit.invalid);
  expect(unset.err).toContain('syncline.yaml:2:');
  const unknown = await space.run('plan --target acne');
  expect(unknown.err).toContain('Did you mean "acme"?');
  expect((await space.run('plan --out fleet.csv')).err).toContain('is the fleet file');
});

test('pull writes where the globs of the target reach, and names no target there', async () => {
  const space = await fleet();
  expect((await space.run('apply --target acme --auto-approve')).code).toBe(Exit.ok);
  space.write('acme/users.yaml', manifest('other'));
  const said = await space.run('pull --target acme --layout flat --only CensusSync/users');
  expect(said).toMatchObject({ code: Exit.ok });
  const text = readFileSync(join(space.folder, 'acme/users.yaml'), 'utf8');
  expect(text).toContain('name: other');
  const [file = ''] = /acme\/\S+\.yaml/.exec(said.out) ?? [];
  expect(readFileSync(join(space.folder, file), 'utf8')).not.toContain('targets:');
  expect((await space.run('validate --target acme')).code).toBe(Exit.ok);
});

test('--changed loads the fleet file of that commit: other variables change what uses them, another host the whole target', async () => {
  const here = inGit(await fleet());
  here.write('acme/kinds.yaml', manifest('kinds').replace('Label of kinds', `Label \${vars.kind}`));
  here.commit();
  here.git('checkout', '--quiet', '-b', 'work');
  const { url } = here.emulator;
  const other = url.replace('127.0.0.1', 'localhost');
  const changed = async () => {
    const { out, err, code } = await here.run('plan --target acme --changed main --format json');
    expect(code).toBe(Exit.ok);
    return { files: plansIn(out)[0]?.[1], err };
  };
  expect(await changed()).toMatchObject({ files: [] });
  here.write('fleet.csv', rows(url, other, 'special'));
  expect(await changed()).toMatchObject({ files: ['acme/kinds.yaml'] });
  expect(JSON.parse((await here.run('plan --target acme --format json')).out).plans[0].commit).toMatch(/-dirty$/);
  here.write('fleet.csv', rows(other, url));
  const whole = await changed();
  expect(whole.files).toEqual(['acme/kinds.yaml', 'acme/users.yaml']);
  expect(whole.err).toContain('base url');
});

test('a move to another API is not written into a row', async () => {
  const space = await fleet();
  const said = await space.run('migrate api --to v2 --target acme --token-env TOKEN');
  expect(said).toMatchObject({ code: Exit.refused });
  expect(said.err).toContain('fleet-target');
});

test('editors know the manifests of every target', async () => {
  const space = await fleet();
  expect((await space.run('schema --install')).code).toBe(Exit.ok);
  const settings = JSON.parse(readFileSync(join(space.folder, '.vscode/settings.json'), 'utf8'));
  expect(Object.values(settings['yaml.schemas'])).toContainEqual(['acme/**/*.yaml', 'bolt/**/*.yaml']);
});
