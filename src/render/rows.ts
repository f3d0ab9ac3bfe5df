import type { Json, Pointer } from '../model/json.ts';
import type { FieldNames } from '../model/plan.ts';
import { forHtml, forTerminal, markdownCode, markdownFence } from './escape.ts';
import { type LineChange, lineChange, lineCount, type Row } from './lines.ts';
import { cut, cutPair, showAt, showNamed } from './plan/value.ts';
import type { Style } from './style.ts';

/** A change of one field, not escaped for any medium. */
interface Comparison {
  /** Both values on one line each; of text of several lines how many there are. */
  readonly sides: readonly [from: string, to: string];
  /** `from → to`; of text of several lines how many of them differ. */
  readonly words: string;
  /** Where text of several lines differs; empty for all else. */
  readonly rows: readonly Row[];
  readonly first: LineChange['first'];
}

/** How a field changes. `limit`: characters of one value or line; longer ones are cut around the difference. `names`: of ids. */
export function compare(path: Pointer, from: Json, to: Json, limit: number, names: FieldNames = {}): Comparison {
  const lines = lineChange(from, to, limit);
  if (lines === undefined) {
    const [left, right] = [showNamed(path, from, names.from), showNamed(path, to, names.to)];
    const sides = from === null ? ([left, cut(right, limit)] as const) : cutPair(left, right, limit);
    return { sides, words: sides.join(' → '), rows: [], first: null };
  }
  const side = (value: Json) => (typeof value === 'string' ? lineCount(value) : showAt(path, value));
  const sides = [side(from), side(to)] as const;
  return { ...lines, sides, words: lines.first === null ? sides.join(' → ') : lines.words };
}

/** A change in words, with the first line that differs, for where no more than one line has room. Not escaped. */
export function oneLine(path: Pointer, from: Json, to: Json, limit: number, names: FieldNames = {}): string {
  const { words, first } = compare(path, from, to, limit, names);
  if (first === null) return words;
  const [left, right] = cutPair(showAt('', first.from), showAt('', first.to), limit);
  const sides = [...(first.from === null ? [] : [left]), ...(first.to === null ? [] : [right])];
  return `${words}, first in line ${first.line}: ${sides.join(' → ')}`;
}

/** Rows for a terminal, to stand below the line that names their field. */
export function terminalRows(rows: readonly Row[], paint: Style): readonly string[] {
  return rows.map(({ sign, text }) => `          ${painter(sign, paint)(`${sign} ${forTerminal(text)}`.trimEnd())}`);
}

function painter(sign: Row['sign'], paint: Style): (text: string) => string {
  if (sign === '+') return paint.green;
  return sign === '-' ? paint.red : paint.dim;
}

/** A field in Markdown: both values as cells of a table, and the lines in which they differ, to stand below the table. */
export interface MarkdownField {
  readonly cells: readonly [from: string, to: string];
  readonly below: readonly string[];
}

/** Text of several lines is a count of lines in its cell. `limit`: as for `compare`. */
export function markdownField(
  path: Pointer,
  from: Json,
  to: Json,
  limit: number,
  names: FieldNames = {},
): MarkdownField {
  const { sides, words, rows } = compare(path, from, to, limit, names);
  const [left, right] = sides;
  if (rows.length === 0) return { cells: [markdownCode(left), markdownCode(right)], below: [] };
  const lines = rows.map(({ sign, text }) => `${sign} ${text}`.trimEnd());
  const head = `${markdownCode(path)}: ${from === null ? right : words}`;
  return { cells: [left, right], below: ['', head, '', ...markdownFence('diff', lines)] };
}

/** Rows as preformatted HTML. A page may be printed to the log of a CI system, so no line is a command either. */
export function htmlRows(rows: readonly Row[]): string {
  const lines = rows.map(({ sign, text }) => {
    const line = forHtml(forTerminal(`${sign} ${text}`.trimEnd()));
    if (sign === '+') return `<ins>${line}</ins>`;
    return sign === '-' ? `<del>${line}</del>` : line;
  });
  return `<pre>${lines.join('\n')}</pre>`;
}
