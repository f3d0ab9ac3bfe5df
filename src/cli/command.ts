import type { ExitCode } from '../model/errors.ts';
import type { Io } from './io.ts';
import type { Vault } from './redact.ts';

/** One option as the user writes it. `flag` takes no value, `count` a whole number from 0, `text` anything. */
export interface Option {
  /** Without dashes; a single letter is written with one dash. */
  readonly name: string;
  readonly type: 'flag' | 'text' | 'count';
  /** What help calls the value: `FILE`. */
  readonly value?: string;
  readonly summary: string;
  readonly repeatable?: true;
}

/** A row of the command table: all that parsing and help need, so that neither loads the command itself. */
export interface Command {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** What `syncline NAME --help` adds to the summary. */
  readonly detail: string;
  /** How help writes the positional arguments, for example `[PLANFILE]`; empty where there are none. */
  readonly usage: string;
  readonly positionals: { readonly min: number; readonly max: number };
  /** Accepted by `--format`; the first is the default. */
  readonly formats: readonly string[];
  readonly options: readonly Option[];
  /** Command lines with what they do. */
  readonly examples: readonly (readonly [line: string, does: string])[];
  readonly load: () => Promise<{ readonly execute: Execute }>;
}

/** A command's handler: options in, exit code out. Known failures are thrown as SynclineError. */
export type Execute = (invocation: Invocation) => Promise<ExitCode>;

/** Options by name. An option that was not given is `false`, `undefined` or an empty list. */
export interface Options {
  flag(name: string): boolean;
  text(name: string): string | undefined;
  texts(name: string): readonly string[];
  count(name: string): number | undefined;
}

/** One command line, understood. */
export interface Invocation {
  readonly io: Io;
  /** Tell it every secret before it is used. */
  readonly vault: Vault;
  readonly options: Options;
  readonly positionals: readonly string[];
  readonly format: string;
  /** Working directory after `-C`. */
  readonly directory: string;
  /** May results on stdout be coloured? */
  readonly colour: boolean;
}
