import { getInput, setOutput, setSecret, summary } from '@actions/core';
import type { Io } from '../cli/io.ts';
import { guarded, openVault } from '../cli/redact.ts';
import { forWorkflow } from '../render/escape.ts';
import { within } from './within.ts';

/** What GitHub's runner gives an action, and what it takes from it. */
export interface Runner {
  readonly io: Io;
  /** The trimmed text of an input; empty where it is not given. */
  input(name: string): string;
  output(name: string, value: string): void;
  /** From now on this is `***` in the log of the job, and in whatever else leaves this step. */
  secret(value: string): void;
  redact(text: string): string;
  /** Adds to what the page of the job shows. */
  summary(markdown: string): Promise<void>;
  /** A line of the log: workflow commands among them become annotations. */
  log(text: string): void;
}

/** GitHub shows no more than a mebibyte for each step, and nothing at all of what is longer. */
const most = 900_000;

/** The runner that started this process. */
export function openRunner(world: Io): Runner {
  const vault = openVault();
  const io = guarded(world, vault);
  return {
    io,
    input: (name) => getInput(name),
    output: setOutput,
    secret: (value) => {
      if (value === '') return;
      vault.keep(value);
      setSecret(value);
    },
    redact: vault.redact,
    summary: async (markdown) => {
      // Where there is no such file, as on an old server, what it would say is in the log.
      if ((io.env.GITHUB_STEP_SUMMARY ?? '') === '') return;
      try {
        await summary.addRaw(within(vault.redact(markdown), most), true).write();
      } catch (error) {
        // What a step has done is done, whoever can read of it.
        const why = error instanceof Error ? error.message : String(error);
        io.stdout.write(`::warning title=Syncline::${forWorkflow(`There is no summary: ${why}`)}\n`);
      }
    },
    log: (text) => io.stdout.write(text),
  };
}
