import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { vi } from 'vitest';
import { resume } from '../../src/core/memory/ledger.ts';
import { gitLedger } from '../../src/ledger/git/store.ts';
import { thisProcess } from '../../src/ledger/process.ts';
import { type Journal, type LedgerStore, nothingDeclared, type Stored } from '../../src/ledger/store.ts';
import type { Ledger, Run } from '../../src/model/ledger.ts';
import type { Lock, ProcessName } from '../../src/model/lock.ts';
import type { Project } from '../../src/model/project.ts';
import { entry, ledger } from '../support/world.ts';

/** Where the ledger of a project without a name lies. */
export const ref = 'refs/syncline/production';

/** What a first run may leave. */
export const users: Ledger['syncs'] = { 'CensusSync/users': entry('1') };

/** Nobody's own configuration leaks into a test. */
const environment = { PATH: process.env.PATH, HOME: '/nonexistent', GIT_CONFIG_NOSYSTEM: '1' };

const person = {
  GIT_AUTHOR_NAME: 'Ann',
  GIT_AUTHOR_EMAIL: 'ann@example.com',
  GIT_COMMITTER_NAME: 'Ann',
  GIT_COMMITTER_EMAIL: 'ann@example.com',
};

export interface StoreOptions {
  /** Of the project. */
  readonly name?: string;
  /** Of the project file, where it is not `syncline.yaml`. */
  readonly file?: string;
  /** Added to the environment of git. */
  readonly env?: Readonly<Record<string, string>>;
  /** Aborted: what is only read is given up. */
  readonly signal?: AbortSignal;
}

/** Real repositories in a folder of their own: a bare one to share, and clones of it. One clock for all. */
export interface Repositories {
  readonly folder: string;
  /** Absolute path of the bare repository. */
  readonly shared: string;
  now: Date;
  pass(milliseconds: number): void;
  /** A new clone, with these options of `git clone`. */
  clone(name: string, ...options: readonly string[]): string;
  /** A new repository without a remote and without a commit. */
  init(name: string, ...options: readonly string[]): string;
  /** Runs git and gives what it prints, trimmed. */
  git(where: string, ...args: readonly string[]): string;
  /** A hook of the bare repository. */
  hook(name: string, script: string): void;
  unhook(name: string): void;
  /** While the work is done nobody can read or write the bare repository. */
  away<Result>(work: () => Promise<Result>): Promise<Result>;
  /** A store of a project in this folder, as a new process would open it. */
  store(root: string, options?: StoreOptions): LedgerStore;
  /** Adds a commit to a ledger behind its back. `change` gets the text of the file, empty where there is none, and gives the new one. */
  tamper(where: string, path: string, change: (text: string) => string, of?: string): void;
  lockOf(where: string, of?: string): Lock;
  /** The refs of all ledgers, as `NAME COMMIT`. */
  refs(where: string): string[];
  close(): void;
}

function run(where: string, args: readonly string[], input = '', extra: Readonly<Record<string, string>> = {}): string {
  const env = { ...environment, ...person, ...extra };
  return execFileSync('git', args, { cwd: where, env, encoding: 'utf8', input, stdio: 'pipe' });
}

const git: Repositories['git'] = (where, ...args) => run(where, args).trim();

/** The files of a bare repository with two commits, and its empty folders: what every test begins with is made once. */
let template: ReadonlyMap<string, Buffer | undefined> | undefined;

function makeTemplate(): ReadonlyMap<string, Buffer | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'syncline-git-'));
  git(folder, 'init', '-q', '--bare', '--template=', '-b', 'main');
  git(folder, 'config', 'uploadpack.allowFilter', 'true');
  // As strict as a forge.
  git(folder, 'config', 'receive.fsckObjects', 'true');
  const file = run(folder, ['hash-object', '-w', '--stdin'], 'Syncs.\n').trim();
  const tree = run(folder, ['mktree'], `100644 blob ${file}\tREADME\n`).trim();
  const first = git(folder, 'commit-tree', '-m', 'Start', tree);
  git(folder, 'update-ref', 'refs/heads/main', git(folder, 'commit-tree', '-p', first, '-m', 'Go on', tree));
  const made = readdirSync(folder, { recursive: true, withFileTypes: true }).map((one) => {
    const path = join(one.parentPath, one.name);
    return [relative(folder, path), one.isFile() ? readFileSync(path) : undefined] as const;
  });
  rmSync(folder, { recursive: true });
  return new Map(made);
}

