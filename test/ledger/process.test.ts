import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { isProvablyDead, thisProcess } from '../../src/ledger/process.ts';
import type { ProcessName } from '../../src/model/lock.ts';

describe('a process is provably dead', () => {
  test('not while it runs', async () => {
    const here = await thisProcess();
    expect(here).toMatchObject({ pid: process.pid, started: expect.stringMatching(/^\d+$/) });
    expect(await isProvablyDead(here)).toBe(false);
    expect(await isProvablyDead(await nameOf(sleeper()))).toBe(false);
  });

  test('once it has ended', async () => {
    const child = sleeper();
    const name = await nameOf(child);
    child.kill('SIGKILL');
    await once(child, 'close');
    expect(await isProvablyDead(name)).toBe(true);
  });

  test('when it is a zombie, which its parent has not noticed yet', async () => {
    // The shell starts a child and becomes a program that never asks after it.
    const parent = spawn('sh', ['-c', 'sleep 60 & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'ignore'] });
    onTestFinished(() => {
      parent.kill('SIGKILL');
    });
    const [said] = await once(parent.stdout, 'data');
    const pid = Number(String(said));
    const name = await nameOf({ pid });
    expect(await isProvablyDead(name)).toBe(false);
    // While the shell still is one it may yet see the end of its child.
    while (!readFileSync(`/proc/${parent.pid}/cmdline`, 'utf8').startsWith('sleep')) await setImmediate();
    process.kill(pid, 'SIGKILL');
    while (statOf(pid).state !== 'Z') await setImmediate();
    expect(await isProvablyDead(name)).toBe(true);
  });

  test('when another process bears its number', async () => {
    expect(await isProvablyDead({ ...(await thisProcess()), started: '1' })).toBe(true);
  });

  test.each<[string, Partial<ProcessName>]>([
    ['another kernel', { boot: 'b0071d00-0000-0000-0000-000000000000' }],
    ['another PID namespace', { pid_namespace: 'pid:[1]' }],
    ['a system that names no kernel', { boot: null }],
    ['a system that names no PID namespace', { pid_namespace: null }],
    ['a system that does not say when it began', { started: null }],
  ])('never where it is of %s', async (_of, other) => {
    const here = await thisProcess();
    expect(await isProvablyDead({ ...here, pid: 2 ** 22 + 1, ...other })).toBe(false);
    expect(await isProvablyDead({ ...here, pid: 2 ** 22 + 1 })).toBe(true);
  });
});

function sleeper(): ChildProcess {
  const child = spawn('sleep', ['60'], { stdio: 'ignore' });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  return child;
}

async function nameOf({ pid = 0 }: { readonly pid?: number | undefined }): Promise<ProcessName> {
  return { ...(await thisProcess()), pid, started: statOf(pid).started };
}

function statOf(pid: number): { state: string; started: string } {
  const [state = '', ...rest] = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return { state, started: rest[18] ?? '' };
}
