import { lineStart } from '../load/line-column.ts';

/** Where the line after the one at `offset` starts. */
export function lineAfter(text: string, offset: number): number {
  const end = lineEnd(text, offset);
  if (text.startsWith('\r\n', end)) return end + 2;
  return Math.min(end + 1, text.length);
}

/** Where the line at `offset` ends, before its line break. */
export function lineEnd(text: string, offset: number): number {
  for (let end = offset; end < text.length; end++) if (text[end] === '\n' || text[end] === '\r') return end;
  return text.length;
}

/** The offset of the next character that is neither white space nor comment, nor, with `commas`, a comma. */
export function skipTrivia(text: string, offset: number, commas: boolean): number {
  let at = offset;
  for (; at < text.length; at++) {
    const here = text[at] ?? '';
    if (here === '#' && (at === 0 || /\s/.test(text[at - 1] ?? ''))) at = lineEnd(text, at);
    else if (!(/\s/.test(here) || (commas && here === ','))) return at;
  }
  return text.length;
}

/** Where the comments end that start at the line `from` and stand in `column` or further right; blank lines between them included. */
export function stopOfTail(text: string, from: number, column: number): number {
  let stop = from;
  for (let at = from; at < text.length; at = lineAfter(text, at)) {
    const line = text.slice(at, lineEnd(text, at));
    if (line.trim() === '') continue;
    if (!/^\s*#/.test(line) || line.search(/\S/) < column) return stop;
    stop = lineAfter(text, at);
  }
  return stop;
}

/** The blanks before a place on its line, or as many as its column has where something else stands there. */
export function indentAt(text: string, offset: number): string {
  const before = text.slice(lineStart(text, offset), offset);
  return before.trim() === '' ? before : ' '.repeat(before.length);
}

/**
 * The lines above something, parted: comments that a blank line keeps apart from it, and those that belong to it. The first part ends
 * with that blank line.
 */
export function partedLead(lead: string): { readonly apart: string; readonly own: string } {
  const lines = linesIn(lead);
  const cut = lines.findLastIndex(isBlank) + 1;
  return { apart: lines.slice(0, cut).join(''), own: lines.slice(cut).join('') };
}

/** Lines of comments without blanks at their ends, and at most one blank line together. */
export function tidied(lines: string): string {
  return linesIn(lines)
    .map((line) => line.replace(/[ \t]+(?=[\r\n])/, ''))
    .filter((line, index, all) => !isBlank(line) || index === 0 || !isBlank(all[index - 1] ?? ''))
    .join('');
}

/** Lines without the blank ones at their start. */
export function withoutBlankStart(lines: string): string {
  const all = linesIn(lines);
  const first = all.findIndex((line) => !isBlank(line));
  return all.slice(first === -1 ? all.length : first).join('');
}

/** The lines of a text with their line breaks. */
function linesIn(text: string): string[] {
  const lines: string[] = [];
  for (let at = 0; at < text.length; at = lineAfter(text, at)) lines.push(text.slice(at, lineAfter(text, at)));
  return lines;
}

/** Is this a line of nothing but blanks, with its break? The rest of a line that has none is none. */
function isBlank(line: string): boolean {
  return /^[ \t]*[\r\n]+$/.test(line);
}
