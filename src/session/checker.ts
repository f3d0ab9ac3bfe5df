import { on } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { FileFinding } from '../engine/validate/one-file.ts';
import type { ValidateOptions } from '../engine/validate/validate.ts';
import type { Project } from '../model/project.ts';

/** What a thread is to judge. */
export interface CheckJob {
  readonly project: Project;
  /** Names of the targets that were asked for. */
  readonly targets: readonly string[];
  readonly files: readonly string[];
}

/** So many files make a message. */
export const filesAtATime = 50;

/** What is judged is posted and let go of: more room for what is new, in MB, makes the process larger and no faster. */
const youngest = 16;

/** A program that judges files, in a thread. */
export interface CheckerProgram {
  readonly file: URL;
  /** Fewer files are judged without it. Default: `fewest`. */
  readonly fewest?: number;
}

/** What a thread takes to begin, and to hand over what it finds, is more than it saves at fewer files. */
const fewest = 2000;

/**
 * Judges files in a thread beside this one, where the machine has room for it; undefined where there is no such program. A thread that
 * fails leaves the files that it has not judged to whoever asked.
 */
export function checkerAt(
  program: CheckerProgram | undefined,
  { project, targets }: Omit<CheckJob, 'files'>,
): ValidateOptions['elsewhere'] {
  if (program === undefined || availableParallelism() < 2) return undefined;
  return async function* judged(files) {
    if (files.length < (program.fewest ?? fewest)) return;
    const workerData: CheckJob = { project, targets, files };
    const worker = new Worker(program.file, { workerData, resourceLimits: { maxYoungGenerationSizeMb: youngest } });
    try {
      for await (const [message] of on(worker, 'message', { close: ['exit'] }))
        yield JSON.parse(message) as readonly FileFinding[];
    } catch {
      // Whatever ends it early: the files that are left are judged by who asked.
    } finally {
      await worker.terminate();
    }
  };
}
