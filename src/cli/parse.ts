// Before the parser, which asks for the working directory as it is loaded.
import './working-directory.ts';

import yargs from 'yargs';
import { closest } from '../core/suggest.ts';
import { Exit, SynclineError } from '../model/errors.ts';
import type { Command, Option } from './command.ts';
import { type CommandRow, commands, rowNamed } from './commands/table.ts';
import type { AnyOptions } from './invocation.ts';
import { dashed, globalOptions, optionsOf } from './options.ts';

/** What a command line asks for, before anything is done about it. */
export type Request =
  | { readonly ask: 'help'; readonly command: Command | undefined }
  | { readonly ask: 'nothing' }
  | { readonly ask: 'version' }
  | {
      readonly ask: 'run';
      readonly command: CommandRow;
      readonly options: AnyOptions;
      readonly positionals: readonly string[];
    };

/** Every option of every command, once: an option means the same wherever it is accepted. */
const known: ReadonlyMap<string, Option> = new Map(
  [...globalOptions, ...commands.flatMap((command) => command.options)].map((option) => [option.name, option]),
);

/** Understands a command line or throws a SynclineError (exit 3) that says what is wrong with it. */
export function parse(argv: readonly string[]): Request {
  const { words, given } = read(argv);
  const [name, ...positionals] = words;
  const helpWanted = given.has('help') || name === 'help';
  if (name === undefined || (name === 'help' && positionals.length === 0)) {
    if (given.has('version')) return { ask: 'version' };
    checkOptions(given, globalOptions, undefined);
    return helpWanted ? { ask: 'help', command: undefined } : { ask: 'nothing' };
  }
  const command = commandNamed(name === 'help' ? (positionals[0] ?? '') : name);
  if (helpWanted) return { ask: 'help', command };
  checkOptions(given, optionsOf(command), command);
  if (given.has('version')) return { ask: 'version' };
  checkPositionals(command, positionals);
  return { ask: 'run', command, options: optionsFrom(given), positionals };
}

/** The parser itself. Commands are words here: an option may stand before or after them and mean the same. */
function read(argv: readonly string[]): { words: readonly string[]; given: ReadonlyMap<string, readonly unknown[]> } {
  const options = [...known.values()];
  const named = (...types: Option['type'][]) =>
    options.filter((one) => types.includes(one.type)).map((one) => one.name);
  // Its own help would forget our options of the same names if it were switched off later.
  const parsed = yargs()
    .help(false)
    .version(false)
    .parserConfiguration({
      'boolean-negation': false,
      'camel-case-expansion': false,
      'dot-notation': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
      'short-option-groups': false,
      'strip-aliased': true,
    })
    .alias('help', 'h')
    .boolean(named('flag'))
    .string(named('text', 'count'))
    .string('_')
    .locale('en')
    .exitProcess(false)
    .parseSync(withDefaults(argv));
  const { _: words, $0: _script, ...rest } = parsed;
  const given = Object.entries(rest).map(([key, value]) => [key, Array.isArray(value) ? value : [value]] as const);
  return { words: words.map(String), given: new Map(given) };
}

/**
 * A command line in which no option stands without its value. What follows an option that may stand alone is its value, unless it is
 * another option or the name of a command.
 */
function withDefaults(argv: readonly string[]): readonly string[] {
  return argv.map((word, index) => {
    const [value] = (word.startsWith('--') ? known.get(word.slice(2))?.values : undefined) ?? [];
    const next = argv[index + 1];
    const alone = next === undefined || next.startsWith('-') || rowNamed(next) !== undefined;
    return value !== undefined && alone ? `${word}=${value}` : word;
  });
}

function commandNamed(name: string): CommandRow {
  const command = rowNamed(name);
  if (command !== undefined) return command;
  const near = closest(
    name,
    commands.map((one) => one.name),
  );
  const hint = near === undefined ? '`syncline --help` lists the commands.' : `Did you mean \`${near}\`?`;
  throw usage(`There is no command "${name}".`, hint);
}

