import type { Command, Option } from './command.ts';
import { dashed, globalOptions } from './options.ts';

/** `syncline --help`: what there is. */
export function overview(commands: readonly Command[]): string {
  return sections([
    ['', ['Syncline: reverse-ETL syncs as YAML in Git. Validated, planned, dry-run and applied.']],
    ['Usage', ['  syncline COMMAND [options]']],
    ['Commands', table(commands.map((one) => [one.name, one.summary]))],
    ['Options of every command', table(globalOptions.map(row))],
    [
      'Exit codes',
      table([
        ['0', 'done, or nothing to do'],
        ['1', 'the API, the network or Syncline failed; nothing was written'],
        ['2', 'changes exist: plan --exit-code, drift; scan found something'],
        ['3', 'invalid input: usage, project file, manifests, plan file'],
        [
          '4',
          'refused, nothing written: a guard, a stale plan, another workspace, a held lock, a ledger that cannot be read or written, missing approval; also an apply, dry run or undo that did all it could while something stays blocked',
        ],
        ['5', 'partly applied: some changes were, or may have been, written'],
      ]),
    ],
    ['', ['`syncline COMMAND --help` says more about one command. `syncline demo` shows them at work.']],
  ]);
}

/** `syncline NAME --help`. */
export function helpFor(command: Command): string {
  const usage = ['syncline', command.name, command.usage, '[options]'].filter((part) => part !== '').join(' ');
  const examples = command.examples.flatMap(([line, does]) => [`  ${line}`, `      ${does}`]);
  const general = globalOptions.map((option) => (option.name === 'format' ? withFormats(option, command) : option));
  return sections([
    ['', [`${command.summary}.`, ...wrap(command.detail, lineWidth)]],
    ['Usage', [`  ${usage}`]],
    ['Options', table(command.options.map(row))],
    ['Options of every command', table(general.map(row))],
    ['Examples', examples],
  ]);
}

const lineWidth = 100;

function withFormats(option: Option, command: Command): Option {
  const [first, ...others] = command.formats;
  const summary = others.length === 0 ? `${option.summary}: ${first}` : `${first} (default), ${others.join(', ')}`;
  return { ...option, summary };
}

function row(option: Option): readonly [string, string] {
  const short = option.name === 'help' ? '-h, ' : '';
  return [`${short}${dashed(option.name)}${option.value === undefined ? '' : ` ${option.value}`}`, option.summary];
}

/** Two columns; the second is wrapped beside the first. */
function table(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length)) + 4;
  return rows.flatMap(([left, right]) =>
    wrap(right, lineWidth - width).map((line, index) => `${(index === 0 ? `  ${left}` : '').padEnd(width)}${line}`),
  );
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').filter((one) => one !== '')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  if (line !== '') lines.push(line);
  return lines;
}

/** Sections with a title and without, parted by empty lines; what is empty is left out. */
function sections(parts: readonly (readonly [title: string, lines: readonly string[]])[]): string {
  const filled = parts.filter(([, lines]) => lines.length > 0);
  return `${filled.map(([title, lines]) => [...(title === '' ? [] : [`${title}:`]), ...lines].join('\n')).join('\n\n')}\n`;
}
