import type { ToldFailure } from '../../model/failed.ts';
import { type StatusReport, type Thing, type ThingState, thingStates } from '../../model/status.ts';
import { forTerminal } from '../escape.ts';
import { failedText } from '../failed.ts';
import { partWords } from '../part.ts';
import { cut } from '../plan/value.ts';
import { place } from '../plan/words.ts';
import { type Style, style } from '../style.ts';
import { detailsText } from './details.ts';
import { marksOf, stateWords, statusCounts } from './words.ts';

/** Rows of one state that a terminal shows; the others are counted. What goes into a pipe or a file is whole. */
const mostRows = 100;
/** Cells wider than this do not widen their column. */
const widest = 48;
/** Characters of a label. */
const labelLimit = 60;

export interface StatusTextOptions {
  readonly colour: boolean;
  readonly failed: readonly ToldFailure[];
  /** Columns of the terminal; undefined where it is none: then each thing has one line, and all are shown. */
  readonly width: number | undefined;
}

/** The state of targets as a person reads it in a terminal: targets that failed, then of each a headline and a table by state. */
export function statusText(reports: readonly StatusReport[], { colour, failed, width }: StatusTextOptions): string {
  const paint = style(colour);
  const lost = failedText(failed, paint);
  const sections = reports.map((report) => section(report, paint, width));
  return `${[...(lost === '' ? [] : [lost.trimEnd()]), ...sections].join('\n\n')}\n`;
}

function section(report: StatusReport, paint: Style, width: number | undefined): string {
  const { target, things, selection, notes } = report;
  const part = partWords(selection);
  const full = things.filter((one) => one.details !== undefined);
  const tables =
    full.length > 0
      ? full.map((one) => (one.details === undefined ? '' : detailsText(one, one.details, paint)))
      : thingStates.flatMap((state) => table(state, things, paint, width));
  const head = [
    `${paint.bold(`Target ${forTerminal(target)}`)}: ${forTerminal(statusCounts(report))}.`,
    ...(part === '' ? [] : [`  ${paint.yellow(forTerminal(part))}`]),
    ...notes.map((note) => `  ${forTerminal(note)}`),
  ].join('\n');
  return [head, ...tables].join('\n\n');
}

function table(state: ThingState, all: readonly Thing[], paint: Style, width: number | undefined): readonly string[] {
  const things = all.filter((one) => one.state === state);
  if (things.length === 0) return [];
  // What needs somebody must not be among those that are only counted.
  const needy = things.filter(isNeedy);
  const shown = width === undefined ? things.length : mostRows;
  const rows = [...needy, ...things.filter((one) => !isNeedy(one))].slice(0, shown).map(cellsOf);
  const widths = [0, 1].map((column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0).filter((length) => length <= widest), 0),
  );
  const more = things.length - rows.length;
  const rest =
    more > 0 ? [`    … and ${more} more; \`--only GLOB\` shows fewer, \`syncline status | less\` all of them`] : [];
  const lines = rows.map((row, index) => line(row, widths, index < needy.length ? paint.red : plain, paint, width));
  return [[`  ${paint.bold(stateWords[state])} (${things.length})`, ...lines, ...rest].join('\n')];
}

function isNeedy({ health, gone }: Thing): boolean {
  return health === 'failing' || gone;
}

function plain(text: string): string {
  return text;
}

type Cells = readonly [name: string, id: string, marks: string, place: string, url: string];

function cellsOf(thing: Thing): Cells {
  const { address, noun, id, label, origin, url } = thing;
  const called = label === null ? 'without a label' : cut(JSON.stringify(label), labelLimit);
  const cells = [address ?? `${noun} ${id}`, address === null ? called : (id ?? '')] as const;
  return [
    forTerminal(cells[0]),
    forTerminal(cells[1]),
    forTerminal(marksOf(thing).join(', ')),
    forTerminal(place(origin)),
    forTerminal(url ?? ''),
  ];
}

/** One line, or where the terminal is too narrow for it, what is there to be clicked on a line of its own. */
function line(
  [name, id, marks, file, url]: Cells,
  [first = 0, second = 0]: readonly number[],
  grave: (text: string) => string,
  paint: Style,
  width: number | undefined,
): string {
  const front = `    ${name.padEnd(first)}  ${id.padEnd(second)}`;
  const links = [file, url].filter((one) => one !== '').join('  ');
  const isNarrow = width !== undefined && [front, marks, links].join('  ').length > width;
  const start = [front, ...(marks === '' ? [] : [grave(marks)])].join('  ');
  if (links === '') return start.trimEnd();
  return isNarrow ? `${start.trimEnd()}\n      ${paint.dim(links)}` : `${start}  ${paint.dim(links)}`;
}
