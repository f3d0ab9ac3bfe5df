import { address, json, remoteId } from '../ledger/records.ts';
import { flag, listOf, matching, oneOf, orNull, record, type Shape, shape, text } from '../ledger/shape.ts';
import type { Drift, DriftField, DriftReport } from '../model/drift.ts';
import type { Ending } from '../model/failed.ts';
import type { ApplyReport, OutcomeStatus, ToldOutcome } from '../model/outcome.ts';
import type { RetirementNote } from '../model/retirement.ts';
import { action, blocked, exit, failed, origin, path } from './plan-shape.ts';

// What `apply`, `undo` and `drift` print as JSON.

/** As programs are told of an apply of one target. */
export type ToldApply = Pick<ApplyReport, 'target' | 'run' | 'converged' | 'blocked'> & {
  readonly outcomes: readonly ToldOutcome[];
};

/** As programs are told of the drift of one target. */
export type ToldDrift = Pick<DriftReport, 'target' | 'drift'>;

/** A file of reports of one kind. */
export interface ReportFile<Report> extends Ending {
  readonly version: 1;
  readonly reports: readonly Report[];
  readonly notes: readonly RetirementNote[];
}

const status = oneOf<OutcomeStatus>(
  'applied',
  'unconfirmed',
  'failed',
  'skipped',
  'stale',
  'unchanged',
  'valid',
  'invalid',
  'unchecked',
);

const outcome = record<ToldOutcome>({ address, action, status, id: orNull(remoteId), error: orNull(text) });

const apply = record<ToldApply>({
  target: text,
  run: orNull(text),
  converged: orNull(flag),
  outcomes: listOf(outcome),
  blocked: listOf(blocked),
});

const names = record<NonNullable<DriftField['names']>>({ was: text, now: text }, ['was', 'now']);

const drift = record<ToldDrift>({
  target: text,
  drift: listOf(
    record<Drift>({
      address,
      id: orNull(remoteId),
      label: orNull(text),
      kind: oneOf('changed', 'gone'),
      fields: listOf(record<DriftField>({ path, was: json, now: json, names }, ['names'])),
      origin: orNull(origin),
    }),
  ),
});

const note = record<RetirementNote>({
  target: text,
  code: oneOf('api-retires'),
  on: matching('a day (2027-01-15)', /^\d{4}-\d\d-\d\d$/),
  message: text,
});

function fileOf<Report>(report: Shape<Report>): Shape<ReportFile<Report>> {
  return record<ReportFile<Report>>({
    version: shape('1', (value) => value === 1),
    reports: listOf(report),
    notes: listOf(note),
    exit,
    failed: listOf(failed),
  });
}

export const applyFile = fileOf(apply);
export const driftFile = fileOf(drift);
