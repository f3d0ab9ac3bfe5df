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
  const last = [...lead.matchAll(/^[ \t]*(?:\r\n|\n|\r)/gm)].at(-1);
  const cut = last === undefined ? 0 : last.index + last[0].length;
  return { apart: lead.slice(0, cut), own: lead.slice(cut) };
}

/** Lines of comments without blanks at their ends, and at most one blank line together. */
export function tidied(lines: string): string {
  return lines
    .replace(/[ \t]+(?=\r|\n)/g, '')
    .replace(/((?:\r\n|\n|\r){2})(?:\r\n|\n|\r)+/g, '$1')
    .replace(/^(\r\n|\n|\r)(?:\r\n|\n|\r)+/, '$1');
}

/** Lines without the blank ones at their start. */
export function withoutBlankStart(lines: string): string {
  return lines.replace(/^(?:[ \t]*(?:\r\n|\n|\r))+/, '');
}
