import { Exit, SynclineError } from '../model/errors.ts';
import { isObject } from '../model/json.ts';
import type { PlanFile } from '../model/plan.ts';
import { neverWritten, readPlanFile } from './plan-file.ts';
import { applyFile, driftFile, type ReportFile, type ToldApply, type ToldDrift } from './report-shape.ts';

/** What a command has printed as JSON, or has saved. */
export type Reported =
  | { readonly kind: 'plan'; readonly file: PlanFile }
  | { readonly kind: 'apply'; readonly file: ReportFile<ToldApply> }
  | { readonly kind: 'drift'; readonly file: ReportFile<ToldDrift> }
  /** Every target of it failed, and so it does not say what it would have been a report of. */
  | { readonly kind: 'none'; readonly file: ReportFile<never> };

/**
 * Reads what `plan`, `apply`, `undo` or `drift` has printed as JSON, or `plan --out` has written. `name`: what the user calls the file.
 * @throws SynclineError (exit 3) where it is nothing of the kind, or a plan that was edited
 */
export function readReported(text: string, name: string): Reported {
  const value = parsed(text, name);
  if (isObject(value) && 'plans' in value) return { kind: 'plan', file: readPlanFile(text, name) };
  if (!isObject(value) || !Array.isArray(value.reports)) throw noReport(name, 'holds neither plans nor reports');
  const [first] = value.reports;
  const isDrift = isObject(first) && 'drift' in first;
  const misfit = (isDrift ? driftFile : applyFile)(value);
  if (misfit !== undefined) throw noReport(name, `is no report: ${misfit.at || 'its content'} ${misfit.words}`);
  const file: unknown = value;
  if (first === undefined) return { kind: 'none', file: file as ReportFile<never> };
  return isDrift
    ? { kind: 'drift', file: file as ReportFile<ToldDrift> }
    : { kind: 'apply', file: file as ReportFile<ToldApply> };
}

function parsed(text: string, name: string): unknown {
  if (text.trim() === '') throw noReport(name, neverWritten.what, neverWritten.hint);
  try {
    return JSON.parse(text);
  } catch {
    throw noReport(name, 'is not JSON');
  }
}

const writing = 'Write it with `plan --out FILE`, or with `--format json` of `plan`, `apply` or `drift`.';

function noReport(name: string, what: string, hint = writing): SynclineError {
  return new SynclineError('no-report', `${name} ${what}.`, hint, Exit.invalid);
}
