import type { ExitCode } from '../model/errors.ts';
import type { CommandName, CommandRow } from './commands/table.ts';
import type { Io } from './io.ts';
import type { globalOptions } from './options.ts';
import type { Vault } from './redact.ts';

/**
 * The values of options, read by name. One that was not given is `false`, `undefined` or an empty list. Functions, not methods:
 * only then does the compiler refuse a command that lacks an option to a function that reads it.
 */
interface Reader<Flag extends string, Text extends string, Repeatable extends string, Count extends string> {
  readonly flag: (name: Flag) => boolean;
  readonly text: (name: Text) => string | undefined;
  readonly texts: (name: Text | Repeatable) => readonly string[];
  readonly count: (name: Count) => number | undefined;
  /** Does the command line have it at all? */
  readonly given: (name: Flag | Text | Repeatable | Count) => boolean;
}

/** What parsing gives: it answers to any name, so it serves every command. */
export type AnyOptions = Reader<string, string, string, string>;

type GlobalOption = (typeof globalOptions)[number];
type AnyOption = GlobalOption | CommandRow['options'][number];

/** The name of an option of any command. An option means the same wherever it is accepted. */
export type OptionName = AnyOption['name'];

type FlagOf<Name> = Extract<AnyOption, { readonly name: Name; readonly type: 'flag' }>['name'];
type CountOf<Name> = Extract<AnyOption, { readonly name: Name; readonly type: 'count' }>['name'];
type RepeatableOf<Name> = Extract<AnyOption, { readonly name: Name; readonly repeatable: true }>['name'];
type TextOf<Name> = Exclude<
  Extract<AnyOption, { readonly name: Name; readonly type: 'text' }>['name'],
  RepeatableOf<Name>
>;

/** Options by name: those of every command, and `Own`. */
type Options<Own extends OptionName, Name = Own | GlobalOption['name']> = Reader<
  FlagOf<Name>,
  TextOf<Name>,
  RepeatableOf<Name>,
  CountOf<Name>
>;

/** One command line, understood. By the options themselves, not by their names: so the compiler sees who may stand for whom. */
interface Understood<Own, Format> {
  readonly io: Io;
  /** Tell it every secret before it is used. */
  readonly vault: Vault;
  readonly options: Own;
  readonly positionals: readonly string[];
  readonly format: Format;
  /** Working directory after `-C`. */
  readonly directory: string;
  /** May results on stdout be coloured? */
  readonly colour: boolean;
}

/** What a function takes that reads the options `Own` beside those of every command: any command that has them may call it. */
export type Invocation<Own extends OptionName = never, Format extends string = string> = Understood<
  Options<Own>,
  Format
>;

type OptionNames = { readonly [Row in CommandRow as Row['name']]: Row['options'][number]['name'] };
type Formats = { readonly [Row in CommandRow as Row['name']]: Row['formats'][number] };

/** What `--format` may be at a command. */
export type FormatOf<Name extends CommandName> = Formats[Name];

/** How each format of a command is written: none is missing, none is too many. */
export type Renderers<Name extends CommandName, Value, About = void> = Readonly<
  Record<FormatOf<Name>, (value: Value, about: About) => string>
>;

/** What running a command needs of its row; of several, one of their rows. */
export type RowOf<Name extends CommandName> = {
  readonly [One in Name]: {
    readonly name: One;
    readonly formats: readonly [FormatOf<One>, ...FormatOf<One>[]];
  };
}[Name];

/** What a command gets. */
export type InvocationOf<Name extends CommandName> = Invocation<OptionNames[Name], FormatOf<Name>>;

/** A command's handler: options in, exit code out. Known failures are thrown as SynclineError. */
export type Execute<Name extends CommandName> = (invocation: InvocationOf<Name>) => Promise<ExitCode>;
