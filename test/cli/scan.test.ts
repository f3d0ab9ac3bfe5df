import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Exit } from '../../src/model/errors.ts';
import { openRepositories, type Repositories } from '../ledger/git-repositories.ts';
import { root as home } from '../support/processes.ts';
import { cli, folder, type Setting } from './in-process.ts';

let repositories: Repositories;
let root: string;

beforeEach(() => {
  repositories = openRepositories();
  root = repositories.init('a');
});

afterEach(() => repositories.close());

/** A key that no report may show. */
const key = 'secret-token:4f9c01b7d2e84a3c';
const call = `curl -H "Authorization: Bearer ${key}" https://app.getcensus.com/api/v1/destinations\n`;

function write(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}

const add = () => repositories.git(root, 'add', '-A');
const scan = (more: readonly string[] = [], setting: Setting = {}) => cli(['scan', ...more], { cwd: root, ...setting });

interface Finding {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly code: string;
}

async function found(
  ...paths: readonly string[]
): Promise<{ readonly places: readonly string[]; readonly summary: unknown }> {
  const { findings, summary } = JSON.parse((await scan(['--format', 'json', ...paths])).out);
  return { places: findings.map((one: Finding) => `${one.file}:${one.line}:${one.column} ${one.code}`), summary };
}

describe('the examples', () => {
  test('every use of API v1 is found at its line, and nothing in what only looks like one', async () => {
    cpSync(join(home, 'examples/scan'), root, { recursive: true });
    add();
    const expected = readFileSync(join(home, 'examples/scan/expected.txt'), 'utf8').trimEnd().split('\n');
    const { places } = await found('uses', 'look-alikes');
    expect(new Set(places.map((one) => one.replace(/:\d+ /, ' ')))).toEqual(new Set(expected));
    const files = repositories.git(root, 'ls-files', 'uses').split('\n');
    expect(files.filter((file) => !expected.some((one) => one.startsWith(`${file}:`)))).toEqual([]);
    expect(files.length).toBeGreaterThanOrEqual(30);
    expect(repositories.git(root, 'ls-files', 'look-alikes').split('\n').length).toBeGreaterThanOrEqual(30);
  });
});

