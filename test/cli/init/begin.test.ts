import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Exit } from '../../../src/model/errors.ts';
import { cli, folder } from '../in-process.ts';
import { manifest } from '../workspace.ts';

function given(files: Readonly<Record<string, string>>): string {
  const cwd = folder();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(cwd, path)), { recursive: true });
    writeFileSync(join(cwd, path), text);
  }
  return cwd;
}

describe('init in a folder that has manifests', () => {
  test.each([
    ['in the usual folder', ['syncs/crm/users.yaml'], '["syncs/**/*.{yaml,yml}"]'],
    ['elsewhere', ['census/users.yml', 'more/orders.yaml'], '["census/**/*.{yaml,yml}", "more/**/*.{yaml,yml}"]'],
    ['beside the project file', ['users.yaml'], '["*.{yaml,yml}"]'],
  ])('%s: it writes no example, and the project finds them', async (_, files, globs) => {
    const cwd = given(Object.fromEntries(files.map((file) => [file, manifest(file.replace(/^.*\/|\.ya?ml$/g, ''))])));
    const { out } = await cli('init', { cwd });
    expect(out).not.toContain('example');
    expect(existsSync(join(cwd, 'syncs/example.yaml'))).toBe(false);
    expect(readFileSync(join(cwd, 'syncline.yaml'), 'utf8')).toContain(`manifests: ${globs} `);
    expect(await cli('validate', { cwd })).toMatchObject({
      code: Exit.ok,
      out: expect.stringMatching(new RegExp(`^${files.length} manifests? (?:is|are) valid`)),
    });
  });

  test('other YAML is no manifest', async () => {
    const cwd = given({ 'docker-compose.yaml': 'services: {}\n', 'k8s/pod.yaml': 'kind: Pod\nname: x\n' });
    await cli('init', { cwd });
    expect(existsSync(join(cwd, 'syncs/example.yaml'))).toBe(true);
    expect((await cli('validate', { cwd })).code).toBe(Exit.ok);
  });

  test('a project whose manifests are gone is given no new one', async () => {
    const cwd = folder();
    await cli('init', { cwd });
    const path = join(cwd, 'syncs/example.yaml');
    const moved = join(cwd, 'example.yaml');
    writeFileSync(moved, readFileSync(path));
    execFileSync('rm', [path]);
    expect((await cli('init', { cwd })).out).not.toContain('example');
    expect(existsSync(path)).toBe(false);
  });
});

describe('init --config', () => {
  test('begins the project at that file', async () => {
    const cwd = folder();
    const said = await cli('init --config crm/census.yaml', { cwd });
    expect(said.out).toContain('wrote  census.yaml\nwrote  syncs/example.yaml\nwrote  .gitignore\n');
    expect(said.out).toContain('edit census.yaml and syncs/example.yaml');
    expect(existsSync(join(cwd, 'crm/syncs/example.yaml'))).toBe(true);
    expect(existsSync(join(cwd, 'syncline.yaml'))).toBe(false);
    expect(await cli('validate --config crm/census.yaml', { cwd })).toMatchObject({ code: Exit.ok, err: '' });
  });

  test('keeps one that is there', async () => {
    const cwd = given({ 'crm.yaml': 'mine' });
    expect((await cli('init --config crm.yaml', { cwd })).out).toMatch(/^kept {3}crm\.yaml\n/);
  });

  test('with another name there is nothing for CI', async () => {
    const cwd = folder();
    const said = await cli('init --config crm.yaml --ci', { cwd });
    expect(said).toMatchObject({ code: Exit.invalid, out: '' });
    expect(said.err).toContain('look for syncline.yaml');
    expect(existsSync(join(cwd, 'crm.yaml'))).toBe(false);
  });
});

describe('what is left to do', () => {
  const next = (out: string) => out.slice(out.indexOf('Next:'));

  test('names the token of a project that it has begun', async () => {
    const { out } = await cli('init', { cwd: folder() });
    expect(next(out)).toContain('  export CENSUS_TOKEN=…             # the API key of the workspace\n');
  });

  test('names the tokens of a project that is there, each once, and what they are', async () => {
    const targets = [
      `a: { provider: census, api: v2, token: "\${env.ACTIVATIONS_PAT}", groups: [x_y] }`,
      `b: { provider: census, api: v2, token: "\${env.ACTIVATIONS_PAT}", groups: [y_z] }`,
      `c: { provider: census, api: v1, personal_access_token: "\${env.PAT}", workspace: 7 }`,
      `d: { provider: fabra, api: server, token: "\${env.FABRA}", base_url: "http://127.0.0.1:1" }`,
    ];
    const text = `version: 1\nmanifests: [syncs/*.yaml]\ntargets:\n${targets.map((one) => `  ${one}\n`).join('')}`;
    const { out } = await cli('init --ci github', { cwd: given({ 'syncline.yaml': text }) });
    expect(next(out).match(/^ {2}export .*$/gm)).toEqual([
      '  export ACTIVATIONS_PAT=…          # a personal access token',
      '  export PAT=…                      # a personal access token',
      '  export FABRA=…                    # the token',
    ]);
  });
});

describe('.gitignore', () => {
  const all = '.syncline/*\n!.syncline/catalogue/\n/plan.json\n/plan-*.json\n/plan.html\n/plan.md\nnode_modules/\n';

  test.each([
    [undefined, all],
    ['', all],
    ['dist', `dist\n${all}`],
    ['.syncline/\n', all],
    [
      'a\n.syncline/\nb\n',
      `a\n.syncline/*\n!.syncline/catalogue/\nb\n/plan.json\n/plan-*.json\n/plan.html\n/plan.md\nnode_modules/\n`,
    ],
    ['.syncline\r\nb\r\n', all.replace('/plan.json', 'b\n/plan.json').replaceAll('\n', '\r\n')],
    [
      'plan*.json\nplan.json\n/node_modules\n',
      'plan*.json\nplan.json\n/node_modules\n.syncline/*\n!.syncline/catalogue/\n/plan.html\n/plan.md\n',
    ],
    [all, all],
  ])('%j becomes %j, and stays so', async (text, expected) => {
    const cwd = given(text === undefined ? {} : { '.gitignore': text });
    await cli('init', { cwd });
    expect(readFileSync(join(cwd, '.gitignore'), 'utf8')).toBe(expected);
    await cli('init', { cwd });
    expect(readFileSync(join(cwd, '.gitignore'), 'utf8')).toBe(expected);
  });

  test('Git sees the catalogue and nothing else of the state, whatever was there', async () => {
    const files = [
      '.syncline/catalogue/production.json',
      '.syncline/ledger/production.json',
      'plan.json',
      'plan-a.json',
    ];
    const cwd = given({ '.gitignore': '.syncline/\n', ...Object.fromEntries(files.map((file) => [file, '{}'])) });
    execFileSync('git', ['init', '-q'], { cwd });
    await cli('init', { cwd });
    const seen = execFileSync('git', ['ls-files', '-o', '--exclude-standard'], { cwd, encoding: 'utf8' }).split('\n');
    expect(files.filter((file) => seen.includes(file))).toEqual(['.syncline/catalogue/production.json']);
  });
});
