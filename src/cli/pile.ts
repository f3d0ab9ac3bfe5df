import { type Merged, merge, mergeApplied, type Told } from '../core/merge.ts';
import type { ReportFile, ToldApply } from '../engine/report-shape.ts';
import type { DriftReport } from '../model/drift.ts';
import { Exit, SynclineError } from '../model/errors.ts';
import type { ToldFailure } from '../model/failed.ts';
import type { ApplyReport } from '../model/outcome.ts';
import type { Plan } from '../model/plan.ts';
import type { RetirementNote } from '../model/retirement.ts';
import type { NamedReport } from './reported.ts';

/** Reports of many jobs as one; of one kind, and with what ends among them. */
export type Pile = { readonly calendar: readonly RetirementNote[] } & (
  | { readonly kind: 'plan'; readonly merged: Merged<Plan> }
  | { readonly kind: 'apply'; readonly merged: Merged<ApplyReport> }
  | { readonly kind: 'drift'; readonly merged: Merged<DriftReport> }
);

type Named<Kind extends NamedReport['kind']> = Extract<NamedReport, { readonly kind: Kind }>;

/** What files come to together. `lost`: those that cannot be read. @throws SynclineError (exit 3) for files of several commands */
export function pileOf(files: readonly NamedReport[], lost: readonly ToldFailure[]): Pile {
  const plans = files.filter((one) => one.kind === 'plan');
  const drifts = files.filter((one) => one.kind === 'drift');
  const applies = files.filter((one) => one.kind === 'apply');
  const empty = files.filter((one) => one.kind === 'none');
  if (plans.length === files.length) return pileOfPlans(plans, lost);
  if (drifts.length + empty.length === files.length && drifts.length > 0) {
    const told = [...drifts, ...empty].map((one) => toldBy(one, driftOf));
    return { kind: 'drift', merged: merge(told, lost), calendar: calendarIn([...drifts, ...empty]) };
  }
  if (applies.length + empty.length < files.length) throw severalKinds(files);
  const told = [...applies, ...empty].map((one) => toldBy(one, applyOf));
  return { kind: 'apply', merged: mergeApplied(told, lost), calendar: calendarIn([...applies, ...empty]) };
}

function pileOfPlans(files: readonly Named<'plan'>[], lost: readonly ToldFailure[]): Pile {
  const told = files.map(({ name, file }) => ({ name, reports: file.plans, exit: file.exit, failed: file.failed }));
  const merged = merge(told, lost);
  const calendar = merged.reports.flatMap(({ target, notes }) =>
    notes.flatMap(({ on, message }) =>
      on === undefined ? [] : [{ target, code: 'api-retires', on, message } as const],
    ),
  );
  return { kind: 'plan', merged, calendar };
}

function toldBy<One, Report>(
  { name, file }: { readonly name: string; readonly file: ReportFile<One> },
  reportOf: (one: One) => Report,
): Told<Report> {
  return { name, reports: file.reports.map(reportOf), exit: file.exit, failed: file.failed };
}

/** No program is told what of a target was not looked at: that was said on stderr. */
function driftOf({ target, drift }: Pick<DriftReport, 'target' | 'drift'>): DriftReport {
  return { target, drift, notes: [] };
}

function applyOf(one: ToldApply): ApplyReport {
  const outcomes = one.outcomes.map((outcome) => ({ ...outcome, origin: null }));
  // What only takes over a binding writes the ledger alone.
  const wrote = outcomes.some(
    ({ action, status }) => status === 'unconfirmed' || (status === 'applied' && action !== 'adopt'),
  );
  return { ...one, outcomes, notes: [], fault: null, wrote, interrupted: false };
}

function calendarIn(files: readonly { readonly file: Pick<ReportFile<never>, 'notes'> }[]): readonly RetirementNote[] {
  return [...new Map(files.flatMap(({ file }) => file.notes).map((note) => [note.target, note])).values()];
}

function severalKinds(files: readonly NamedReport[]): SynclineError {
  const [first] = files;
  const other = files.find(({ kind }) => kind !== first?.kind);
  const words = { plan: 'plans', apply: 'reports of apply', drift: 'reports of drift', none: 'a report' };
  const message = `${first?.name} holds ${words[first?.kind ?? 'none']}, and ${other?.name} ${words[other?.kind ?? 'none']}.`;
  return new SynclineError('usage', message, 'Merge those of one command at a time.', Exit.invalid);
}
