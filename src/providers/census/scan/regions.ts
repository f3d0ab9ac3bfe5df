import type { Language } from './language.ts';

/** What a character of a text is part of. */
export const Code = 0;
export const Quoted = 1;
export const Aside = 2;

/** For each character of a text what it is part of. */
export type Regions = Uint8Array;

/** Marks a part of a text as its language reads it. Looks at each character a bounded number of times. */
export function lex(regions: Regions, text: string, language: Language, from: number, to: number): void {
  const starts = new Set([...language.line, ...language.block.map(([open]) => open)].map((one) => one.charCodeAt(0)));
  const quotes = new Set([...language.quotes].map((one) => one.charCodeAt(0)));
  let at = from;
  while (at < to) {
    const code = text.charCodeAt(at);
    const next = starts.has(code) ? comment(regions, text, language, at, to) : undefined;
    if (next !== undefined) at = next;
    else if (quotes.has(code)) at = quotation(regions, text, language, at, to);
    else at += 1;
  }
}

/** Marks the comment that begins here, and gives its end; undefined where none begins. */
function comment(regions: Regions, text: string, language: Language, at: number, to: number): number | undefined {
  for (const [open, close] of language.block) {
    if (!text.startsWith(open, at)) continue;
    const end = text.indexOf(close, at + open.length);
    // What nothing closes is no comment.
    if (end < 0 || end >= to) return undefined;
    regions.fill(Aside, at, end + close.length);
    return end + close.length;
  }
  if (!language.line.some((one) => text.startsWith(one, at))) return undefined;
  const before = at === 0 ? '\n' : (text[at - 1] ?? '\n');
  if (language.spaced ? !/\s/.test(before) : before === ':' || before === '\\') return undefined;
  const end = lineEnd(text, at, to);
  regions.fill(Aside, at, end);
  return end;
}

/** Marks what the quote here encloses, without its quotes, and gives where the text goes on. */
function quotation(regions: Regions, text: string, language: Language, at: number, to: number): number {
  const long = language.long.find((one) => text.startsWith(one, at));
  if (long !== undefined) {
    const end = closing(text, long, at + long.length, to);
    // A text that stands alone says something of the code around it.
    const isAlone =
      long.length === 3 && /(?:^|[\n\r])[ \t]{0,200}[rRuUbBfF]{0,2}$/.test(text.slice(Math.max(0, at - 204), at));
    regions.fill(isAlone ? Aside : Quoted, at + long.length, end);
    return Math.min(to, end + long.length);
  }
  const quote = text[at];
  let end = at + 1;
  while (end < to) {
    const one = text[end];
    if (one === quote || one === '\n' || one === '\r') break;
    end += one === '\\' && text[end + 1] !== '\n' ? 2 : 1;
  }
  end = Math.min(end, to);
  regions.fill(Quoted, at + 1, end);
  return text[end] === quote ? end + 1 : end;
}

function closing(text: string, mark: string, from: number, to: number): number {
  let at = text.indexOf(mark, from);
  while (at >= 0 && at < to && isEscaped(text, at, from)) at = text.indexOf(mark, at + 1);
  return at < 0 || at > to ? to : at;
}

function isEscaped(text: string, at: number, from: number): boolean {
  let slashes = 0;
  while (slashes < 100 && at - slashes - 1 >= from && text[at - slashes - 1] === '\\') slashes += 1;
  return slashes % 2 === 1;
}

/** Where the line ends that an offset stands on, or `to`. */
export function lineEnd(text: string, at: number, to: number = text.length): number {
  for (let end = at; end < to; end++) {
    const code = text.charCodeAt(end);
    if (code === 10 || code === 13) return end;
  }
  return to;
}
