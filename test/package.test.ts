import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { load } from 'js-yaml';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { byCodePoint } from '../src/core/stable.ts';
import { anchorsOf, relativeLinksOf } from './support/markdown.ts';
import { built, type Ended, root, run } from './support/processes.ts';

/** A folder that holds nothing but the packed and installed package. */
let folder = '';
let packed: readonly string[] = [];

beforeAll(async () => {
  built();
  folder = mkdtempSync(join(tmpdir(), 'syncline-package-'));
  const pack = await succeed(npm(['pack', '--json', '--pack-destination', folder], root));
  const [report] = JSON.parse(pack.stdout);
  packed = report.files.map((file: { readonly path: string }) => file.path);
  write('package.json', JSON.stringify({ name: 'consumer', private: true, type: 'module' }));
  const flags = ['--offline', '--no-audit', '--no-fund'];
  await succeed(npm(['install', ...flags, join(folder, report.filename)], folder));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('holds what users need and nothing else', () => {
  const roots = new Set(packed.map((path) => path.split('/')[0]));
  expect(roots).toEqual(new Set(['LICENSE', 'README.md', 'dist', 'docs', 'examples', 'package.json', 'schemas']));
  expect(packed).toContain('schemas/census/sync.schema.json');
  expect(packed.filter((path) => path.startsWith('dist/action/'))).toEqual([]);
  expect(packed.filter((path) => /(^|\/)(source|\.syncline|node_modules)\//.test(path))).toEqual([]);
});

test('has no runtime dependencies and no install scripts', () => {
  const manifest = JSON.parse(readFileSync(join(folder, 'node_modules/syncline/package.json'), 'utf8'));
  expect(manifest.dependencies ?? {}).toEqual({});
  // `prepare` runs in clones only: it is not even in the package, which was installed all the same.
  expect(Object.keys(manifest.scripts ?? {}).filter((name) => /install/.test(name))).toEqual([]);
});

test('packing prints its name and nothing else, which pre-commit relies on', async () => {
  const { version } = JSON.parse(read('package.json'));
  const said = await succeed(npm(['pack', '--dry-run'], root));
  expect(said.stdout).toBe(`syncline-${version}.tgz\n`);
});

test('the installed binary runs', async () => {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const said = await run(join(folder, 'node_modules/.bin/syncline'), ['--version'], { cwd: folder });
  expect(said).toMatchObject({ code: 0, stderr: '' });
  expect(said.stdout).toContain(version);
});

test('the library can be imported', async () => {
  const script =
    "const library = await import('syncline'); for (const name of ['validate', 'plan', 'apply', 'drift', 'adopt', 'undo', 'status', 'pull']) console.log(typeof library[name]);";
  write('use.mjs', script);
  const said = await run(process.execPath, ['use.mjs'], { cwd: folder });
  expect(said).toEqual({ code: 0, stdout: 'function\n'.repeat(8), stderr: '' });
});

test('a TypeScript project can use it under strict settings', async () => {
  write('tsconfig.json', JSON.stringify(strict));
  write('use.ts', consumer);
  const said = await run(join(root, 'node_modules/.bin/tsc'), ['-p', '.'], { cwd: folder });
  expect(said).toEqual({ code: 0, stdout: '', stderr: '' });

  write('use.ts', consumer.replace('plan;', 'plan.nowhere;'));
  const wrong = await run(join(root, 'node_modules/.bin/tsc'), ['-p', '.'], { cwd: folder });
  expect(wrong.stdout).toContain("Property 'nowhere' does not exist");
});

describe('the changelog', () => {
  const changelog = read('.github/CHANGELOG.md');
  const sections = changelog.split(/^## /m).slice(1);
  const titles = sections.map((one) => one.split('\n', 1)[0] ?? '');
  const { version } = JSON.parse(read('package.json'));

  test('begins with what is not released yet, or with the version that is', () => {
    expect(titles[0]).toMatch(/^Unreleased( \(\d+\.\d+\.\d+\))?$|^\d+\.\d+\.\d+ - \d{4}-\d{2}-\d{2}$/);
    const known = titles.some((one) => one.startsWith(`${version} - `) || one === `Unreleased (${version})`);
    expect(known || titles[0] === 'Unreleased').toBe(true);
  });

  test('has older versions below newer ones, with their days', () => {
    const released = titles.filter((one) => !one.startsWith('Unreleased'));
    expect(released.filter((one) => !/^\d+\.\d+\.\d+ - \d{4}-\d{2}-\d{2}$/.test(one))).toEqual([]);
    const numbers = released.map((one) => one.split(' ')[0] ?? '');
    const padded = numbers.map((one) => one.replaceAll(/\d+/g, (digits) => digits.padStart(9, '0')));
    expect(padded).toEqual([...new Set(padded)].sort((one, other) => byCodePoint(other, one)));
  });

  test('says something of each', () => {
    expect(
      sections.filter((one) => !/^### (Added|Changed|Fixed|Removed|Security|Deprecated)\n\n- /m.test(one)),
    ).toEqual([]);
  });

  test('and the promise of a version number are linked from the README', () => {
    const links = relativeLinksOf(read('README.md'));
    expect(links).toContain('.github/CHANGELOG.md');
    expect(links).toContain('.github/CONTRIBUTING.md#versions');
    expect(anchorsOf(read('.github/CONTRIBUTING.md'))).toContain('versions');
  });
});

describe('check-release', () => {
  const dated = '# Changelog\n\n## 1.2.3 - 2026-01-31\n\n### Added\n\n- A thing.\n';
  const repository = { type: 'git', url: 'git+https://github.com/someone/syncline.git' };

  test.each<[string, string, object, string, string]>([
    ['the tag of this version', 'v1.2.3', { repository }, dated, ''],
    ['another tag', 'v1.2.4', { repository }, dated, 'The tag is v1.2.4'],
    ['no tag', '', { repository }, dated, 'The tag is missing'],
    ['a prerelease', 'v1.2.3-rc.1', { repository, version: '1.2.3-rc.1' }, dated, 'is a prerelease'],
    ['a version without an entry', 'v1.2.4', { repository, version: '1.2.4' }, dated, 'has no section "## 1.2.4 - '],
    ['an entry without a day', 'v1.2.3', { repository }, dated.replace(/ - .*/, ''), 'has no section'],
    [
      'an empty entry',
      'v1.2.3',
      { repository },
      '## 1.2.3 - 2026-01-31\n\n## 1.2.2 - 2026-01-01\n\n- x\n',
      'says nothing',
    ],
    ['a package of another repository', 'v1.2.3', {}, dated, '"repository" in package.json must be'],
  ])('%s', async (_title, tag, manifest, changelog, complaint) => {
    const home = mkdtempSync(join(folder, 'release-'));
    for (const [path, text] of Object.entries({
      'package.json': JSON.stringify({ version: '1.2.3', ...manifest }),
      '.github/CHANGELOG.md': changelog,
    })) {
      mkdirSync(dirname(join(home, path)), { recursive: true });
      writeFileSync(join(home, path), text);
    }
    cpSync(join(root, 'scripts/check-release.mjs'), join(home, 'scripts/check-release.mjs'));
    const args = ['scripts/check-release.mjs', ...(tag === '' ? [] : [tag])];
    const said = await run(process.execPath, args, { cwd: home, env: { GITHUB_REPOSITORY: 'someone/syncline' } });
    expect(said.code).toBe(complaint === '' ? 0 : 1);
    expect(said.stderr).toContain(complaint);
    if (complaint === '') expect(said.stderr).toBe('');
  });
});

interface Job {
  readonly 'runs-on': string;
  readonly needs?: readonly string[];
  readonly permissions?: Readonly<Record<string, string>>;
  readonly steps: readonly { readonly run?: string; readonly uses?: string }[];
}

describe.each(readdirSync(join(root, '.github/workflows')))('the workflow %s', (file) => {
  const workflow = load(read(`.github/workflows/${file}`)) as {
    readonly on: object;
    readonly permissions: object;
    readonly jobs: Readonly<Record<string, Job>>;
  };
  const jobs = Object.entries(workflow.jobs);
  const steps = jobs.flatMap(([, job]) => job.steps);

  test('has jobs that wait for jobs which exist, and steps that do one thing', () => {
    expect(Object.keys(workflow.on)).not.toEqual([]);
    for (const [, job] of jobs) {
      expect(job['runs-on']).toBeTypeOf('string');
      expect((job.needs ?? []).filter((one) => !Object.hasOwn(workflow.jobs, one))).toEqual([]);
    }
    expect(steps.filter((one) => (one.run === undefined) === (one.uses === undefined))).toEqual([]);
  });

  test('calls only what exists', () => {
    const { scripts } = JSON.parse(read('package.json'));
    const text = steps.map((one) => one.run ?? '').join('\n');
    const called = [...text.matchAll(/\bnpm (?:run ([\w:-]+)|(test)\b)/g)].map(
      ([, name, plain]) => name ?? plain ?? '',
    );
    expect(called.filter((one) => !Object.hasOwn(scripts, one))).toEqual([]);
    const files = [...text.matchAll(/(?:^|\s)((?:\.ci|scripts)\/[\w./-]+)/gm)].map(([, path = '']) => path);
    expect(files.filter((path) => !existsSync(join(root, path)))).toEqual([]);
    expect(called.length + files.length).toBeGreaterThan(0);
  });

  test('uses official actions of one commit, and may do nothing beyond what a job names', () => {
    const actions = steps.flatMap((one) => one.uses ?? []);
    const official = /^(actions\/(checkout|setup-node|attest)|docker\/setup-qemu-action)@[0-9a-f]{40}$/;
    expect(actions.filter((one) => !official.test(one))).toEqual([]);
    expect(workflow.permissions).toEqual({});
    const writing = jobs.filter(([, job]) => Object.values(job.permissions ?? {}).includes('write'));
    const signing = { contents: 'read', 'id-token': 'write' };
    const rights = { publish: signing, image: { ...signing, packages: 'write', attestations: 'write' } };
    const given = Object.fromEntries(writing.map(([name, job]) => [name, job.permissions]));
    expect(given).toEqual(file === 'release.yml' ? rights : {});
  });
});

test('what is published was tested before, and the scripts of the package call files that exist', () => {
  const { jobs } = load(read('.github/workflows/release.yml')) as {
    readonly jobs: Readonly<Record<'test' | 'publish' | 'image', Job>>;
  };
  const { test: tested, publish, image } = jobs;
  expect([publish.needs, image.needs]).toEqual([['test'], ['test']]);
  expect(tested.steps.map((one) => one.run)).toContain('npm test');
  const { scripts }: { scripts: Readonly<Record<string, string>> } = JSON.parse(read('package.json'));
  const paths = Object.values(scripts).flatMap((one) => one.match(/\b(?:scripts|test)\/[\w./-]+/g) ?? []);
  expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

/** Declarations are checked too (`skipLibCheck: false`), so that none of them points at a file that is not shipped. */
const strict = {
  compilerOptions: {
    strict: true,
    noEmit: true,
    skipLibCheck: false,
    exactOptionalPropertyTypes: true,
    target: 'es2023',
    module: 'nodenext',
    types: ['node'],
    typeRoots: [join(root, 'node_modules/@types')],
  },
  files: ['use.ts'],
};

const consumer = `import { adopt, type AdoptRequest, apply, drift, plan, type Provider, undo, validate } from 'syncline';

export const stages = { validate, plan, apply, drift, adopt, undo };
export const bind = (directory: string, provider: Provider): AdoptRequest =>
  ({ directory, provider, actor: 'me', address: 'CensusSync/users', id: '12' });
export const second: typeof stages.plan = stages.plan;
`;

function npm(args: readonly string[], cwd: string): Promise<Ended> {
  return run('npm', args, { cwd });
}

async function succeed(ending: Promise<Ended>): Promise<Ended> {
  const end = await ending;
  if (end.code !== 0) throw new Error(`${end.stdout}\n${end.stderr}`);
  return end;
}

/** A file of the repository. */
function read(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

function write(name: string, text: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), text);
}
