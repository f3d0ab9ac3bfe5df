import { type Reported, readReported } from '../engine/report-file.ts';
import { Exit, SynclineError } from '../model/errors.ts';
import { pathFrom, readIfThere } from './files.ts';
import type { Invocation } from './invocation.ts';
import type { Lost } from './several.ts';

/** A file of another job. */
export type NamedReport = Reported & { readonly name: string };

/** What files hold, and why the others say nothing; files are named as targets are, because nobody knows of which targets they are. */
export interface FoundReports {
  readonly found: readonly NamedReport[];
  readonly lost: readonly Lost[];
}

/** Reads the files of other jobs. One that is missing, or is no report, hides no other. `expected`: how many there must be. */
export function readReports(
  names: readonly string[],
  expected: number | undefined,
  invocation: Invocation,
): FoundReports {
  const found: NamedReport[] = [];
  const lost: Lost[] = [];
  for (const name of names) {
    try {
      const text = readIfThere(pathFrom(invocation, name));
      if (text === undefined) throw missing(`There is no file ${name}.`);
      found.push({ ...readReported(text, name), name });
    } catch (error) {
      if (!(error instanceof SynclineError)) throw error;
      lost.push({ target: name, error });
    }
  }
  for (let index = names.length; index < (expected ?? 0); index += 1) {
    const error = missing(`Of ${expected} reports only ${names.length} ${names.length === 1 ? 'is' : 'are'} given.`);
    lost.push({ target: `report ${index + 1} of ${expected}`, error });
  }
  return { found, lost };
}

function missing(message: string): SynclineError {
  const hint = 'Look at the job that should have written it: it may have failed before.';
  return new SynclineError('missing-report', message, hint, Exit.failed);
}
