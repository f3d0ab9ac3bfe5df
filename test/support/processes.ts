import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';

export const root = join(import.meta.dirname, '../..');
const cli = join(root, 'dist/cli.js');

/** The Node binaries that the built program is tried on. */
export const nodes = [
  ['this Node', process.execPath],
  ['Node 22', join(root, '.tools/node22/node_modules/.bin/node')],
  ['Node 24', join(root, '.tools/node24/node_modules/.bin/node')],
] as const;

/** How a process ended, and everything it said. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Where {
  readonly cwd: string;
  /** Added to an environment that holds PATH and HOME alone: no variable of the developer's leaks into a test. */
  readonly env?: Readonly<Record<string, string>>;
  /** The Node binary; default: the one that runs the tests. */
  readonly node?: string;
}

/** Runs the built command line in a process of its own. */
export function syncline(args: readonly string[], where: Where): Promise<Ended> {
  return run(where.node ?? process.execPath, [built(), ...args], where);
}

export function run(command: string, args: readonly string[], where: Where): Promise<Ended> {
  const child = spawn(command, args, { cwd: where.cwd, env: environment(where), stdio: ['ignore', 'pipe', 'pipe'] });
  return ended(child);
}

/** A request as the emulator saw it. */
export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly body?: Readonly<Record<string, unknown>>;
}

export interface Emulator {
  readonly url: string;
  readonly token: string;
  /** Keys of workspaces by their ids, where the token is a personal one. */
  readonly keys: Readonly<Record<string, string>>;
  /** Everything but reads that has arrived so far, in order. */
  writes(): Promise<readonly Seen[]>;
  stop(): Promise<void>;
}

/** Starts `syncline emulate` in a process of its own and resolves once it listens. */
export async function startEmulator(args: readonly string[], where: Where): Promise<Emulator> {
  const command = [built(), 'emulate', '--port', '0', '--format', 'json', ...args];
  const child = spawn(where.node ?? process.execPath, command, {
    cwd: where.cwd,
    env: environment(where),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const end = ended(child);
  const line = await Promise.race([firstLine(child), end.then((why) => Promise.reject(new Error(why.stderr)))]);
  const { url, token, workspace_tokens: keys = {} } = parsed(line);
  const stop = async () => {
    child.kill();
    await end;
  };
  const writes = async () => {
    const log = await (await fetch(`${url}/__emulator/requests`)).text();
    const { requests }: { readonly requests: readonly Seen[] } = JSON.parse(log);
    return requests.filter((one) => one.method !== 'GET');
  };
  return { url, token, keys, writes, stop };
}

/** The path of the built command line. Tests that spawn it say how to get it where it is missing. */
export function built(): string {
  if (!existsSync(cli)) throw new Error('dist/cli.js is missing: run `npm run build` first (`npm test` does).');
  return cli;
}

/** Resolves once no process works in this folder any more, such as a push that outlives whoever has begun it. */
export async function deserted(folder: string): Promise<void> {
  while (isSomebodyIn(folder)) await setImmediate();
}

function isSomebodyIn(folder: string): boolean {
  return readdirSync('/proc').some((name) => {
    try {
      return /^\d+$/.test(name) && readlinkSync(`/proc/${name}/cwd`) === folder;
    } catch {
      return false;
    }
  });
}

/** The environment of a process that a test starts. */
export function environment({ env = {} }: Where): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, HOME: process.env.HOME, ...env };
}

function ended(child: ChildProcess): Promise<Ended> {
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
}

function firstLine(child: ChildProcess): Promise<string> {
  let said = '';
  return new Promise((resolve) => {
    child.stdout?.on('data', (chunk: string) => {
      said += chunk;
      if (said.includes('\n')) resolve(said.slice(0, said.indexOf('\n')));
    });
  });
}

interface Begun {
  readonly url: string;
  readonly token: string;
  readonly workspace_tokens?: Readonly<Record<string, string>>;
}

function parsed(line: string): Begun {
  const value: Begun = JSON.parse(line);
  if (typeof value.url === 'string' && typeof value.token === 'string') return value;
  throw new Error(`The emulator said ${line}`);
}
