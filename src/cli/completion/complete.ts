import { isAbsolute, join, resolve } from 'node:path';
import { serviceFacts } from '../../generated/services.ts';
import type { Option } from '../command.ts';
import { commands } from '../commands/table.ts';
import type { Io } from '../io.ts';
import { dashed } from '../options.ts';
import { type Line, readLine, type Wanted } from './wanted.ts';

/** A word that may stand here, and what it means. */
interface Candidate {
  readonly value: string;
  readonly summary?: string;
}

/** Where the shell itself knows best, this stands in the place of candidates. */
type Answer = readonly Candidate[] | ':file' | ':dir';

/**
 * What may stand under the cursor: a line for each candidate, with its meaning after a tab, or `:file` or `:dir` alone. Reads no more
 * than the project and its manifests. Never throws: whoever presses a key twice wants no errors.
 */
export async function complete(words: readonly string[], io: Io): Promise<string> {
  try {
    const line = readLine(words);
    const answer = await answerTo(line, io);
    if (typeof answer === 'string') return `${answer}\n`;
    const fitting = answer.filter(({ value }) => value.startsWith(line.typed));
    return fitting
      .map(({ value, summary }) => `${line.lead}${value}${summary === undefined ? '' : `\t${summary}`}\n`)
      .join('');
  } catch {
    return '';
  }
}

async function answerTo(line: Line, io: Io): Promise<Answer> {
  const { wanted } = line;
  switch (wanted.what) {
    case 'command':
      return [...commands.map(({ name, summary }) => ({ value: name, summary })), help];
    case 'option':
      return wanted.options.map((one) => ({ value: dashed(one.name), summary: one.summary }));
    case 'value':
      return valuesOf(wanted, line, io);
    case 'positional':
      return positionalOf(wanted, line, io);
    case 'nothing':
      return [];
    default:
      return wanted satisfies never;
  }
}

const help: Candidate = { value: 'help', summary: 'Say more about a command' };

async function valuesOf(
  { option, command }: Extract<Wanted, { readonly what: 'value' }>,
  line: Line,
  io: Io,
): Promise<Answer> {
  const { name, value, values }: Option = option;
  if (values !== undefined) return all(values);
  if (name === 'format') return all(command?.formats ?? []);
  if (name === 'api') return all(serviceFacts.flatMap(({ emulators }) => Object.keys(emulators)));
  if (name === 'target') {
    const taken = line.given.get('target') ?? [];
    const { targetsIn } = await import('./project.ts');
    return all(targetsIn(placeOf(line, io)).filter((one) => !taken.includes(one)));
  }
  return standingFor(value ?? '', line, io);
}

/** What stands at one place of a usage such as `bash|zsh`, `[PATHS...]` or `merge FILES...`. */
async function positionalOf(
  { command, before }: Extract<Wanted, { readonly what: 'positional' }>,
  line: Line,
  io: Io,
): Promise<Answer> {
  const ways = command.usage.replaceAll(/[[\]]/g, '').split(' | ');
  const open = ways.map((way) => way.split(' ')).filter((way) => before.every((word, at) => mayStand(word, way[at])));
  const words = open.flatMap((way) => way[before.length] ?? way.findLast((one) => one.endsWith('...')) ?? []);
  if (words.every(isLiteral)) return all(words.flatMap((word) => word.split('|')));
  return standingFor(words[0]?.replace('...', '') ?? '', line, io);
}

function mayStand(word: string, place: string | undefined): boolean {
  return place === undefined || !isLiteral(place) || place.split('|').includes(word);
}

/** Is it written as it stands, and no placeholder? */
function isLiteral(word: string): boolean {
  return /^[a-z|]+$/.test(word);
}

/** What a placeholder of the help stands for. */
async function standingFor(placeholder: string, line: Line, io: Io): Promise<Answer> {
  switch (placeholder) {
    case 'FILE':
    case 'PLANFILE':
    case 'FILES':
    case 'PATHS':
      return ':file';
    case 'DIR':
      return ':dir';
    case 'GLOB':
    case 'ADDRESS':
      return all((await import('./project.ts')).addressesIn(placeOf(line, io)));
    case 'KIND':
      return all([...serviceFacts.flatMap(({ kinds }) => kinds), 'syncline.yaml']);
    default:
      return [];
  }
}

function all(values: readonly string[]): readonly Candidate[] {
  return values.map((value) => ({ value }));
}

/** Where the project is, as the line says so far. */
function placeOf(
  { given }: Line,
  { cwd, env }: Io,
): { readonly directory: string; readonly config: string | undefined } {
  const [directory = '.'] = given.get('C') ?? [];
  // The shell has not replaced it yet.
  const home = directory.replace(/^~(?=\/|$)/, env.HOME ?? '~');
  return { directory: isAbsolute(home) ? home : resolve(join(cwd, home)), config: given.get('config')?.[0] };
}
