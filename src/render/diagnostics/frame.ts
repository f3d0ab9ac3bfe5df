import type { Diagnostic } from '../../model/diagnostic.ts';
import { forTerminal, visible } from '../escape.ts';
import type { Style } from '../style.ts';
import { isQuotable } from './quotable.ts';
import { type Cell, cells, fitting, textOf, widthOf } from './width.ts';

/** The lines of a file that a diagnostic names; undefined where it cannot be read, or not any more. */
export type Sources = (file: string) => readonly string[] | undefined;

/** Columns of a line that are shown, and how many of them stand before the place that is meant where the line is longer. */
const room = 100;
const before = 60;

/** More of a line than this is not even looked at. */
const reach = 4 * room;

/**
 * The line that a diagnostic is about with a caret below the place, to be printed beneath its sentence; empty where there is nothing
 * to show, or something that nobody may read.
 */
export function frame(one: Diagnostic, sources: Sources, paint: Style): readonly string[] {
  const lines = sources(one.file);
  const line = lines?.[one.line - 1];
  if (lines === undefined || line === undefined || line.trim() === '' || !isQuotable(one, lines)) return [];
  const { text, caret } = around(told(one, line), one.column - 1);
  const number = String(one.line);
  const gutter = (label: string) => paint.dim(`${label.padStart(number.length)} |`);
  const colour = one.severity === 'error' ? paint.red : paint.yellow;
  return [`  ${gutter(number)} ${forTerminal(text)}`.trimEnd(), `  ${gutter('')} ${' '.repeat(caret)}${colour('^')}`];
}

/** What stands behind a key that nobody knows has nothing to do with the mistake, and may be a token under a misspelt name. */
function told({ code, column }: Diagnostic, line: string): string {
  if (code !== 'unknown-field') return line;
  const colon = line.indexOf(':', column);
  return colon < 0 || line.slice(colon + 1).trim() === '' ? line : `${line.slice(0, colon + 1)} …`;
}

/** The part of a line around a place that has room, and the column in which the place is shown there. */
function around(line: string, place: number): { readonly text: string; readonly caret: number } {
  const at = wholeAt(line, Math.min(place, line.length));
  const start = wholeAt(line, Math.max(0, at - reach));
  const end = wholeAt(line, Math.min(line.length, at + reach));
  const [left, right] = [cells(line.slice(start, at), visible), cells(line.slice(at, end), visible)];
  const needed = widthOf(right) + (end < line.length ? room : 0);
  const head = ending(left, Math.max(before, room - needed));
  const tail = fitting(right, room - widthOf(head));
  const isCut = start > 0 || head.length < left.length;
  const rest = end < line.length || tail.length < right.length ? '…' : '';
  return { text: `${isCut ? '…' : ''}${textOf(head)}${textOf(tail)}${rest}`, caret: widthOf(head) + (isCut ? 1 : 0) };
}

/** As many cells as fit, from the end. */
function ending(all: readonly Cell[], width: number): readonly Cell[] {
  return fitting(all.toReversed(), width).toReversed();
}

/** The place itself, or the one before it where the two halves of one character would be parted. */
function wholeAt(line: string, place: number): number {
  return /^[\ud800-\udbff][\udc00-\udfff]$/.test(line.slice(Math.max(0, place - 1), place + 1)) ? place - 1 : place;
}
