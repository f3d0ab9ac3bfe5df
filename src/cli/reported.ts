import { existsSync } from 'node:fs';
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

/** What a command line names: files, there or not, and globs that no file matches, which a shell leaves as they are. */
export interface NamedFiles {
  readonly files: readonly string[];
  readonly globs: readonly string[];
}

/** The names, each once, and whether they are those of files. */
export function filesNamed(names: readonly string[], invocation: Invocation): NamedFiles {
  const all = [...new Set(names)];
  const isGlob = (name: string) => /[*?[]/.test(name) && !existsSync(pathFrom(invocation, name));
  return { files: all.filter((name) => !isGlob(name)), globs: all.filter(isGlob) };
}

/** Reads the files of other jobs. One that is missing, or is no report, hides no other. `expected`: how many there must be. */
export function readReports(
  { files, globs }: NamedFiles,
  expected: number | undefined,
  invocation: Invocation,
): FoundReports {
  const found: NamedReport[] = [];
  const lost: Lost[] = [];
  for (const name of files) {
    try {
      const text = readIfThere(pathFrom(invocation, name));
      if (text === undefined) throw missing(`There is no file ${name}.`, ofOne);
      found.push({ ...readReported(text, name), name });
    } catch (error) {
      if (!(error instanceof SynclineError)) throw error;
      lost.push({ target: name, error });
    }
  }
  return { found, lost: [...lost, ...lacking(files.length, globs, expected)] };
}

/** Reports that no file stands for. A glob without a match stands for all of them: how many are its own is not known. */
function lacking(given: number, globs: readonly string[], expected: number | undefined): readonly Lost[] {
  if (expected !== undefined && given >= expected) return [];
  const are = given === 0 ? 'none is' : given === 1 ? '1 is' : `${given} are`;
  const count = expected === undefined ? '' : `: of ${expected} reports ${are} given`;
  if (globs.length > 0 || expected === undefined)
    return globs.map((glob) => ({ target: glob, error: missing(`No file matches "${glob}"${count}.`, ofGlob) }));
  const error = missing(`Of ${expected} reports only ${given} ${given === 1 ? 'is' : 'are'} given.`, ofOne);
  return Array.from({ length: expected - given }, (_, index) => {
    return { target: `report ${given + index + 1} of ${expected}`, error };
  });
}

const ofOne = 'Look at the job that should have written it: it may have failed before.';
const ofGlob =
  'Look at the jobs that should have written them: they may have failed before. A shell wants a glob without quotes.';

function missing(message: string, hint: string): SynclineError {
  return new SynclineError('missing-report', message, hint, Exit.failed);
}
