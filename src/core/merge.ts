import { Exit, type ExitCode } from '../model/errors.ts';
import type { FailedTarget, ToldFailure } from '../model/failed.ts';
import type { ApplyReport } from '../model/outcome.ts';
import { exitOfMany, exitOfReports } from './exit.ts';
import { byCodePoint } from './stable.ts';

/** What one of several files says. */
export interface Told<Report> {
  /** What the user calls it. */
  readonly name: string;
  readonly reports: readonly Report[];
  readonly exit: ExitCode;
  readonly failed: readonly FailedTarget[];
}

/** What several files say together. */
export interface Merged<Report> {
  /** One for each target, by its name. */
  readonly reports: readonly Report[];
  /** Each target, or file, once. */
  readonly failed: readonly ToldFailure[];
  readonly exit: ExitCode;
}

/**
 * Reports of many jobs as one, whatever their order. A target that two of them tell of is a failure: nobody knows which one counts.
 * `lost`: files that cannot be read.
 */
export function merge<Report extends { readonly target: string }>(
  files: readonly Told<Report>[],
  lost: readonly ToldFailure[],
): Merged<Report> {
  const reports = new Map<string, Report>();
  const failed = new Map<string, ToldFailure>();
  const home = new Map<string, string>();
  for (const { name, reports: told, failed: those } of files.toSorted((one, other) =>
    byCodePoint(one.name, other.name),
  )) {
    for (const one of those) if (!failed.has(one.target)) failed.set(one.target, { ...one, hint: '' });
    for (const target of new Set([...told, ...those].map((one) => one.target))) {
      const other = home.get(target);
      if (other !== undefined) failed.set(target, twice(target, other, name));
      else home.set(target, name);
    }
    for (const one of told) if (!reports.has(one.target)) reports.set(one.target, one);
  }
  for (const one of lost) failed.set(one.target, one);
  const inOrder = [...reports.values()].sort((one, other) => byCodePoint(one.target, other.target));
  const all = [...failed.values()];
  return {
    reports: inOrder,
    failed: all,
    exit: exitOfMany(
      files.map((one) => one.exit),
      all,
    ),
  };
}

/** As `merge`, of what was carried out: what one job has written beside what failed in another is a partial apply. */
export function mergeApplied(files: readonly Told<ApplyReport>[], lost: readonly ToldFailure[]): Merged<ApplyReport> {
  const merged = merge(files, lost);
  const all = files.flatMap((one) => one.reports);
  const codes = [...files.map((one) => one.exit), exitOfReports(all, merged.failed)];
  return {
    ...merged,
    exit: exitOfMany(
      codes,
      merged.failed,
      all.some((one) => one.wrote),
    ),
  };
}

function twice(target: string, one: string, other: string): ToldFailure {
  const message = `Target "${target}" is in ${one} and in ${other}; this is what ${one} says.`;
  const hint = 'Merge one report for each target: remove those of earlier runs.';
  return { target, exit: Exit.invalid, code: 'duplicate-report', message, hint };
}
