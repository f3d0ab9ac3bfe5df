import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { transformSync } from 'esbuild';
import { loadAll } from 'js-yaml';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { commands } from '../src/cli/commands/table.ts';
import { globalOptions } from '../src/cli/options.ts';
import { byCodePoint } from '../src/core/stable.ts';
import { startCensusV1 } from '../src/emulator/census-v1/server.ts';
import { startCensusV2 } from '../src/emulator/census-v2/server.ts';
import { validateProject } from '../src/engine/validate/validate.ts';
import * as library from '../src/library.ts';
import { loadProject } from '../src/load/project.ts';
import { Exit } from '../src/model/errors.ts';
import { kinds, kindsOf } from '../src/providers/index.ts';
import { synclineHere } from './cli/in-process.ts';
import { anchorsOf, type Fence, fencesOf, relativeLinksOf } from './support/markdown.ts';
import { built, type Ended, root, run, startEmulator } from './support/processes.ts';

const guides = readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md'));
const paths = [
  'README.md',
  ...guides.map((name) => `docs/${name}`),
  'examples/README.md',
  'examples/fleet/README.md',
  '.github/CONTRIBUTING.md',
  '.github/SECURITY.md',
];
const pages = paths.map((path) => ({
  path,
  text: readFileSync(join(root, path), 'utf8'),
}));
const readme = textOf('README.md');

/** What a reader of the chapter on Fabra has. */
const fabraProject = `version: 1
manifests: [syncs/*.yaml]
targets: { production: { provider: fabra, api: server, token: "\${env.FABRA_TOKEN}" } }
`;

/** A folder as it is after `npm install syncline`. */
let folder = '';

type Emulator = Pick<Awaited<ReturnType<typeof startCensusV1>>, 'url' | 'token' | 'requests'>;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'syncline-readme-'));
  mkdirSync(join(folder, 'node_modules/.bin'), { recursive: true });
  symlinkSync(root, join(folder, 'node_modules/syncline'));
  symlinkSync(built(), join(folder, 'node_modules/.bin/syncline'));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe.each(pages)('$path', ({ path, text }) => {
  test('has no dead link', () => {
    const dead = relativeLinksOf(text).filter((link) => !leadsSomewhere(path, link));
    expect(dead).toEqual([]);
  });

  test('names only commands and options that exist', () => {
    expect(commandLinesIn(text).flatMap(unknownIn)).toEqual([]);
  });

  test('has YAML that parses', () => {
    for (const fence of fencesOf(text)) if (fence.language === 'yaml') expect(loadAll(fence.text)).not.toEqual([]);
  });
});