export function openRepositories(): Repositories {
  const folder = mkdtempSync(join(tmpdir(), 'syncline-git-'));
  const shared = join(folder, 'shared.git');
  template ??= makeTemplate();
  for (const [path, content] of template) {
    const place = join(shared, path);
    mkdirSync(content === undefined ? place : dirname(place), { recursive: true });
    if (content !== undefined) writeFileSync(place, content);
  }
  const textOf = (where: string, of: string, path: string): string =>
    git(where, 'ls-tree', of, path) === '' ? '' : git(where, 'show', `${of}:${path}`);

  const repositories: Repositories = {
    folder,
    shared,
    now: new Date('2026-11-21T10:00:00Z'),
    pass: (milliseconds) => {
      repositories.now = new Date(repositories.now.getTime() + milliseconds);
    },
    clone: (name, ...options) => {
      git(folder, 'clone', '-q', '--template=', ...options, `file://${shared}`, name);
      return join(folder, name);
    },
    init: (name, ...options) => {
      git(folder, 'init', '-q', '--template=', '-b', 'main', ...options, name);
      return join(folder, name);
    },
    git,
    hook: (name, script) => {
      mkdirSync(join(shared, 'hooks'), { recursive: true });
      writeFileSync(join(shared, 'hooks', name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    },
    unhook: (name) => rmSync(join(shared, 'hooks', name)),
    away: async (work) => {
      renameSync(shared, `${shared}.away`);
      try {
        return await work();
      } finally {
        renameSync(`${shared}.away`, shared);
      }
    },
    store: (root, { name, file: named = 'syncline.yaml', env = {}, signal } = {}) => {
      const path = join(root, named);
      mkdirSync(root, { recursive: true });
      writeFileSync(path, 'version: 1\n');
      const project: Project = { root, file: path, name, manifests: [], targets: [], ledger: 'git' };
      return gitLedger(project, 'production', {
        now: () => repositories.now,
        environment: { ...environment, ...env },
        signal,
        warn: () => undefined,
      });
    },
    tamper: (where, path, change, of = ref) => {
      const text = change(textOf(where, of, path));
      const data = (content: string) => `data ${Buffer.byteLength(content)}\n${content}\n`;
      const head = `commit ${of}\ncommitter Ann <ann@example.com> now\n${data('Tamper')}`;
      run(
        where,
        ['fast-import', '--quiet', '--date-format=now'],
        `${head}from ${of}^0\nM 100644 inline ${path}\n${data(text)}`,
      );
    },
    lockOf: (where, of = ref) => JSON.parse(git(where, 'show', `${of}:lock.json`)),
    refs: (where) =>
      git(where, 'for-each-ref', '--format=%(refname) %(objectname)')
        .split('\n')
        .filter((line) => line.startsWith('refs/syncline')),
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
  return repositories;
}

export function read(one: LedgerStore): Promise<Stored | undefined> {
  return one.read(nothingDeclared);
}

export function runOf(name: string, status: Run['status'], extra: Partial<Run> = {}): Run {
  const at = '2026-11-21T10:00:00.000Z';
  return { run: name, at, actor: 'ann', commit: null, digest: 'sha256:1', status, changes: [], ...extra };
}

/** A run that has begun. */
export interface Started {
  readonly journal: Journal;
  end(syncs: Ledger['syncs']): Promise<void>;
}

/** Begins a run on what the store holds; one that did not come to its end is recorded first, as an apply does it. */
export async function start(one: LedgerStore, name: string, actor = 'ann', extra: Partial<Run> = {}): Promise<Started> {
  const stored = await read(one);
  const before = stored === undefined ? ledger() : resume(stored.ledger, stored.journal);
  const intent = { ...before, runs: [...before.runs, runOf(name, 'running', extra)] };
  const journal = await one.begin(intent, { run: name, actor });
  return { journal, end: (syncs) => journal.close({ ...intent, syncs, runs: [runOf(name, 'applied', extra)] }) };
}

/** One undisturbed run that leaves these syncs. */
export async function record(one: LedgerStore, name: string, syncs: Ledger['syncs'] = users): Promise<void> {
  await (await start(one, name)).end(syncs);
}

export async function listRuns(one: LedgerStore): Promise<Run[]> {
  const list: Run[] = [];
  for await (const run of one.runs()) list.push(run);
  return list;
}

/** Each run as `NAME STATUS`, newest first. */
export async function runsOf(one: LedgerStore): Promise<string[]> {
  return (await listRuns(one)).map(({ run, status }) => `${run} ${status}`);
}

/** Files below a folder; none where it is not there. */
export function filesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile())
    .map((one) => one.name);
}

/** The name of a process that has ended. */
export async function deadProcess(): Promise<ProcessName> {
  const child = spawn('sleep', ['60'], { stdio: 'ignore' });
  const { pid = 0 } = child;
  const started =
    readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')[19] ?? null;
  child.kill('SIGKILL');
  await once(child, 'close');
  return { ...(await thisProcess()), pid, started };
}

/** Lets real work go on until something holds. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await setImmediate();
}

/** Lets time fly whenever the product waits for it, until the promise is settled. `vi` has faked `setTimeout` by then. */
export async function hurried<Result>(work: Promise<Result>): Promise<Result> {
  let settled = false;
  const end = () => {
    settled = true;
  };
  work.then(end, end);
  while (!settled) {
    if (vi.getTimerCount() > 0) vi.advanceTimersToNextTimer();
    await setImmediate();
  }
  return work;
}
