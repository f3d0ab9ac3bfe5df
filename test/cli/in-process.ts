import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { onTestFinished } from 'vitest';
import type { Io } from '../../src/cli/io.ts';
import { run } from '../../src/cli/run.ts';
import { pause } from '../../src/http/retry.ts';
import type { ExitCode } from '../../src/model/errors.ts';
import { type Ended, environment, type Where } from '../support/processes.ts';

export interface Said {
  readonly code: ExitCode;
  readonly out: string;
  readonly err: string;
}

export interface Setting {
  readonly cwd?: string;
  readonly env?: Io['env'];
  /** Everything is a terminal, and this is typed into it. */
  readonly typed?: string;
  readonly signal?: AbortSignal;
  readonly checker?: Io['checker'];
  readonly cache?: ReturnType<NonNullable<Io['cache']>>;
  /** What time it is. Left out, whatever time it is, and nothing is said of APIs that end some day: tests hold on any day. */
  readonly now?: Date;
  /** Every wait takes as long as it says, for whoever looks at when something is sent. */
  readonly patient?: true;
}

/** Runs one command line inside this process; nothing of the developer's environment is seen. */
export async function cli(line: string | readonly string[], setting: Setting = {}): Promise<Said> {
  const argv = typeof line === 'string' ? line.split(' ').filter((word) => word !== '') : line;
  const { io, said } = world(setting);
  const code = await run(argv, io);
  const { out, err } = said();
  return { code, out: setting.now === undefined ? withoutCalendar(out) : out, err };
}

/** Runs a command line as `syncline` of `processes.ts` does, but inside this process: half a second less of the processor. */
export async function synclineHere(args: readonly string[], where: Omit<Where, 'node'>): Promise<Ended> {
  const { code, out, err } = await cli(args, { cwd: where.cwd, env: environment(where) });
  return { code, stdout: out, stderr: err };
}

/** What depends on the day in a report for people. */
function withoutCalendar(out: string): string {
  return out.replaceAll(/^(?:Note|Warning): API \S+ of \S+ end.*\n/gm, '');
}

/** A world to run in, and what was printed there so far. */
export function world(setting: Setting = {}): { io: Io; said: () => { out: string; err: string } } {
  const stdin = Object.assign(new PassThrough(), { isTTY: setting.typed !== undefined });
  stdin.end(setting.typed ?? '');
  const [stdout, stderr] = [sink(setting), sink(setting)];
  const io: Io = {
    stdout,
    stderr,
    stdin,
    env: setting.env ?? {},
    cwd: setting.cwd ?? tmpdir(),
    checker: setting.checker,
    cache: () => setting.cache,
    ...time(setting),
    signal: setting.signal ?? new AbortController().signal,
  };
  return { io, said: () => ({ out: stdout.text(), err: stderr.text() }) };
}

/** How many times faster a wait is over than it says. Not at once: what it waits for happens meanwhile. */
export const haste = 20;

/** The time of one command line, which waits in a hurry: its clock is as late after a wait as if it had waited all of it. */
function time({ now: fixed, patient }: Setting): Required<Pick<Io, 'now' | 'sleep'>> {
  let ahead = 0;
  const now = () => Date.now() + ahead;
  const sleep = async (milliseconds: number, signal?: AbortSignal) => {
    const end = now() + milliseconds;
    await pause(patient ? milliseconds : milliseconds / haste, signal);
    if (signal?.aborted !== true) ahead += Math.max(0, end - now());
  };
  return { now: () => fixed ?? new Date(now()), sleep };
}

function sink(setting: Setting) {
  let text = '';
  const write = (more: string) => {
    text += more;
  };
  return { isTTY: setting.typed !== undefined, write, text: () => text };
}

/** A folder that is gone after the test. */
export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'syncline-cli-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}
