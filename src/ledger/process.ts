import { execFile } from 'node:child_process';
import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { promisify } from 'node:util';
import type { ProcessName } from '../model/lock.ts';

let mine: Promise<ProcessName> | undefined;

/** The process that this code runs in. */
export function thisProcess(): Promise<ProcessName> {
  mine ??= name();
  return mine;
}

async function name(): Promise<ProcessName> {
  const host = hostname();
  const self = await textOf(() => readlink('/proc/self'));
  if (self === null) return { host, boot: null, pid_namespace: null, ...(await askedOfShell()) };
  return {
    host,
    boot: await textOf(() => readFile('/proc/sys/kernel/random/boot_id', 'utf8')),
    pid_namespace: await textOf(() => readlink('/proc/self/ns/pid')),
    pid: Number(self),
    started: await startOf(Number(self)),
  };
}

async function startOf(pid: number): Promise<string | null> {
  const status = await statusOf(pid);
  return typeof status === 'string' ? null : status.started;
}

/**
 * Does this process certainly no longer run? Only the same kernel and PID namespace can tell; everywhere else, and where the
 * system does not say which one it is, the answer is no.
 */
export async function isProvablyDead(other: ProcessName): Promise<boolean> {
  const here = await thisProcess();
  if (other.boot === null || other.pid_namespace === null || other.started === null) return false;
  if (other.boot !== here.boot || other.pid_namespace !== here.pid_namespace) return false;
  const status = await statusOf(other.pid);
  if (status === 'unknown') return false;
  if (status === 'none') return showsAll();
  // A zombie has ended and only waits for its parent to notice; unless a thread of it is still in the middle of a write.
  return status.started !== other.started || (status.state === 'Z' && status.threads <= 1) || status.state === 'X';
}

/** Where /proc is mounted with `hidepid`, processes of other users look as if they were not there. */
async function showsAll(): Promise<boolean> {
  const mounts = await textOf(() => readFile('/proc/self/mountinfo', 'utf8'));
  return mounts !== null && !mounts.includes('hidepid=');
}

interface Status {
  /** One letter: R, S, T, Z… */
  readonly state: string;
  readonly threads: number;
  /** Clock ticks from the start of the kernel to that of the process. */
  readonly started: string;
}

/** `/proc/PID/stat`, whose second field may itself hold blanks and brackets. `none`: there is no such process to be seen. */
async function statusOf(pid: number): Promise<Status | 'none' | 'unknown'> {
  try {
    const line = await readFile(`/proc/${pid}/stat`, 'utf8');
    const [state = '', ...rest] = line.slice(line.lastIndexOf(')') + 2).split(' ');
    const started = rest[18];
    return started === undefined ? 'unknown' : { state, threads: Number(rest[16]), started };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    return code === 'ENOENT' || code === 'ESRCH' ? 'none' : 'unknown';
  }
}

/** Where there is no /proc, the shell knows whose child it is. */
async function askedOfShell(): Promise<Pick<ProcessName, 'pid' | 'started'>> {
  const asked = await textOf(async () => (await promisify(execFile)('sh', ['-c', 'echo $PPID'])).stdout);
  return { pid: Number(asked ?? 0), started: null };
}

async function textOf(read: () => Promise<string>): Promise<string | null> {
  try {
    return (await read()).trim();
  } catch {
    return null;
  }
}
