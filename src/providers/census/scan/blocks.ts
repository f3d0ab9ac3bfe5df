import { type Language, languageTagged } from './language.ts';
import { lineEnd } from './regions.ts';

/** A part of a page that is written in a language of its own. */
export interface Block {
  readonly from: number;
  readonly to: number;
  readonly language: Language;
}

/** The parts of a page for people that are code; undefined for a file that is code as a whole. */
export function blocks(language: Language, text: string): readonly Block[] | undefined {
  switch (language.name) {
    case 'markdown':
      return fences(text);
    case 'page':
      return elements(text);
    case 'notebook':
      return cells(text);
    default:
      return undefined;
  }
}

/** Every line: where it starts, and where it ends without its break. */
function* lines(text: string, from = 0, to = text.length): Generator<readonly [start: number, end: number]> {
  for (let start = from; start < to; ) {
    const end = lineEnd(text, start, to);
    yield [start, end];
    start = text.startsWith('\r\n', end) ? end + 2 : end + 1;
  }
}

/** Fenced blocks of Markdown, and listings of AsciiDoc. */
function fences(text: string): readonly Block[] {
  const found: Block[] = [];
  let open: { readonly mark: string; readonly from: number; readonly tag: string } | undefined;
  for (const [start, end] of lines(text)) {
    const line = text.slice(start, Math.min(end, start + 200));
    const [, mark = '', tag = ''] =
      /^[\s>]{0,40}(?:[-*+] +|\d{1,3}[.)] +)?(`{3,}|~{3,}|-{4,}(?=\s*$))[ \t]*\{?\.?([\w+#-]*)/.exec(line) ?? [];
    if (open === undefined) {
      if (mark !== '' && (mark[0] !== '-' || isListing(text, start))) open = { mark, from: end, tag };
    } else if (mark.startsWith(open.mark) && tag === '') {
      found.push({ from: open.from, to: start, language: languageTagged(open.tag) });
      open = undefined;
    }
  }
  if (open !== undefined) found.push({ from: open.from, to: text.length, language: languageTagged(open.tag) });
  return found;
}

/** Does the line before say that a listing of AsciiDoc begins? */
function isListing(text: string, start: number): boolean {
  return /\[source[^\]\n]{0,100}\]\r?\n$/.test(text.slice(Math.max(0, start - 120), start));
}

/** What stands in the elements of HTML that hold code. */
function elements(text: string): readonly Block[] {
  const found: Block[] = [];
  const open = /<(script|pre|code)\b[^<>]{0,300}>/gi;
  for (let match = open.exec(text); match !== null; match = open.exec(text)) {
    const from = open.lastIndex;
    const close = `</${(match[1] ?? '').toLowerCase()}`;
    const end = text.indexOf(close, from);
    if (end < 0) continue;
    found.push({ from, to: end, language: languageTagged(close === '</script' ? 'js' : 'sh') });
    open.lastIndex = end;
  }
  return found;
}

/** The cells of a notebook that hold code. */
function cells(text: string): readonly Block[] {
  const marks = [...text.matchAll(/"cell_type"\s{0,20}:\s{0,20}"(\w+)"/g)];
  return marks.flatMap((mark, index) => {
    if (mark[1] !== 'code') return [];
    return [{ from: mark.index, to: marks[index + 1]?.index ?? text.length, language: languageTagged('ipynb') }];
  });
}

/** Keys whose values are written for people. */
const told =
  /^([ \t]*(?:- +)?)["']?(?:description|summary|title|comment|notes?|doc|docs|documentation|help|message|about)["']?:/i;

/** Parts that its language does not mark as comments, and that nothing runs all the same. */
export function* asides(
  { name }: Language,
  text: string,
  from: number,
  to: number,
): Generator<readonly [start: number, end: number]> {
  if (name === 'yaml') yield* toldValues(text, from, to);
  else if (name === 'patch' || name === 'notebook') {
    const aside = name === 'patch' ? /^(?:-|#)/ : /^\s*"\s*#/;
    for (const [start, end] of lines(text, from, to))
      if (aside.test(text.slice(start, start + 100))) yield [start, end];
  }
}

/** The values of such keys, with all lines that are indented further. */
function* toldValues(text: string, from: number, to: number): Generator<readonly [start: number, end: number]> {
  let depth = -1;
  for (const [start, end] of lines(text, from, to)) {
    const line = text.slice(start, Math.min(end, start + 200));
    const own = /^[ \t]*/.exec(line)?.[0].length ?? 0;
    if (depth >= 0 && (own > depth || own === line.length)) yield [start, end];
    else {
      const [, indent] = told.exec(line) ?? [];
      depth = indent === undefined ? -1 : indent.length;
      if (indent !== undefined) yield [start, end];
    }
  }
}