describe('a report', () => {
  beforeEach(() => {
    write('scripts/list.sh', `#!/bin/sh\n${call}`);
    write('docs/plain.md', 'Census ended https://app.getcensus.com/api/v1.\n');
    add();
  });

  const message = 'This speaks API v1 of Census (/destinations), and v2 calls it otherwise.';
  const replacement =
    'Call /api/v2/activations with a personal access token as bearer. An activation has an id of its own, a text.';

  test('for people has code, place, fact and what takes its place, and no line of a file', async () => {
    const said = await scan();
    expect(said).toMatchObject({ code: Exit.changes, err: '' });
    expect(said.out).toContain(`warning api-v1-renamed  scripts/list.sh:2:63\n  ${message}\n  hint: ${replacement}\n`);
    expect(said.out).toContain('warning workspace-key-literal  scripts/list.sh:2:32\n');
    expect(said.out).toMatch(/\n3 findings in 1 of 2 files\.\n$/);
    expect(said.out).not.toContain(key);
  });

  test('for programs has every field, and counts', async () => {
    const said = await scan(['--format', 'json']);
    expect(said).toMatchObject({ code: Exit.changes, err: '' });
    const { version, findings, summary } = JSON.parse(said.out);
    expect({ version, summary }).toEqual({ version: 1, summary: { files: 2, findings: 3, skipped: 0 } });
    const finding = { file: 'scripts/list.sh', line: 2, column: 63, code: 'api-v1-renamed', message, replacement };
    expect(findings).toContainEqual(finding);
    expect(said.out).not.toContain(key);
  });

  test('for GitHub annotates the files as the repository has them, escaped', async () => {
    write('odd, 100%: name.sh', 'curl https://app.getcensus.com/api/v1/syncs\n');
    add();
    const said = await scan(['--format', 'github'], { cwd: join(root, 'docs') });
    expect(said.code).toBe(Exit.changes);
    expect(said.out).toContain(
      `::warning file=scripts/list.sh,line=2,col=63,title=api-v1-renamed::${message}%0Ahint: `,
    );
    expect(said.out).toContain('::warning file=odd%2C 100%25%3A name.sh,line=1,col=6,title=api-v1::');
    expect(said.out).not.toContain(key);
  });

  test('for GitHub counts what GitHub would drop', async () => {
    write('many.sh', 'curl https://app.getcensus.com/api/v1/syncs\n'.repeat(20));
    add();
    const lines = (await scan(['--format', 'github'])).out.trimEnd().split('\n');
    expect(lines).toHaveLength(10);
    expect(lines.at(-1)).toBe('::warning title=More::14 more findings: `syncline scan` lists them.');
  });

  test('names files as they are seen from where it runs, and with -C', async () => {
    expect((await scan([], { cwd: join(root, 'docs') })).out).toContain('  ../scripts/list.sh:2:63\n');
    expect((await scan(['-C', 'scripts', '.'])).out).toContain('  list.sh:2:63\n');
  });

  test('says that it read nothing where Git tracks nothing yet', async () => {
    const said = await scan([], { cwd: repositories.init('b') });
    expect(said).toMatchObject({ code: Exit.ok, out: expect.stringMatching(/^Nothing was read: .* `git add` /) });
  });

  test('of nothing ends with 0', async () => {
    const said = await scan(['docs']);
    expect(said).toEqual({ code: Exit.ok, out: 'Nothing found in 1 file.\n', err: '' });
    const json = await scan(['--format', 'json', 'docs/plain.md']);
    expect(json.code).toBe(Exit.ok);
    expect(JSON.parse(json.out)).toEqual({ version: 1, findings: [], summary: { files: 1, findings: 0, skipped: 0 } });
  });
});

