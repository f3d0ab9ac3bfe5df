import type { ExitCode } from './errors.ts';

/** A target for which a command could not do its work, and why. */
export interface FailedTarget {
  readonly target: string;
  /** What the command would end with if this were its only target. */
  readonly exit: ExitCode;
  readonly code: string;
  readonly message: string;
}

/** As people are told of it: with what helps. */
export interface ToldFailure extends FailedTarget {
  readonly hint: string;
}

/** What plans and reports of several targets end with. */
export interface Ending {
  /** The exit code of the command that made them. */
  readonly exit: ExitCode;
  readonly failed: readonly FailedTarget[];
}

/** As JSON says it, without what is for people. */
export function bareEnding({ exit, failed }: Ending): Ending {
  return { exit, failed: failed.map(({ target, exit, code, message }) => ({ target, exit, code, message })) };
}
