/** One option as the user writes it. `flag` takes no value, `count` a whole number from 0, `text` anything. */
export interface Option {
  /** Without dashes; a single letter is written with one dash. */
  readonly name: string;
  readonly type: 'flag' | 'text' | 'count';
  /** What help calls the value: `FILE`. */
  readonly value?: string;
  /** What the value may be. The first one is meant where the option stands without a value. */
  readonly values?: readonly [string, ...string[]];
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
  /** What helps whoever leaves out an argument that is needed, beside how it is written. */
  readonly without?: string;
  /** How help writes the positional arguments, for example `[PLANFILE]`; empty where there are none. */
  readonly usage: string;
  readonly positionals: { readonly min: number; readonly max: number };
  /** Accepted by `--format`; the first is the default. */
  readonly formats: readonly [string, ...string[]];
  readonly options: readonly Option[];
  /** Command lines with what they do. */
  readonly examples: readonly (readonly [line: string, does: string])[];
}