describe('the README', () => {
  test('has a row for every exit code', () => {
    const rows = [...readme.matchAll(/^\| (\d) \| /gm)].map(([, code]) => Number(code));
    expect(rows).toEqual(Object.values(Exit));
  });

  test.each([
    ['manifest', 'project'],
    ['activation', 'project-v2'],
    ['dataset', 'project'],
    ['lifecycle', 'project'],
    ['moved', 'project'],
    ['fabra', undefined],
  ])('shows a %s that is valid', async (mark, projectMark) => {
    const place = inFolder(`shown-${mark}`);
    write(place, 'syncline.yaml', projectMark === undefined ? fabraProject : marked(projectMark).text);
    write(place, 'syncs/shown.yaml', marked(mark).text);
    write(place, 'syncs/sql/active-users.sql', 'select id, email from users\n');
    const { project, diagnostics } = loadProject({ directory: place });
    expect(diagnostics).toEqual([]);
    if (project === undefined) throw new Error('There is no project.');
    expect(await validateProject({ project, kinds, kindsOf })).toMatchObject({ count: 1, diagnostics: [] });
  });

  test('has a row for every kind, with its provider and its label', () => {
    const rows = [...readme.matchAll(/^\| `(\w+)` \| \[a .* \| `(\w+)` \| (.*) \|$/gm)];
    const shown = rows.map(([, kind, provider, label = '']) => [
      kind,
      provider,
      new Set([...label.matchAll(/`(\w+)`/g)].map(([, one]) => one)),
    ]);
    expect(shown).toEqual(kinds.map(({ kind, provider, traits }) => [kind, provider, new Set(traits.label)]));
  });

  test('shows how to get files for CI', async () => {
    const lines = linesOf(marked('ci'));
    expect(lines).toHaveLength(3);
    for (const [index, line] of lines.entries()) {
      const ended = await shell(line, inFolder(`ci-${index}`), undefined);
      expect(ended, line).toMatchObject({ code: 0, stderr: '' });
      expect(ended.stdout, line).toMatch(/^wrote {2}(\.github\/workflows\/syncs\.yaml|\.gitlab-ci\.yml)$/m);
    }
  });

  test('shows fault rules that the emulator understands', async () => {
    const emulator = await startedEmulator();
    const rules = marked('faults')
      .text.split('\n')
      .flatMap((line) => line.split(/ {2,}/)[0] || []);
    expect(rules.length).toBeGreaterThanOrEqual(3);
    const answer = await fetch(`${emulator.url}/__emulator/faults`, {
      method: 'POST',
      body: JSON.stringify({ rules }),
    });
    expect(await answer.text()).not.toContain('hint');
    expect(answer.status).toBe(200);
  });

  test('shows a seed that the emulator takes, with all the keys that it names', async () => {
    const place = inFolder('seed');
    const { text } = marked('seed');
    write(place, 'seed.json', text);
    const emulator = await startEmulator(['--api', 'census-v1', '--seed', 'seed.json'], { cwd: place });
    onTestFinished(() => emulator.stop());
    const held = async (list: string) => {
      const answer = await fetch(`${emulator.url}/api/v1/${list}`, {
        headers: { authorization: `Bearer ${emulator.token}` },
      });
      const { data }: { readonly data: readonly { readonly id: number }[] } = JSON.parse(await answer.text());
      return data.map((one) => one.id);
    };
    const lists = ['sources', 'destinations', 'datasets', 'syncs'];
    expect(await Promise.all(lists.map(held))).toEqual([[11], [41], [], []]);
    const rows = [...textOf('docs/emulator.md').matchAll(/^\| `(\w+)` \| `id`/gm)].map(([, key]) => key);
    expect(new Set(rows)).toEqual(new Set(Object.keys(JSON.parse(text))));
  }, 60_000);

  test('shows a first project that works', async () => {
    const place = inFolder('first');
    const emulator = await startedEmulator();
    for (const line of linesOf(marked('first'))) {
      expect(await shell(answered(line), place, emulator), line).toMatchObject({ code: 0 });
      if (line.includes(' init')) editFirstProject(place, emulator.url);
    }
    expect(writesTo(emulator)).toEqual(['POST /api/v1/syncs']);
  }, 60_000);

  test('shows how live syncs become files, and how a day goes by', async () => {
    const place = inFolder('pull');
    const emulator = await startedEmulator();
    const lines = [...linesOf(marked('pull')), ...linesOf(marked('loop'))];
    await shell('git init -q && git config user.name Ann && git config user.email ann@example.com', place, undefined);
    for (const line of lines) {
      const ended = await shell(answered(line), place, emulator);
      expect(ended, line + ended.stderr).toMatchObject({ code: 0 });
      if (line.startsWith('syncline init')) {
        editFirstProject(place, emulator.url);
        rmSync(join(place, 'syncs/example.yaml'));
      }
      if (line.startsWith('syncline validate')) expect(ended.stdout).toMatch(/^\d+ manifests are valid\.$/m);
      if (line.startsWith('syncline plan')) expect(ended.stdout).toContain('Nothing to do');
    }
    expect(writesTo(emulator)).toEqual([]);
    // Somebody changes a sync in the app, and the change is to stay.
    const [id] = await idsIn(emulator);
    await send(emulator, 'PATCH', `/syncs/${id}`, { paused: true, label: 'Renamed in the app' });
    const home = [
      ['syncline drift', 2],
      ['syncline pull --drifted', 0],
      ['syncline plan --exit-code', 0],
    ] as const;
    for (const [line, code] of home) {
      const ended = await shell(line, place, emulator);
      expect(ended, line + ended.stdout + ended.stderr).toMatchObject({ code });
    }
  }, 60_000);

  test('shows the plan that the program prints', async () => {
    const file = join(inFolder('picture'), 'plan.svg');
    expect(await run(process.execPath, [join(root, 'scripts/picture.mjs'), file], { cwd: root })).toMatchObject({
      code: 0,
    });
    expect(readFileSync(join(root, 'docs/plan.svg'), 'utf8')).toBe(readFileSync(file, 'utf8'));
  }, 60_000);

  test('shows a dry run and a saved plan that work on the examples', async () => {
    const place = copyOfExamples('saved');
    const emulator = await startedEmulator();
    for (const line of [...linesOf(marked('dry-run')), ...linesOf(marked('saved'))]) {
      expect(await shell(line, place, emulator), line).toMatchObject({ code: 0 });
    }
  }, 60_000);

  test('shows how to look at a ledger in Git', async () => {
    const place = copyOfExamples('look');
    const project = readFileSync(join(place, 'syncline.yaml'), 'utf8');
    write(place, 'syncline.yaml', project.replace(/^ledger: file$/m, ''));
    const emulator = await startedEmulator();
    for (const line of ['git init -q', 'syncline apply --auto-approve', ...linesOf(marked('look'))]) {
      const ended = await shell(line, place, emulator);
      expect(ended, line + ended.stderr).toMatchObject({ code: 0 });
      expect(ended.stdout, line).toMatch(line.startsWith('git init') ? /^$/ : /\S/);
    }
  }, 60_000);

  test('shows how to look at a part of a target', async () => {
    const place = copyOfExamples('selecting');
    const emulator = await startedEmulator();
    const author = 'git -c user.name=Ann -c user.email=ann@example.com';
    const first = [
      'git init -q',
      `git add . && ${author} commit -qm first`,
      'git update-ref refs/remotes/origin/main HEAD',
    ];
    for (const line of [...first, ...linesOf(marked('selecting')), 'syncline plan --exclude "*" --exit-code']) {
      const ended = await shell(line, place, emulator);
      expect(ended, line + ended.stderr).toMatchObject({ code: 0 });
      if (line.includes(' plan ')) expect(ended.stdout, line).toContain('Partial plan: ');
    }
  }, 60_000);

  test('shows a move to the next API, and the way back, word for word', async () => {
    const place = inFolder('move');
    const emulator = await startCensusV2();
    onTestFinished(() => emulator.close());
    const [key = ''] = Object.values(emulator.workspaceTokens);
    const tokens = { CENSUS_TOKEN: key, ACTIVATIONS_PAT: emulator.token };
    expect(Object.keys(tokens)).toContain(/export (\w+)=/.exec(marked('move-token').text)?.[1]);
    const said = async (line: string) => {
      const ended = await shell(line, place, emulator, tokens);
      expect(ended, line + ended.stdout + ended.stderr).toMatchObject({ code: 0 });
      return ended.stdout;
    };
    await said('git init -q && git config user.name Ann && git config user.email ann@example.com');
    await said('syncline init');
    editFirstProject(place, emulator.url);
    rmSync(join(place, 'syncs/example.yaml'));
    await said('syncline pull');
    const [look, move, back] = ['move-look', 'move', 'move-back'].map((mark) => linesOf(marked(mark)).join(' && '));
    const project = () => readFileSync(join(place, 'syncline.yaml'), 'utf8');
    const before = project();
    expect(await said(look ?? '')).toBe(marked('move-report').text);
    expect(project()).toBe(before);
    expect(await said(move ?? '')).toContain('Moved: ');
    expect(project()).toMatch(/^ +groups: \[/m);
    expect(await said('syncline plan')).toContain('Nothing to do');
    expect(await said(back ?? '')).toContain('Moved: ');
    expect(await said('syncline plan')).toContain('Nothing to do');
    expect(writesTo(emulator)).toEqual([]);
  }, 60_000);

  test('shows a call for each function of the library, and they work', async () => {
    const place = copyOfExamples('library');
    const emulator = await startedEmulator();
    const calls: Record<string, RegExp> = {
      validate: /^16 manifests$/m,
      plan: /^create CensusSync\/users-to-crm$/m,
      apply: /^applied CensusSync\/users-to-crm $/m,
      status: /^bound CensusSync\/users-to-crm \d+ \w+$/m,
      undo: /^put back CensusSync\/users-to-crm applied$/m,
      drift: /"address":"CensusSync\/trial-cohort"/,
      adopt: /^\d+ bound, 0 left alone, 0 with no live match$/m,
      pull: /^updated CensusSync\/trial-cohort syncs\/trial-cohort\.yaml$/m,
    };
    for (const [name, said] of Object.entries(calls)) {
      await before(name, place, emulator);
      const ended = await called(`library-${name}`, place, emulator);
      expect(ended, name).toMatchObject({ code: 0, stderr: '' });
      expect(ended.stdout, name).toMatch(said);
    }
    expect(Object.keys(calls).sort(byCodePoint)).toEqual(Object.keys(library).sort(byCodePoint));
  }, 60_000);

  test('shows a demo that works', async () => {
    const place = inFolder('demo');
    const ended = await shell(linesOf(marked('demo')).join(' && '), place, undefined);
    expect(ended).toMatchObject({ code: 0 });
  }, 60_000);
});

test('the guide to the examples works as it stands', async () => {
  const place = copyOfExamples('guide');
  const emulator = await startedEmulator();
  const [, second] = fencesOf(textOf('examples/README.md'));
  const lines = linesOf(second)
    .map((line) =>
      line.replace('http://127.0.0.1:4010', emulator.url).replace('TOKEN=TOKEN', `TOKEN=${emulator.token}`),
    )
    .map(answered);
  expect(await shell(lines.join(' && '), place, undefined)).toMatchObject({ code: 0 });
}, 60_000);

test('the guide to a fleet works as it stands, without network or token', async () => {
  const place = join(copyOfExamples('fleet'), 'fleet');
  const [lines] = fencesOf(textOf('examples/fleet/README.md')).map(linesOf);
  expect(lines?.length).toBeGreaterThan(2);
  for (const line of lines ?? []) {
    const ended = await shell(line, place, undefined);
    expect(ended, line).toMatchObject({ code: 0, stderr: '' });
    expect(ended.stdout, line).toMatch(/\S/);
  }
});

function textOf(path: string): string {
  return pages.find((page) => page.path === path)?.text ?? '';
}

function marked(mark: string): Fence {
  const [found] = pages.flatMap(({ text }) => fencesOf(text)).filter((fence) => fence.mark === mark);
  if (found === undefined) throw new Error(`No page has a block marked "${mark}".`);
  return found;
}

interface Answer {
  readonly data: readonly { readonly id: number; readonly label: string }[];
}

/** Ids of the live syncs whose label begins so. */
async function idsIn(emulator: Emulator, beginning = ''): Promise<readonly number[]> {
  const { data } = await send(emulator, 'GET', '/syncs?per_page=100');
  return data.filter(({ label }) => label.startsWith(beginning)).map(({ id }) => id);
}

async function send({ url, token }: Emulator, method: string, path: string, body?: object): Promise<Answer> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const answer = await fetch(`${url}/api/v1${path}`, { method, headers, body: body ? JSON.stringify(body) : null });
  return (await answer.json()) as Answer;
}

/** What has happened before somebody calls a function of the library. */
async function before(name: string, place: string, emulator: Emulator): Promise<void> {
  const file = 'syncs/users-to-crm.yaml';
  const text = readFileSync(join(place, file), 'utf8');
  if (name === 'undo') write(place, file, text.replace('hour: 6', 'hour: 7'));
  if (name === 'drift') {
    write(place, file, text.replace('hour: 7', 'hour: 6'));
    const [id] = await idsIn(emulator, 'Trial');
    await send(emulator, 'PATCH', `/syncs/${id}`, { paused: true });
  }
  if (name === 'adopt') rmSync(join(place, '.syncline'), { recursive: true });
}

/** Runs a block of TypeScript in a folder. */
function called(mark: string, place: string, emulator: Emulator): Promise<Ended> {
  const { code } = transformSync(marked(mark).text, { loader: 'ts', format: 'esm' });
  write(place, `${mark}.mjs`, code);
  return shell(`node ${mark}.mjs`, place, emulator);
}

/** Commands without their remarks; an assignment that stands for the reader's own token is left to the test's environment. */
function linesOf(fence: Fence | undefined): readonly string[] {
  const lines = (fence?.text ?? '').split('\n').map((line) => line.replace(/\s+#.*$/, '').trim());
  return lines.filter((line) => line !== '' && !line.startsWith('export CENSUS_TOKEN=…'));
}

function leadsSomewhere(path: string, link: string): boolean {
  const [file = '', anchor] = link.split('#');
  const target = file === '' ? path : join(dirname(path), file);
  if (!existsSync(join(root, target))) return false;
  return anchor === undefined || anchorsOf(readFileSync(join(root, target), 'utf8')).includes(anchor);
}

/** What stands behind `syncline` in code: whole lines of blocks, and inline code. */
function commandLinesIn(text: string): readonly string[] {
  const inline = [...text.matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);
  const lines = fencesOf(text).flatMap((fence) => fence.text.split('\n'));
  return [...inline, ...lines].flatMap((code) => /(?:^|npx |run: )syncline ([a-z].*)$/.exec(code.trim())?.[1] ?? []);
}

function unknownIn(line: string): readonly string[] {
  const [name = '', ...words] = line.replace(/\s+#.*$/, '').split(/\s+/);
  const command = commands.find((one) => one.name === name);
  if (command === undefined) return [`syncline ${name}`];
  const known = [...globalOptions, ...command.options].map((option) => `--${option.name}`);
  return words.filter((word) => word.startsWith('--') && !known.includes(word)).map((word) => `${name} ${word}`);
}

function inFolder(name: string): string {
  const place = join(folder, name);
  mkdirSync(place, { recursive: true });
  return place;
}

function write(place: string, path: string, text: string): void {
  mkdirSync(dirname(join(place, path)), { recursive: true });
  writeFileSync(join(place, path), text);
}

/** What the reader is told to edit: where the API is, and which table there is. */
function editFirstProject(place: string, url: string): void {
  const project = readFileSync(join(place, 'syncline.yaml'), 'utf8');
  write(place, 'syncline.yaml', project.replace(/^( +)api: v1$/m, `$&\n$1base_url: ${url}`));
  const manifest = readFileSync(join(place, 'syncs/example.yaml'), 'utf8');
  const table = { table_catalog: 'analytics', table_schema: 'public', table_name: 'users' };
  const edited = Object.entries(table).reduce(
    (text, [key, value]) => text.replace(new RegExp(`${key}: \\S+`), `${key}: ${value}`),
    manifest,
  );
  write(place, 'syncs/example.yaml', edited);
}

/** The reader says yes. */
function answered(line: string): string {
  return line.replace(/ apply$/, ' apply --auto-approve');
}

function copyOfExamples(name: string): string {
  const place = inFolder(name);
  cpSync(join(root, 'examples'), place, { recursive: true });
  return place;
}

async function startedEmulator(): Promise<Emulator> {
  const emulator = await startCensusV1();
  onTestFinished(() => emulator.close());
  return emulator;
}

function writesTo({ requests }: Emulator): readonly string[] {
  return requests.filter((one) => one.method !== 'GET').map((one) => `${one.method} ${one.path}`);
}

/** A line that a shell would only split at its blanks needs none, and no process of its own: those that others need are many. */
const plain = /^(?:npx )?syncline((?: [\w./:=@,-]+)+)$/;

function shell(line: string, cwd: string, emulator: Emulator | undefined, more = {}): Promise<Ended> {
  const path = [join(folder, 'node_modules/.bin'), dirname(process.execPath), process.env.PATH].join(delimiter);
  const reach = emulator === undefined ? {} : { CENSUS_URL: emulator.url, CENSUS_TOKEN: emulator.token };
  const words = plain.exec(line)?.[1]?.trim().split(' ');
  if (words !== undefined && words[0] !== 'demo') return synclineHere(words, { cwd, env: { ...reach, ...more } });
  return run('bash', ['-c', line], { cwd, env: { PATH: path, ...reach, ...more } });
}
