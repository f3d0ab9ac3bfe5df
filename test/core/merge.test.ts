import { describe, expect, test } from 'vitest';
import { merge, mergeApplied, type Told } from '../../src/core/merge.ts';
import { Exit, type ExitCode } from '../../src/model/errors.ts';
import type { ApplyReport } from '../../src/model/outcome.ts';
import { failure, outcome, report } from '../render/build.ts';

type Job = Told<ApplyReport>;

const job = (name: string, exit: ExitCode, parts: Partial<ApplyReport> = {}): Job => ({
  name,
  exit,
  failed: [],
  reports: [report({ target: name, ...parts })],
});
const wrote = job('wrote', Exit.ok, { wrote: true });
const stale = job('stale', Exit.refused, { outcomes: [outcome({ status: 'stale', error: 'x' })], wrote: false });
const without = (name: string, exit: ExitCode): Job => ({
  name,
  exit,
  reports: [],
  failed: [failure({ target: name, exit })],
});
const idle = (exit: ExitCode) => job(`idle-${exit}`, exit, { outcomes: [], wrote: false });

describe('one exit code of many', () => {
  test.each<[string, readonly Job[], ExitCode]>([
    ['none', [], Exit.ok],
    ['all well', [wrote, idle(Exit.ok)], Exit.ok],
    ['the first of 1, 3, 4, 2, 0', [idle(4), idle(3), idle(2), idle(0)], Exit.invalid],
    ['4 before 2', [idle(2), idle(4)], Exit.refused],
    ['1 before all of them', [idle(3), without('lost', 1), idle(2)], Exit.failed],
    ['written, and something blocked', [wrote, idle(4)], Exit.refused],
    ['written, and a job that failed', [wrote, without('lost', 1)], Exit.partial],
    ['written, and a job whose target was refused', [wrote, without('held', 4)], Exit.partial],
    ['written, and something stale in another job', [wrote, stale], Exit.partial],
    ['nothing written, and something stale', [stale, idle(0)], Exit.refused],
    ['one that was partly applied', [idle(1), job('part', Exit.partial, { wrote: true })], Exit.partial],
  ])('%s', (_name, jobs, exit) => {
    expect(mergeApplied(jobs, []).exit).toBe(exit);
    expect(mergeApplied(jobs.toReversed(), []).exit).toBe(exit);
  });

  test('a file that is missing beside what was written is a partial apply, beside what was only read it is not', () => {
    const missing = [failure({ target: 'job-2.json', exit: Exit.failed, code: 'missing-report' })];
    expect(mergeApplied([wrote], missing).exit).toBe(Exit.partial);
    expect(merge([wrote], missing).exit).toBe(Exit.failed);
  });
});

test('a target that two jobs tell of counts once, whichever of them failed', () => {
  const twice = merge([job('b', Exit.ok), { ...without('b', 1), name: 'a.json' }, job('a', Exit.ok)], []);
  expect(twice.reports.map((one) => one.target)).toEqual(['a', 'b']);
  expect(twice.failed).toMatchObject([{ target: 'b', exit: 3, code: 'duplicate-report' }]);
  expect(twice.exit).toBe(Exit.failed);
});