describe('what is read', () => {
  test('is what Git tracks, whatever is ignored or new', async () => {
    write('new.sh', call);
    expect((await found()).places).toEqual([]);
    add();
    expect((await found()).places).toHaveLength(3);
  });

  test('are the paths that are given, absolute ones as well', async () => {
    write('a/x.sh', call);
    write('ab/y.sh', call);
    write('c.sh', call);
    add();
    const files = async (...paths: readonly string[]) =>
      new Set((await found(...paths)).places.map((one) => one.split(':')[0]));
    expect(await files('a')).toEqual(new Set(['a/x.sh']));
    expect(await files('./a/', 'c.sh', 'a/x.sh')).toEqual(new Set(['a/x.sh', 'c.sh']));
    expect(await files(join(root, 'ab'))).toEqual(new Set(['ab/y.sh']));
  });

  test('is counted, and so is what is left out', async () => {
    write('binary', new Uint8Array([0x63, 0, 1, 2]));
    write('large.txt', 'census\n'.repeat(2_500_000));
    write('gone.sh', call);
    symlinkSync('gone.sh', join(root, 'link.sh'));
    const inner = repositories.init('inner');
    repositories.git(inner, 'commit', '-q', '--allow-empty', '-m', 'Start');
    repositories.git(root, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', inner, 'inner');
    add();
    rmSync(join(root, 'gone.sh'));
    const said = await scan();
    const reasons = '1 binary, 1 not on disk, 1 submodule, 1 too large, 1 link';
    expect(said.out).toBe(`Nothing found in 1 file; 5 skipped (${reasons}).\n`);
    expect((await found()).summary).toEqual({ files: 1, findings: 0, skipped: 5 });
  });

  test.each([
    ['UTF-16 with a byte order mark', new Uint8Array([0xff, 0xfe, ...Buffer.from(call, 'utf16le')])],
    ['UTF-16, the other way round', new Uint8Array([0xfe, 0xff, ...Buffer.from(call, 'utf16le').swap16()])],
    ['UTF-8 with a byte order mark', `\uFEFF${call}`],
    ['a text that is no UTF-8', new Uint8Array([...Buffer.from(call), 0xc3, 0x28, 0xff])],
    ['a text with a zero byte far behind', `${call}${'#\n'.repeat(5000)}\0`],
  ])('is %s', async (_name, content) => {
    write('x.sh', content);
    add();
    expect((await found()).places).toContain('x.sh:1:63 api-v1-renamed');
  });

  test('has its lines and columns as editors count them', async () => {
    write('crlf.sh', `# ü\n${call}`.replaceAll('\n', '\r\n'));
    write('wide.py', `x = "😀"; requests.get("https://app.getcensus.com/api/v1/syncs")\n`);
    add();
    expect((await found()).places).toEqual(
      expect.arrayContaining(['crlf.sh:2:63 api-v1-renamed', 'wide.py:1:25 api-v1']),
    );
  });

  test('may have any name', async () => {
    write('new\nline "quoted" ü.sh', call);
    write('-dash.sh', call);
    write(':(glob)x.sh', call);
    add();
    const { places, summary } = await found();
    expect(places).toHaveLength(9);
    expect(summary).toMatchObject({ files: 3 });
    const said = await scan(['--', '-dash.sh', ':(glob)x.sh']);
    expect(said.out).toMatch(/\n6 findings in 2 of 2 files\.\n$/);
  });

  test('is told once in the middle of a merge', async () => {
    const commit = (text: string) => {
      write('x.sh', text);
      add();
      repositories.git(root, 'commit', '-q', '-m', 'Go on');
    };
    commit('echo\n');
    repositories.git(root, 'checkout', '-q', '-b', 'theirs');
    commit('echo theirs\n');
    repositories.git(root, 'checkout', '-q', 'main');
    commit('echo ours\n');
    expect(() => repositories.git(root, 'merge', 'theirs')).toThrow('git merge');
    expect(repositories.git(root, 'ls-files', 'x.sh').split('\n')).toHaveLength(3);
    write('x.sh', call);
    const { places, summary } = await found();
    expect(places).toHaveLength(3);
    expect(summary).toMatchObject({ files: 1 });
  });
});

describe('scan refuses', () => {
  test('a folder outside of any repository', async () => {
    const said = await cli('scan', { cwd: folder() });
    expect(said).toMatchObject({ code: Exit.invalid, out: '' });
    expect(said.err).toMatch(/^error no-repository\n {2}\/.* and `scan` looks for what Git tracks\.\n {2}hint: Run it/);
  });

  test.each([
    ['a path that is not there', 'nowhere'],
    ['a path that Git does not track', 'new.sh'],
    ['a path outside of the repository', '../shared.git'],
    ['half a name', 'x'],
  ])('%s', async (_name, path) => {
    write('x.sh', call);
    add();
    write('new.sh', call);
    const said = await scan(['x.sh', path]);
    expect(said).toMatchObject({ code: Exit.invalid, out: '' });
    expect(said.err).toContain(`error not-tracked\n  Git tracks nothing at ${path} in this repository.\n`);
  });

  test('to guess where Git is missing', async () => {
    const said = await scan([], { env: { PATH: '/nonexistent' } });
    expect(said).toMatchObject({ code: Exit.failed, out: '' });
    expect(said.err).toContain('hint: `scan` needs a Git that works here.');
  });

  test('a format that it does not have', async () => {
    expect((await scan(['--format', 'junit'])).code).toBe(Exit.invalid);
  });

  test('to go on when it is stopped', async () => {
    write('x.sh', call);
    add();
    const said = await scan([], { signal: AbortSignal.abort() });
    expect(said).toMatchObject({ code: Exit.failed, out: '' });
    expect(said.err).toContain('error stopped\n');
  });
});
