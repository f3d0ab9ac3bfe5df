import { exitOfReport } from '../core/exit.ts';
import type { ExitCode } from '../model/errors.ts';
import type { ApplyEvent, ReportEvent } from '../model/event.ts';
import type { ApplyReport } from '../model/outcome.ts';
import type { Blocked } from '../model/plan.ts';
import type { Wait } from '../model/wait.ts';
import { reportFields } from '../render/report/json.ts';
import { waitWords } from '../render/wait.ts';
import type { Progress } from './request.ts';

/** Tells of one target in events: what happens while it is worked on, and at last what it has come to. */
export interface Teller {
  readonly progress: Progress;
  waits(wait: Wait): void;
  /** The last event, of a target that has a report. */
  report(report: ApplyReport): void;
  /** The last event, of one that has none. */
  failure(error: NonNullable<ReportEvent['error']>, exit: ExitCode): void;
}

/** Makes events of one target as things happen. `target`: null where there is none to tell of. */
export function eventsOf(
  { target, dryRun, now }: { readonly target: string | null; readonly dryRun: boolean; readonly now: () => Date },
  say: (event: ApplyEvent) => void,
): Teller {
  let run: string | null = null;
  let isOver = false;
  const told = new Set<string>();
  const base = () => ({ version: 1, at: now().toISOString(), target, run }) as const;

  /** What goes on although nobody waits for it any more is not told. */
  function emit(event: ApplyEvent): void {
    if (isOver) return;
    isOver = event.event === 'report';
    say(event);
  }
  function tellBlocked(blocked: readonly Blocked[]): void {
    for (const one of reportFields({ blocked, outcomes: [] }).blocked) {
      if (told.has(one.address)) continue;
      told.add(one.address);
      emit({ ...base(), event: 'blocked', ...one });
    }
  }
  function waits(wait: Wait): void {
    const { reason, milliseconds } = wait;
    const [address, request] = 'address' in wait ? [wait.address, null] : [null, wait.request];
    emit({ ...base(), event: 'wait', reason, address, request, milliseconds, message: `${waitWords(wait)}.` });
  }
  return {
    waits,
    progress: {
      begun: (plan, name) => {
        run = name;
        emit({ ...base(), event: 'start', dry_run: dryRun, digest: plan.digest, summary: plan.summary });
        tellBlocked(plan.blocked);
      },
      started: ({ address, action, id }) =>
        emit({ ...base(), event: 'change', address, action, status: 'started', id, error: null }),
      outcome: ({ address, action, status, id, error }) =>
        emit({ ...base(), event: 'change', address, action, status, id, error }),
      wait: waits,
    },
    report: (report) => {
      tellBlocked(report.blocked);
      run = report.run;
      const { converged, fault } = report;
      const error = fault && { code: fault.code, message: fault.message, hint: fault.hint };
      emit({ ...base(), event: 'report', converged, ...reportFields(report), exit: exitOfReport(report), error });
    },
    failure: (error, exit) => {
      const converged = dryRun ? null : false;
      emit({ ...base(), event: 'report', converged, outcomes: [], blocked: [], exit, error });
    },
  };
}
