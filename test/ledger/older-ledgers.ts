import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type CensusEmulator, startCensusV1 } from '../../src/emulator/census-v1/server.ts';
import { type FabraEmulator, startFabra } from '../../src/emulator/fabra/server.ts';
import { cli, type Said } from '../cli/in-process.ts';

const fixtures = join(import.meta.dirname, 'format-1');

/** Where the program that wrote the ledgers found its service, and where it ran. */
const then = { host: '127.0.0.1:41000', folder: '/home/ann/crm' } as const;

const ref = 'refs/syncline/production';

/** A project with its ledger of format 1, and the service as that program left it. */
export interface Older<Emulator> {
  readonly emulator: Emulator;
  /** Of the project. */
  readonly folder: string;
  /** What the program needs to know of the service, and of git. */
  readonly env: Readonly<Record<string, string>>;
  run(line: string): Promise<Said>;
  /** Writes a file of the project. */
  write(path: string, text: string): void;
  read(path: string): string;
  remove(path: string): void;
  /** Everything the ledger consists of, locks and journals included, by path. */
  files(): Files;
  /** What the ledger says, however it is stored. */
  ledger(): Recorded;
  /** Method and path of everything sent that is no read. */
  writes(): readonly string[];
}

type Files = ReadonlyMap<string, string>;

/** A ledger as it is stored, tombstones under the names that they have there. */
export interface Recorded {
  readonly meta: { readonly format: number };
  readonly syncs: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly dead: Readonly<Record<string, unknown>>;
}

type OlderCensus = Older<CensusEmulator>;

/**
 * The ways a Census ledger was stored, each with a run that was killed while the second of three creates, each triggered by the one
 * before, waited for its answer. Its journal is there, or it is in a clone that nobody has any more.
 */
export const censusLedgers: readonly (readonly [string, () => Promise<OlderCensus>])[] = [
  ['in a file', openCensusFile],
  ['in a file, of a project that keeps its ledger in Git now', openMoved],
  ['in Git, in the clone of the killed run', () => openCensusGit(true)],
  ['in Git, in another clone', () => openCensusGit(false)],
];

/** The Census ledger in a file. */
export async function openCensusFile(): Promise<OlderCensus> {
  const emulator = await startCensusV1({ seed: seedOf('census-file') });
  onTestFinished(() => emulator.close());
  return inFile('census-file', emulator, { CENSUS_URL: emulator.url, CENSUS_TOKEN: emulator.token, ...gitEnvironment });
}

/** The Fabra ledger in a file: tombstones, a ghost, and a row that was forgotten by hand. All its runs came to their end. */
export async function openFabraFile(): Promise<Older<FabraEmulator>> {
  const emulator = await startFabra({ seed: seedOf('fabra-file') });
  onTestFinished(() => emulator.close());
  return inFile('fabra-file', emulator, { FABRA_URL: emulator.url, FABRA_TOKEN: emulator.token });
}

