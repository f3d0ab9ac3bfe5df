import type { Option } from '../command.ts';
import { type CommandRow, commands, rowNamed } from '../commands/table.ts';
import { dashed, globalOptions, optionsOf } from '../options.ts';

/** What the word under the cursor may be. */
export type Wanted =
  | { readonly what: 'command' }
  | { readonly what: 'option'; readonly options: readonly Option[] }
  | { readonly what: 'value'; readonly option: Option; readonly command: CommandRow | undefined }
  /** `before`: those that stand there already. */
  | { readonly what: 'positional'; readonly command: CommandRow; readonly before: readonly string[] }
  | { readonly what: 'nothing' };

export interface Line {
  readonly wanted: Wanted;
  /** What is typed of it. */
  readonly typed: string;
  /** What stands before it in the same word, as `--format=`. */
  readonly lead: string;
  /** Values that stand on the line already, by option. */
  readonly given: ReadonlyMap<string, readonly string[]>;
}

/** Reads a line that is still being written: `words` after the name of the program, up to the one under the cursor. */
export function readLine(words: readonly string[]): Line {
  const [typed = '', ...before] = joined(words).toReversed();
  const given = new Map<string, string[]>();
  const bare: string[] = [];
  let open: Option | undefined;
  for (const word of before.toReversed()) {
    const isOption = word.startsWith('-') && word !== '-';
    if (open !== undefined && !(isOption && open.values !== undefined)) {
      given.set(open.name, [...(given.get(open.name) ?? []), word]);
      open = undefined;
      continue;
    }
    open = undefined;
    if (!isOption) {
      bare.push(word);
      continue;
    }
    const [name = '', value] = splitAt(word);
    const option = optionNamed(name);
    given.set(name, [...(given.get(name) ?? []), ...(value === undefined ? [] : [value])]);
    if (option !== undefined && option.type !== 'flag' && value === undefined) open = option;
  }
  return { given, ...last(typed, open, bare, given) };
}

/** Bash takes `--format=json` for three words. */
function joined(words: readonly string[]): readonly string[] {
  const whole: string[] = [];
  for (const word of words) {
    const before = whole.at(-1);
    const isRest = before !== undefined && /^--[\w-]+=$/.test(before);
    if (before !== undefined && ((word === '=' && /^--[\w-]+$/.test(before)) || isRest))
      whole[whole.length - 1] += word;
    else whole.push(word);
  }
  return whole;
}

/** `--format=json`, `--format` or `-C`: the name, and the value where there is one. */
function splitAt(word: string): readonly [name: string, value?: string] {
  const [, name = '', value] = /^--?([^=]*)(?:=(.*))?$/s.exec(word) ?? [];
  return value === undefined ? [name] : [name, value];
}

/** An option means the same wherever it is accepted. */
function optionNamed(name: string): Option | undefined {
  const all: readonly Option[] = [...globalOptions, ...commands.flatMap((command) => command.options)];
  return all.find((one) => one.name === name);
}

function last(
  typed: string,
  open: Option | undefined,
  [name, ...positionals]: readonly string[],
  given: ReadonlyMap<string, readonly string[]>,
): Omit<Line, 'given'> {
  const isHelp = name === 'help';
  const command = rowNamed(name ?? '');
  if (open !== undefined && !(open.values !== undefined && typed.startsWith('-')))
    return { wanted: { what: 'value', option: open, command }, typed, lead: '' };
  const [option = '', value] = typed.startsWith('--') ? splitAt(typed) : [];
  const named = value === undefined ? undefined : optionNamed(option);
  if (value !== undefined)
    return {
      wanted: named === undefined ? { what: 'nothing' } : { what: 'value', option: named, command },
      typed: value,
      lead: `${dashed(option)}=`,
    };
  if (typed.startsWith('-')) {
    const known = command === undefined ? globalOptions : optionsOf(command);
    const options = known.filter((one: Option) => one.repeatable === true || !given.has(one.name));
    return { wanted: { what: 'option', options }, typed, lead: '' };
  }
  if (name === undefined || (isHelp && positionals.length === 0))
    return { wanted: { what: 'command' }, typed, lead: '' };
  const isFull = command === undefined || positionals.length >= command.positionals.max;
  return {
    wanted: isFull ? { what: 'nothing' } : { what: 'positional', command, before: positionals },
    typed,
    lead: '',
  };
}