function checkOptions(
  given: ReadonlyMap<string, readonly unknown[]>,
  allowed: readonly Option[],
  command: Command | undefined,
): void {
  for (const [name, values] of given) {
    const option = allowed.find((one) => one.name === name);
    if (option === undefined) throw unknownOption(name, allowed, command);
    checkValues(option, values);
    if (name === 'format' && command !== undefined) checkFormat(String(values[0]), command);
  }
}

function unknownOption(name: string, allowed: readonly Option[], command: Command | undefined): SynclineError {
  const of = command === undefined ? '' : ` of \`${command.name}\``;
  const help = `\`syncline ${command === undefined ? '' : `${command.name} `}--help\` lists the options.`;
  const elsewhere = commands.filter((one) => one.options.some((option) => option.name === name)).map((one) => one.name);
  if (elsewhere.length > 0) {
    const where = elsewhere.map((one) => `\`${one}\``).join(', ');
    return usage(
      `${dashed(name)} is not an option${of === '' ? ' without a command' : of}.`,
      `It belongs to ${where}.`,
    );
  }
  const near =
    name.length === 1
      ? undefined
      : closest(
          name,
          allowed.map((one) => one.name),
        );
  return usage(`There is no option ${dashed(name)}${of}.`, near === undefined ? help : `Did you mean ${dashed(near)}?`);
}

function checkValues(option: Option, values: readonly unknown[]): void {
  const name = dashed(option.name);
  if (values.length > 1 && option.repeatable === undefined) {
    throw usage(`${name} is given ${values.length} times.`, 'Give it once.');
  }
  if (option.type === 'flag') {
    // The parser reads `--dry-run=yes` as false; a misread flag must not turn a dry run into a real one.
    if (values[0] !== true) throw usage(`${name} takes no value.`, `Write ${name} alone, or leave it out.`);
    return;
  }
  if (values.some((value) => typeof value !== 'string' || value === '')) {
    throw usage(`${name} needs a value.`, `Write ${name} ${option.value ?? 'VALUE'}.`);
  }
  checkValue(option, String(values[0]));
  if (option.type === 'count' && !/^\d{1,9}$/.test(String(values[0]))) {
    throw usage(`${name} needs a whole number, not "${String(values[0])}".`, `Write ${name} ${option.value ?? 'N'}.`);
  }
}

function checkValue({ name, values }: Option, value: string): void {
  if (values === undefined || values.includes(value)) return;
  const near = closest(value, values);
  const hint = near === undefined ? '' : ` Did you mean ${near}?`;
  throw usage(`${dashed(name)} cannot be "${value}".`, `It is ${values.join(', ')}.${hint}`);
}

function checkFormat(format: string, command: Command): void {
  if (command.formats.includes(format)) return;
  const near = closest(format, command.formats);
  const hint = near === undefined ? '' : ` Did you mean ${near}?`;
  throw usage(`\`${command.name}\` has no format "${format}".`, `It has ${command.formats.join(', ')}.${hint}`);
}

function checkPositionals(command: Command, positionals: readonly string[]): void {
  const { min, max } = command.positionals;
  const line = `\`syncline ${command.name}${command.usage === '' ? '' : ` ${command.usage}`}\``;
  const extra = positionals[max];
  if (extra !== undefined) throw usage(`\`${command.name}\` does not take "${extra}".`, `Write ${line}.`);
  if (positionals.length < min) {
    const more = command.without === undefined ? '' : ` ${command.without}`;
    throw usage(`\`${command.name}\` needs more than that.`, `Write ${line}.${more}`);
  }
}

function optionsFrom(given: ReadonlyMap<string, readonly unknown[]>): AnyOptions {
  const texts = (name: string) => (given.get(name) ?? []).map(String);
  const text = (name: string) => texts(name)[0];
  return {
    flag: (name) => given.get(name)?.[0] === true,
    text,
    texts,
    count: (name) => {
      const value = text(name);
      return value === undefined ? undefined : Number(value);
    },
    given: (name) => given.has(name),
  };
}

function usage(message: string, hint: string): SynclineError {
  return new SynclineError('usage', message, hint, Exit.invalid);
}
