import type { Json, Pointer, Spec } from '../../../model/json.ts';
import type { FieldChange } from '../../../model/plan.ts';
import { forHtml } from '../../escape.ts';
import { compare, htmlRows } from '../../rows.ts';
import { cutPair, outline, showAt, showNamed } from '../value.ts';
import { impactWords, rank, reasons } from '../words.ts';
import { lines } from './lines.ts';

/** Characters of one line of a text of several lines, and of a value that is not folded. */
const lineLimit = 500;
const valueLimit = 120;

/** A table with more rows than this is folded. */
const mostRows = 12;

/** The fields of a change with both sides, why each changes and what that costs. */
export function changedFields(fields: readonly FieldChange[]): string {
  if (fields.length === 0) return '';
  const head = ['field', 'from', 'to', 'why'].map((word) => `<th scope="col">${word}</th>`).join('');
  const table = [
    `<table class="fields">`,
    `<thead><tr>${head}</tr></thead>`,
    '<tbody>',
    ...fields.map(changedRow),
    '</tbody>',
    '</table>',
  ];
  return fields.length > mostRows ? folded(`${fields.length} fields`, table) : lines(table);
}

function changedRow(field: FieldChange): string {
  const { path, from, to, names } = field;
  const { words, rows } = compare(path, from, to, lineLimit);
  const why = whyCell(field);
  if (rows.length > 0) return `<tr>${rowHead(path)}<td colspan="2">${forHtml(words)}${htmlRows(rows)}</td>${why}</tr>`;
  const [left, right] = valuePair(showNamed(path, from, names?.from), showNamed(path, to, names?.to));
  return `<tr>${rowHead(path)}<td data-is="from">${left}</td><td data-is="to">${right}</td>${why}</tr>`;
}

/** Who caused it, and what it costs. */
function whyCell(field: FieldChange): string {
  const cause = reasons({ ...field, impact: 'none' });
  const cost = impactWords[field.impact];
  const level = rank(field.impact) >= rank('full_resync') ? 'bad' : 'warn';
  const parts = [
    ...(cause === '' ? [] : [`<span class="dim">${cause}</span>`]),
    ...(cost === '' ? [] : [`<span class="${level}">${cost}</span>`]),
  ];
  return `<td data-is="why">${parts.join(', ')}</td>`;
}

/** What a new thing says, folded: there is nothing to compare it with. */
export function newFields(spec: Spec): string {
  const rows = outline(spec).map(([path, value]) => newRow(path, value));
  if (rows.length === 0) return '';
  const head = '<thead><tr><th scope="col">field</th><th scope="col">value</th></tr></thead>';
  return folded('what it says', ['<table class="fields new">', head, '<tbody>', ...rows, '</tbody>', '</table>']);
}

function newRow(path: Pointer, value: Json): string {
  const { sides, rows } = compare(path, null, value, lineLimit);
  const [, shown] =
    rows.length > 0 ? ['', `${forHtml(sides[1])}${htmlRows(rows)}`] : valuePair('', showAt(path, value));
  return `<tr>${rowHead(path)}<td>${shown}</td></tr>`;
}

/** A long path breaks where one of its words ends. */
function rowHead(path: Pointer): string {
  const words = path.split(/(?<=[/_])(?=.)/u).map(forHtml);
  return `<th scope="row"><code>${words.join('<wbr>')}</code></th>`;
}

/** Both values whole; one that is long unfolds from where the two differ. */
function valuePair(from: string, to: string): readonly [string, string] {
  const [left, right] = cutPair(from, to, valueLimit);
  return [valueHtml(from, left), valueHtml(to, right)];
}

function valueHtml(value: string, short: string): string {
  if (short === value) return `<code>${forHtml(value)}</code>`;
  return `<details><summary><code>${forHtml(short)}</code></summary><code>${forHtml(value)}</code></details>`;
}

function folded(summary: string, table: readonly string[]): string {
  return lines([`<details><summary>${summary}</summary>`, ...table, '</details>']);
}