/** The file has become part of a repository, and goes into its ledger with the next run. */
async function openMoved(): Promise<OlderCensus> {
  const older = await openCensusFile();
  const { folder } = older;
  older.write('syncline.yaml', older.read('syncline.yaml').replace('ledger: file', 'ledger: git'));
  older.write('.gitignore', '.syncline/\n');
  git(folder, ['init', '-q', '-b', 'main']);
  git(folder, ['add', '-A']);
  git(folder, ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.com', 'commit', '-q', '-m', 'Syncs']);
  const isMoved = () => git(folder, ['for-each-ref', ref]) !== '';
  const files = () => (isMoved() ? treeOf(folder) : older.files());
  return { ...older, files, ledger: () => (isMoved() ? fromTree(files()) : older.ledger()) };
}

async function openCensusGit(withJournal: boolean): Promise<OlderCensus> {
  const emulator = await startCensusV1({ seed: seedOf('census-git') });
  onTestFinished(() => emulator.close());
  const top = emptyFolder();
  const [shared, folder] = [join(top, 'shared.git'), join(top, 'project')];
  const now = changed(emulator.url, folder);
  git(top, ['init', '-q', '--bare', '-b', 'main', shared]);
  git(
    shared,
    ['fast-import', '--quiet'],
    exportOf(readFileSync(join(fixtures, 'census-git/repository.fast-export')), now),
  );
  git(top, ['clone', '-q', `file://${shared}`, folder]);
  git(folder, ['config', 'user.name', 'Ann']);
  git(folder, ['config', 'user.email', 'ann@example.com']);
  if (withJournal) {
    const to = join(folder, '.git/syncline/refs-syncline-production');
    mkdirSync(to, { recursive: true });
    for (const name of readdirSync(join(fixtures, 'census-git')).filter((one) => one.endsWith('.journal')))
      cpSync(join(fixtures, 'census-git', name), join(to, name));
  }
  const env = { CENSUS_URL: emulator.url, CENSUS_TOKEN: emulator.token, ...gitEnvironment };
  return project(folder, emulator, env, () => treeOf(shared), fromTree);
}

function inFile<Emulator extends { readonly url: string; readonly requests: readonly Sent[] }>(
  name: string,
  emulator: Emulator,
  env: Older<Emulator>['env'],
): Older<Emulator> {
  const folder = emptyFolder();
  const place = join(folder, '.syncline/ledger');
  mkdirSync(place, { recursive: true });
  cpSync(join(fixtures, name, 'syncs'), join(folder, 'syncs'), { recursive: true });
  cpSync(join(fixtures, name, 'syncline.yaml'), join(folder, 'syncline.yaml'));
  const now = changed(emulator.url, folder);
  for (const file of readdirSync(join(fixtures, name, 'ledger')))
    writeFileSync(join(place, file), now(readFileSync(join(fixtures, name, 'ledger', file), 'utf8')));
  const files = () =>
    new Map(
      readdirSync(place)
        .sort()
        .map((file) => [file, readFileSync(join(place, file), 'utf8')]),
    );
  return project(folder, emulator, env, files, (all) => JSON.parse(all.get('production.json') ?? ''));
}

interface Sent {
  readonly method: string;
  readonly path: string;
}

function project<Emulator extends { readonly requests: readonly Sent[] }>(
  folder: string,
  emulator: Emulator,
  env: Older<Emulator>['env'],
  files: Older<Emulator>['files'],
  parsed: (all: Files) => Recorded,
): Older<Emulator> {
  return {
    emulator,
    folder,
    env,
    run: (line) => cli(line, { cwd: folder, env }),
    write: (path, text) => {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    },
    read: (path) => readFileSync(join(folder, path), 'utf8'),
    remove: (path) => rmSync(join(folder, path)),
    files,
    ledger: () => parsed(files()),
    writes: () =>
      emulator.requests
        .filter(({ method, path }) => method !== 'GET' && path !== '/link_token')
        .map(({ method, path }) => `${method} ${path.replace('/api/v1', '')}`),
  };
}

/** The files of the last commit of a ledger in Git. */
function treeOf(repository: string): Files {
  const rows = [...git(repository, ['ls-tree', '-r', ref]).matchAll(/^\d+ blob (\w+)\t(.+)$/gm)];
  const texts = blobs(
    repository,
    rows.map(([, object = '']) => object),
  );
  return new Map(rows.map(([, , name = ''], index) => [name, texts[index] ?? '']));
}

/** The texts of these objects, asked for at once: a process for each would take longer than everything else. */
function blobs(repository: string, objects: readonly string[]): readonly string[] {
  const said = Buffer.from(git(repository, ['cat-file', '--batch'], objects.map((one) => `${one}\n`).join('')));
  let at = 0;
  return objects.map(() => {
    const begin = said.indexOf('\n', at) + 1;
    const end = begin + Number(said.toString('utf8', at, begin).trim().split(' ').at(-1));
    at = end + 1;
    return said.toString('utf8', begin, end);
  });
}

/** The tree of a ledger's commit as one document. */
function fromTree(all: Files): Recorded {
  const below = (folder: string) =>
    Object.fromEntries(
      [...all]
        .filter(([path]) => path.startsWith(folder))
        .map(([path, text]) => [path.slice(folder.length, -'.json'.length), JSON.parse(text)]),
    );
  return { meta: JSON.parse(all.get('meta.json') ?? ''), syncs: below('syncs/'), dead: below('dead/') };
}

/** What a text says where the service and the project are elsewhere now. */
function changed(url: string, folder: string): (text: string) => string {
  return (text) => text.replaceAll(then.host, new URL(url).host).replaceAll(then.folder, folder);
}

/** The stream of `git fast-export` with the text of its files changed; every text has its length before it. */
function exportOf(stream: Buffer, change: (text: string) => string): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < stream.length; ) {
    const end = stream.indexOf('\n', at) + 1;
    const line = stream.toString('utf8', at, end);
    const length = Number(/^data (\d+)\n$/.exec(line)?.[1] ?? -1);
    if (length < 0) parts.push(stream.subarray(at, end));
    else {
      const text = Buffer.from(change(stream.toString('utf8', end, end + length)));
      parts.push(Buffer.from(`data ${text.length}\n`), text);
    }
    at = end + Math.max(length, 0);
  }
  return Buffer.concat(parts);
}

const gitEnvironment = { PATH: process.env.PATH ?? '', HOME: '/nonexistent', GIT_CONFIG_NOSYSTEM: '1' };

function git(where: string, args: readonly string[], input: Buffer | string = ''): string {
  return execFileSync('git', args, { cwd: where, env: gitEnvironment, encoding: 'utf8', input, stdio: 'pipe' });
}

function seedOf(name: string) {
  return JSON.parse(readFileSync(join(fixtures, name, 'seed.json'), 'utf8'));
}

function emptyFolder(): string {
  const path = mkdtempSync(join(tmpdir(), 'syncline-format-1-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}
