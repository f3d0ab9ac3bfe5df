import type { Diagnostic } from './diagnostic.ts';

/** Exit codes of every command; the one table is in the README. */
export const Exit = { ok: 0, failed: 1, changes: 2, invalid: 3, refused: 4, partial: 5 } as const;
export type ExitCode = (typeof Exit)[keyof typeof Exit];

/** A known way to end: said once, in one fact and one help line, with an exit code. Never shows a stack. */
export class SynclineError extends Error {
  readonly code: string;
  readonly hint: string;
  readonly exit: ExitCode;

  constructor(code: string, message: string, hint: string, exit: ExitCode, options?: ErrorOptions) {
    super(message, options);
    this.name = 'SynclineError';
    this.code = code;
    this.hint = hint;
    this.exit = exit;
  }
}

/** Problems in the user's files; every one of them is in `diagnostics`, whose files are seen from `root`. */
export class InvalidInput extends SynclineError {
  readonly diagnostics: readonly Diagnostic[];
  readonly root: string;

  constructor(diagnostics: readonly Diagnostic[], root: string) {
    const count = diagnostics.filter((one) => one.severity === 'error').length;
    super(
      'invalid-input',
      `${count} problem${count === 1 ? '' : 's'} in the project's files.`,
      'Fix them and run again.',
      Exit.invalid,
    );
    this.name = 'InvalidInput';
    this.diagnostics = diagnostics;
    this.root = root;
  }
}

/**
 * What became of a request that did not simply succeed.
 * `refused`: the server answered and did nothing (4xx). `unsent`: nothing reached the server.
 * `unknown`: it may or may not have been carried out (lost answer, timeout, 5xx, unreadable answer).
 */
export type Fate = 'refused' | 'unsent' | 'unknown';

/** A check that was only to validate has made a sync. */
export class CheckWroteError extends SynclineError {
  constructor(id: string, message: string) {
    const hint = `Delete the sync ${id} by hand; this service cannot be asked to validate only.`;
    super('check-wrote', message, hint, Exit.partial);
    this.name = 'CheckWroteError';
  }
}

type Doubt = 'key' | 'trust';

interface ProviderFacts {
  readonly method: string;
  readonly path: string;
  readonly status: number | undefined;
  readonly serverMessage: string | undefined;
  readonly fate: Fate;
  readonly doubt?: Doubt | undefined;
}

/** A request that failed. The message has method, path, status and the service's own words; secrets are redacted. */
export class ProviderError extends Error {
  readonly method: string;
  readonly path: string;
  /** HTTP status, or undefined where no answer came. */
  readonly status: number | undefined;
  /** The service's own message, verbatim; undefined where it gave none. */
  readonly serverMessage: string | undefined;
  readonly fate: Fate;
  /** What may be wrong on this side, beside what the message says: `key` where the service answers a wrong key so, `trust` a certificate. */
  readonly doubt: Doubt | undefined;

  constructor(message: string, facts: ProviderFacts, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ProviderError';
    this.method = facts.method;
    this.path = facts.path;
    this.status = facts.status;
    this.serverMessage = facts.serverMessage;
    this.fate = facts.fate;
    this.doubt = facts.doubt;
  }
}
