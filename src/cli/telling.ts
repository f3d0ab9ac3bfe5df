import { eventsOf, type Teller } from '../engine/events.ts';
import type { ApplyReport } from '../model/outcome.ts';
import { eventLine } from '../render/report/event.ts';
import type { Invocation } from './invocation.ts';
import type { Lost } from './several.ts';

/** Tells programs what happens to the targets of an apply, a line for each event: of each target one report comes last. */
export interface Telling {
  /** From now on these targets are owed a report. */
  expect(targets: readonly string[]): void;
  of(target: string): Pick<Teller, 'progress' | 'waits'>;
  report(report: ApplyReport): void;
  failures(lost: readonly Lost[]): Promise<void>;
  /** The command ends by an error: that is the report of all that have none yet, or, where no target was come to, of none. */
  end(error: unknown): Promise<void>;
}

/** Events on stdout where they are the format; else nobody is told. */
export function openTelling({ io, format }: Invocation, dryRun: boolean): Telling {
  if (format !== 'ndjson') return silence;
  const owed = new Map<string, Teller>();
  let isAnyKnown = false;
  const open = (target: string | null) =>
    eventsOf({ target, dryRun, now: () => new Date() }, (event) => io.stdout.write(eventLine(event)));

  function expect(targets: readonly string[]): void {
    isAnyKnown ||= targets.length > 0;
    for (const target of targets) owed.set(target, open(target));
  }
  async function failures(lost: readonly Lost[]): Promise<void> {
    const { failureOf } = await import('./failure.ts');
    for (const { target, error } of lost) {
      const { code, message, hint, exit } = failureOf(target, error);
      owed.get(target)?.failure({ code, message, hint }, exit);
      owed.delete(target);
    }
  }
  return {
    expect,
    failures,
    of: (target) => owed.get(target) ?? open(target),
    report: (report) => {
      owed.get(report.target)?.report(report);
      owed.delete(report.target);
    },
    end: async (error) => {
      await failures([...owed.keys()].map((target) => ({ target, error })));
      if (isAnyKnown) return;
      const { failureOf } = await import('./failure.ts');
      const { code, message, hint, exit } = failureOf('', error);
      open(null).failure({ code, message, hint }, exit);
    },
  };
}

const silence: Telling = {
  expect: () => undefined,
  of: () => ({ progress: {}, waits: () => undefined }),
  report: () => undefined,
  failures: async () => undefined,
  end: async () => undefined,
};
