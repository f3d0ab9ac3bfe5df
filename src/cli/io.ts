import type { DriftReport } from '../model/drift.ts';
import type { ToldFailure } from '../model/failed.ts';
import type { ApplyReport } from '../model/outcome.ts';
import type { PlanFile } from '../model/plan.ts';
import type { PullReport } from '../model/pull.ts';
import type { ToldEnd } from '../model/retirement.ts';
import type { DiagnosticReport } from '../render/diagnostics/report.ts';
import type { CheckerProgram } from '../session/checker.ts';
import type { CachePlace } from '../session/finding-cache.ts';

/** Where text goes: `process.stdout`, or a list in a test. */
export interface Sink {
  readonly isTTY?: boolean | undefined;
  /** How wide a terminal is. */
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

/** What commands print, before it becomes text. */
export interface Told {
  readonly validate: DiagnosticReport;
  readonly plan: { readonly file: PlanFile; readonly failed: readonly ToldFailure[] };
  readonly apply: { readonly reports: readonly ApplyReport[]; readonly failed: readonly ToldFailure[] };
  readonly drift: {
    readonly reports: readonly DriftReport[];
    readonly failed: readonly ToldFailure[];
    readonly calendar: readonly ToldEnd[];
  };
  readonly pull: { readonly reports: readonly PullReport[]; readonly failed: readonly ToldFailure[] };
}

/** Everything a command may know or touch of the world around it. Nothing below `main.ts` reaches for `process`. */
export interface Io {
  /** Results. */
  readonly stdout: Sink;
  /** Progress, warnings and errors. */
  readonly stderr: Sink;
  /** Read only to ask a question, and only where it is a terminal. */
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean | undefined };
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute path that relative paths start from. */
  readonly cwd: string;
  /** Checks manifests in a thread of its own; where there is none, they are checked in this one. */
  readonly checker?: CheckerProgram | undefined;
  /** Where `validate` may keep what it has found, for the next time; where there is no such place, it finds it again. */
  readonly cache?: (() => CachePlace | undefined) | undefined;
  /** Default: the system's clock. */
  readonly now?: (() => Date) | undefined;
  /** Waits that many milliseconds, or until the signal aborts. Default: in real time. */
  readonly sleep?: ((milliseconds: number, signal?: AbortSignal) => Promise<void>) | undefined;
  /** Told once something was, or may have been, changed at a service. */
  readonly changed?: (() => void) | undefined;
  /** Told of each result that is printed, for whoever renders it once more. */
  readonly told?: ((result: Partial<Told>) => void) | undefined;
  /** Told of each failure that is said on stderr, as it was thrown. */
  readonly failed?: ((error: unknown) => void) | undefined;
  /** Aborts at the first Ctrl-C: finish what is in flight, begin nothing. */
  readonly signal: AbortSignal;
}
