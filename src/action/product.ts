import type { Io, Sink, Told } from '../cli/io.ts';
import { run } from '../cli/run.ts';
import type { ExitCode } from '../model/errors.ts';

/** What one command line has come to. */
export interface Done {
  readonly code: ExitCode;
  readonly told: Partial<Told>;
  /** Everything that went wrong, as it was thrown. */
  readonly failures: readonly unknown[];
  /** What it said on stderr: warnings and errors, in words for people. */
  readonly said: string;
}

/** Runs the product as the command line does, in this process: what it prints is in the log of the job. */
export async function perform(argv: readonly string[], io: Io): Promise<Done> {
  const told: Partial<Told> = {};
  const failures: unknown[] = [];
  let said = '';
  const stderr: Sink = {
    isTTY: false,
    write: (words) => {
      said += words;
      return io.stderr.write(words);
    },
  };
  const code = await run([...argv, '--no-color'], {
    stdout: io.stdout,
    stderr,
    get stdin() {
      return io.stdin;
    },
    env: io.env,
    cwd: io.cwd,
    now: io.now,
    sleep: io.sleep,
    signal: io.signal,
    changed: io.changed,
    failed: (error) => failures.push(error),
    told: (result) => Object.assign(told, result),
  });
  return { code, told, failures, said };
}
