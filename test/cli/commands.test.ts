import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { reportFailure } from '../../src/cli/failure.ts';
import { copyProject } from '../../src/cli/files.ts';
import { openVault } from '../../src/cli/redact.ts';
import { run } from '../../src/cli/run.ts';
import { Exit, type ExitCode } from '../../src/model/errors.ts';
import { root } from '../support/processes.ts';
import { cli, folder, world } from './in-process.ts';
import { manifest, workspace } from './workspace.ts';

const read = (...path: string[]) => readFileSync(join(...path), 'utf8');

describe('init', () => {
  test('writes a project that validates, in an emulated workspace also applies', async () => {
    const { emulator } = await workspace();
    const cwd = folder();
    expect((await cli('init', { cwd })).code).toBe(Exit.ok);
    expect(await cli('validate', { cwd })).toEqual({ code: Exit.ok, out: '1 manifest is valid.\n', err: '' });
    const path = join(cwd, 'syncline.yaml');
    writeFileSync(path, read(path).replace('    token:', `    base_url: ${emulator.url}\n    token:`));
    const applied = await cli('apply --auto-approve', { cwd, env: { CENSUS_TOKEN: emulator.token } });
    expect(applied).toMatchObject({ code: Exit.ok });
  });

  test('keeps what is there, and says so', async () => {
    const cwd = folder();
    writeFileSync(join(cwd, 'syncline.yaml'), 'mine');
    writeFileSync(join(cwd, '.gitignore'), 'node_modules');
    const said = await cli('init', { cwd });
    expect(said.out).toContain('kept   syncline.yaml\nwrote  .gitignore\n');
    // A project that is there is not given a manifest to apply.
    expect(said.out).not.toContain('example.yaml');
    expect(existsSync(join(cwd, 'syncs'))).toBe(false);
    expect(read(cwd, 'syncline.yaml')).toBe('mine');
    const ignored =
      'node_modules\n.syncline/*\n!.syncline/catalogue/\n/plan.json\n/plan-*.json\n/plan.html\n/plan.md\n';
    expect(read(cwd, '.gitignore')).toBe(ignored);
    expect((await cli('init', { cwd })).out).not.toContain('wrote');
    expect(read(cwd, '.gitignore')).toBe(ignored);
  });

  test.each([
    ['init', 'y\n', true],
    ['init', '\n', false],
    ['init', undefined, false],
    ['init --ci', undefined, true],
  ])('%s, answered %j: a workflow is %s', async (line, typed, wanted) => {
    const cwd = folder();
    await cli(line, { cwd, ...(typed === undefined ? {} : { typed }) });
    expect(existsSync(join(cwd, '.github/workflows/syncs.yaml'))).toBe(wanted);
    expect((await cli('validate', { cwd })).code).toBe(Exit.ok);
  });

  test('what it writes tells editors its schema', async () => {
    const cwd = folder();
    await cli('init', { cwd });
    expect(read(cwd, 'syncline.yaml')).toMatch(/^# yaml-language-server: \$schema=https:\S+\/syncline\.schema\.json\n/);
    expect(read(cwd, 'syncs/example.yaml')).toMatch(
      /^# yaml-language-server: \$schema=https:\S+\/census\/sync\.schema\.json\n/,
    );
    const installed = folder();
    mkdirSync(join(installed, 'node_modules/syncline/schemas/census'), { recursive: true });
    writeFileSync(join(installed, 'node_modules/syncline/schemas/census/sync.schema.json'), '{}');
    await cli('init', { cwd: installed });
    expect(read(installed, 'syncs/example.yaml')).toMatch(
      /=\.\.\/node_modules\/syncline\/schemas\/census\/sync\.schema\.json\n/,
    );
  });

  test('says what comes next', async () => {
    expect((await cli('init', { cwd: folder() })).out).toMatch(
      /\nNext:\n.*syncline\.yaml.*\n {2}syncline validate\n {2}export CENSUS_TOKEN=….*\n {2}syncline plan\n$/,
    );
  });

  test('the workflow of a project in a subfolder is at the root of the repository', async () => {
    const cwd = folder();
    mkdirSync(join(cwd, '.git'));
    mkdirSync(join(cwd, 'data/crm'), { recursive: true });
    const said = await cli('-C data/crm init --ci', { cwd });
    // Two projects of one repository have ledgers of their own.
    expect(read(cwd, 'data/crm/syncline.yaml')).toMatch(/^name: data-crm /m);
    expect(said.out).toContain('wrote  ../../.github/workflows/syncs-data-crm.yaml\n');
    expect(said.out).not.toContain('GitHub reads');
  });

  test('a workflow that would not be read, and a ledger that would be lost, are told', async () => {
    const cwd = folder();
    await cli('init', { cwd });
    writeFileSync(join(cwd, 'syncline.yaml'), `${read(cwd, 'syncline.yaml')}ledger: file\n`);
    const said = await cli('init --ci', { cwd });
    expect(said.out).toContain('GitHub reads workflows only in .github/workflows at the root of a repository');
    expect(said.out).toContain('take `ledger: file` out of syncline.yaml');
  });

  test('-C works elsewhere, where there is such a folder', async () => {
    const cwd = folder();
    mkdirSync(join(cwd, 'deep/down'), { recursive: true });
    await cli('-C deep/down init', { cwd });
    expect(existsSync(join(cwd, 'deep/down/syncline.yaml'))).toBe(true);
    expect(await cli('-C deep/down/there validate', { cwd })).toMatchObject({ code: Exit.invalid, out: '' });
  });
});

describe('validate', () => {
  test.each([
    ['text', /^error unknown-field {2}syncs\/bad\.yaml:12:3\n/],
    ['json', /"errors": \d/],
    ['github', /^::error file=syncs\/bad\.yaml,line=12,col=3,/],
    ['sarif', /"version": "2\.1\.0"/],
    ['junit', /^<\?xml/],
  ])('--format %s, with an error, is exit 3', async (format, expected) => {
    const { run, write } = await workspace();
    write('syncs/bad.yaml', manifest('bad', '  lable: x\n'));
    const said = await run(`validate --format ${format}`, { env: {} });
    expect(said).toMatchObject({ code: Exit.invalid, err: '' });
    expect(said.out).toMatch(expected);
  });

  test('paths say what is reported; they are seen from -C', async () => {
    const { run, write, folder: cwd } = await workspace();
    write('syncs/bad.yaml', manifest('bad', '  lable: x\n'));
    expect((await run('validate syncs/users.yaml')).code).toBe(Exit.ok);
    expect((await run(`validate ${join(cwd, 'syncs/bad.yaml')}`)).code).toBe(Exit.invalid);
    expect((await run('-C syncs validate bad.yaml')).code).toBe(Exit.invalid);
    expect((await run('-C syncs validate users.yaml')).code).toBe(Exit.ok);
    expect((await run('validate nowhere.yaml')).code).toBe(Exit.invalid);
  });

  test('annotations name files as the repository does', async () => {
    const { run, write, folder: cwd } = await workspace();
    write('.git/HEAD', '');
    write('crm/syncline.yaml', read(cwd, 'syncline.yaml'));
    write('crm/syncs/bad.yaml', manifest('bad', '  lable: x\n'));
    const said = await run('-C crm validate --format github');
    expect(said.out).toMatch(/^::error file=crm\/syncs\/bad\.yaml,/);
  });

  test('sends nothing and needs no environment', async () => {
    const { run, emulator } = await workspace();
    expect((await run('validate', { env: {} })).code).toBe(Exit.ok);
    expect(emulator.requests).toEqual([]);
  });
});

describe('schema', () => {
  test('lists, prints, and suggests', async () => {
    expect((await cli('schema')).out).toBe('CensusDataset\nCensusSync\nFabraSync\nmanifest\nsyncline.yaml\n');
    expect(JSON.parse((await cli('schema CensusSync')).out)).toMatchObject({ $schema: expect.any(String) });
    const said = await cli('schema CensusSnyc');
    expect(said.code).toBe(Exit.invalid);
    expect(said.err).toContain('Did you mean CensusSync?');
    expect((await cli('schema project')).err).toContain(
      'or `syncline schema syncline.yaml`; the last two are all kinds of manifests together and the project file',
    );
    const published = read(root, 'schemas/manifest.schema.json');
    const { $comment, ...schema } = JSON.parse(published);
    expect($comment).toContain('Generated');
    expect(JSON.parse((await cli('schema manifest')).out)).toEqual(schema);
  });

  test('--install sets up the editor of the project, from anywhere in it', async () => {
    const { run, write, folder: cwd } = await workspace();
    write('.vscode/settings.json', '{\n  // mine\n  "a": 1\n}\n');
    expect((await run('-C syncs schema --install')).code).toBe(Exit.ok);
    const settings = read(cwd, '.vscode/settings.json');
    expect(settings).toContain('// mine');
    expect(settings).toContain('"./.vscode/syncline/manifest.schema.json": [\n      "syncs/**/*.yaml"');
    expect(settings).toContain('"./.vscode/syncline/syncline.schema.json": [\n      "syncline.yaml"');
    for (const name of ['manifest', 'syncline'])
      expect(JSON.parse(read(cwd, `.vscode/syncline/${name}.schema.json`))).toMatchObject({
        title: expect.any(String),
      });
    await run('schema --install');
    expect(read(cwd, '.vscode/settings.json')).toBe(settings);
  });

  test('--install replaces what older versions have set up', async () => {
    const { run, write, folder: cwd } = await workspace();
    const older = ['CensusDataset', 'CensusSync', 'FabraSync', 'syncline.yaml'];
    for (const name of older) write(`.vscode/syncline/${name}.schema.json`, '{}');
    const entries = older.map((name) => [`./.vscode/syncline/${name}.schema.json`, ['syncs/**/*.yaml']]);
    const others = { './mine.json': ['*.yaml'] };
    write(
      '.vscode/settings.json',
      JSON.stringify({ 'yaml.schemas': { ...Object.fromEntries(entries), ...others } }, null, 2),
    );
    const said = await run('schema --install');
    expect(said.out).toContain('removed  .vscode/syncline/CensusSync.schema.json\n');
    expect(readdirSync(join(cwd, '.vscode/syncline')).sort()).toEqual(['manifest.schema.json', 'syncline.schema.json']);
    expect(JSON.parse(read(cwd, '.vscode/settings.json'))['yaml.schemas']).toEqual({
      './.vscode/syncline/manifest.schema.json': ['syncs/**/*.yaml'],
      './.vscode/syncline/syncline.schema.json': ['syncline.yaml'],
      ...others,
    });
  });

  test('--install leaves settings that it cannot read as they are', async () => {
    const { run, write, folder: cwd } = await workspace();
    write('.vscode/settings.json', '{ broken');
    const said = await run('schema --install');
    expect(said.code).toBe(Exit.invalid);
    expect(said.err).toContain('yaml.schemas');
    expect(read(cwd, '.vscode/settings.json')).toBe('{ broken');
  });
});

describe('emulate', () => {
  /** Runs until its first line is there, looks, then stops it as Ctrl-C does. */
  async function emulate(line: string | readonly string[], look: (first: string) => Promise<void>): Promise<ExitCode> {
    const stop = new AbortController();
    const { io } = world({ signal: stop.signal });
    let end: Promise<ExitCode> | undefined;
    const first = new Promise<string>((resolve) => {
      end = run(typeof line === 'string' ? line.split(' ') : line, { ...io, stdout: { write: resolve } });
    });
    await look(await first);
    stop.abort();
    return (await end) ?? Exit.failed;
  }

  async function syncsOf(url: string, token: string): Promise<unknown> {
    const answer = await fetch(`${url}/api/v1/syncs`, { headers: { authorization: `Bearer ${token}` } });
    return answer.json();
  }

  test('says where it listens, serves, and ends with 0', async () => {
    const code = await emulate('emulate --api census-v1', async (first) => {
      const [, url = '', token = ''] = /^listening on (http:\/\/127\.0\.0\.1:\d+) token (\S+)\n$/.exec(first) ?? [];
      expect(await syncsOf(url, token)).toMatchObject({ status: 'success' });
    });
    expect(code).toBe(Exit.ok);
  });

  test('takes a seed, and says JSON where asked', async () => {
    const seed = join(folder(), 'seed.json');
    writeFileSync(seed, '{"syncs": []}');
    const code = await emulate(`emulate --api census-v1 --format json --seed ${seed} --latency 1`, async (first) => {
      const { url, token } = JSON.parse(first) as { url: string; token: string };
      expect(await syncsOf(url, token)).toMatchObject({ data: [] });
    });
    expect(code).toBe(Exit.ok);
  });

  test('misbehaves by rule', async () => {
    const line = ['emulate', '--api', 'census-v1', '--fault', 'GET /syncs:500:1'];
    await emulate(line, async (first) => {
      const [, url = ''] = /on (\S+)/.exec(first) ?? [];
      expect((await fetch(`${url}/api/v1/syncs`)).status).toBe(500);
    });
  });

  test.each([
    ['no API', 'emulate', 'Write --api census-v1 or --api census-v2 or --api fabra.'],
    ['a port that cannot be', 'emulate --api census-v1 --port 65536', 'Port 65536 does not exist.'],
    [
      'an option of version 2 for version 1',
      'emulate --api census-v1 --option create=id',
      'belongs to --api census-v2',
    ],
    ['an option that is none', 'emulate --api census-v2 --option creat=id', 'Did you mean "create"?'],
    ['a value that no option has', 'emulate --api census-v2 --option create=ful', 'Did you mean "full"?'],
    ['a profile that Fabra has not', 'emulate --api fabra --profile as-hoped', 'as-traced, as-intended'],
    ['a profile for Census', 'emulate --api census-v1 --profile as-traced', 'belongs to --api fabra'],
    ['an unknown API', 'emulate --api censsu', 'There is no API "censsu".'],
    ['a seed that is not there', 'emulate --api census-v1 --seed nowhere.json', 'There is no seed file nowhere.json.'],
    ['a fault that is not understood', 'emulate --api census-v1 --fault nonsense', 'not understood'],
    [
      'a manner that is misspelt',
      ['emulate', '--api', 'census-v1', '--fault', 'GET /syncs:gonne'],
      'Did you mean "gone"?',
    ],
    ['a quirk that is none', 'emulate --api census-v1 --quirk createStatos=200', 'Did you mean "createStatus"?'],
    ['a quirk for Fabra', 'emulate --api fabra --quirk createStatus=200', 'belongs to --api census-v1'],
    [
      'pages of Fabra',
      ['emulate', '--api', 'fabra', '--fault', 'GET /syncs:page-size=1'],
      'Fabra answers its lists whole',
    ],
  ])('%s is invalid input', async (_name, line, expected) => {
    const said = await cli(line);
    expect(said).toMatchObject({ code: Exit.invalid, out: '' });
    expect(said.err).toContain(expected);
  });

  test('a seed that is none says where', async () => {
    const seed = join(folder(), 'seed.json');
    writeFileSync(seed, '{"sincs": []}');
    const said = await cli(`emulate --api census-v1 --seed ${seed}`);
    expect(said.code).toBe(Exit.invalid);
    expect(said.err).toContain('"sincs"');
  });
});

test('a copy of a project leaves the ledger behind', () => {
  const [from, to] = [folder(), folder()];
  mkdirSync(join(from, '.syncline/ledger'), { recursive: true });
  mkdirSync(join(from, 'syncs'));
  writeFileSync(join(from, 'syncs/a.yaml'), 'a');
  copyProject(from, join(to, 'copy'));
  expect(readdirSync(join(to, 'copy'))).toEqual(['syncs']);
});

test('demo runs the real commands and ends well', async () => {
  const said = await cli('demo');
  const written = 'Wrote the plan to plan.json; `syncline apply plan.json` performs it.\n';
  expect(said).toMatchObject({ code: Exit.ok, err: written });
  const lines = [...said.out.matchAll(/^\$ syncline (.*)$/gm)].map((match) => match[1]);
  expect(lines[0]).toBe('validate');
  expect(lines.filter((line) => line?.startsWith('apply'))).toHaveLength(6);
  expect(lines.some((line) => line?.startsWith('undo 2'))).toBe(true);
  expect(said.out).toContain('changed outside Git');
});

describe('a crash', () => {
  const bug = new TypeError('bad thing in tok-1234567890\nand more');

  test.each([
    [false, /^error internal\n {2}TypeError: bad thing.*\n {2}hint: This is a bug.*--verbose.*\n$/],
    [true, /\n {4}at .*commands\.test\.ts/],
  ])('with verbose %s', (verbose, expected) => {
    const { io, said } = world();
    expect(reportFailure(bug, io, { colour: false, verbose })).toBe(Exit.failed);
    expect(said().err).toMatch(expected);
  });

  test('shows no secret that the vault holds, in whatever it prints', async () => {
    const { run, emulator, write } = await workspace({ token: 'label-of-users' });
    write('syncs/users.yaml', manifest('users').replace('Label of users', 'label-of-users'));
    const said = await run('plan --verbose');
    expect(`${said.out}${said.err}`).not.toContain(emulator.token);
    expect(said.out).toContain('/label: ***');
  });

  test('the vault hides every value it is given, short ones aside', () => {
    const vault = openVault();
    vault.keep('tok-1234567890');
    vault.keep('abc');
    expect(vault.redact('abc tok-1234567890 tok-1234567890')).toBe('abc *** ***');
  });
});
