import { lineStart } from './line-column.ts';

/** How much text is read again for the sake of brackets in the wrong column, in characters. */
const patience = 5_000_000;

/** What a reader of YAML says where it stops: why, and at which offset. */
export interface Stop {
  readonly reason: string;
  readonly offset: number;
}

/** What came of reading a text. */
type Reading<Result> = { readonly result: Result } | { readonly stop: Stop };

/**
 * Reads a text; where JSON that was pasted into it stands too far to the left (pretty-printed JSON behind `spec:` ends in a `}` in
 * column 0, which YAML does not allow), reads it as if those line breaks were blanks. No offset changes by that. The text that was
 * read comes back beside the result; where there is none, it is the first stop that counts.
 */
export function readJoined<Result>(
  text: string,
  read: (text: string) => Reading<Result>,
): { readonly text: string; readonly result: Result } | { readonly stop: Stop } {
  const first = read(text);
  if ('result' in first) return { text, result: first.result };
  let joined = joinedAt(text, first.stop);
  for (let spent = 0; joined !== undefined && spent < patience; spent += text.length) {
    const next = read(joined);
    if ('result' in next) return { text: joined, result: next.result };
    joined = joinedAt(joined, next.stop);
  }
  return first;
}

/** The text with blanks for the line breaks that the reader stumbles over; undefined where that might change a value. */
function joinedAt(text: string, { reason, offset }: Stop): string | undefined {
  if (reason.includes('multiline key')) {
    const opening = openingBefore(text, offset);
    return opening === undefined ? undefined : joined(text, [opening]);
  }
  const start = lineStart(text, offset);
  if (!reason.includes('deficient indentation') || text.slice(start, offset).trim() !== '') return undefined;
  const starts = shallowLines(text, start, offset - start);
  return starts.length === 0 ? undefined : joined(text, starts);
}

/** The text with the breaks before these lines replaced by blanks. */
function joined(text: string, starts: readonly number[]): string {
  const parts: string[] = [];
  let from = 0;
  for (const start of starts) {
    const end = breakBefore(text, start);
    parts.push(text.slice(from, end), ' '.repeat(start - end));
    from = start;
  }
  return parts.join('') + text.slice(from);
}

/**
 * Where lines start that stand in brackets and too far to the left, from the one at `first` on. Around their line breaks is only
 * punctuation, so the lines end with the brackets. Further on only a closing bracket in column 0 can be nothing else.
 */
function shallowLines(text: string, first: number, column: number): number[] {
  const starts: number[] = [];
  let inside = true;
  for (let start = first; start < text.length; start = nextLine(text, start)) {
    let indent = 0;
    while (text[start + indent] === ' ') indent++;
    if (indent > column) continue;
    if ((inside || indent === 0) && isJoint(text, start, start + indent, inside)) starts.push(start);
    else if (start === first) return [];
    else inside = false;
  }
  return starts;
}

/** Can the line break before `start` only be one between two tokens in brackets? */
function isJoint(text: string, start: number, offset: number, inside: boolean): boolean {
  const before = start === 0 ? '' : lineBefore(text, start);
  if (before === '' || before.includes('#') || /[\s\\]$/.test(before)) return false;
  const next = text[offset] ?? '';
  return /[}\]]/.test(next) || (inside && /[{[,]$/.test(before) && /["{[\w-]/.test(next));
}

/** Where the line starts on which a bracket opens below `key:`, in the column of the key. */
function openingBefore(text: string, offset: number): number | undefined {
  const opening = /:(?:\r\n|\n|\r)(?=[{[])/g;
  let found: number | undefined;
  for (const { index, 0: line } of text.slice(0, offset).matchAll(opening)) {
    if (!lineBefore(text, index + line.length).includes('#')) found = index + line.length;
  }
  return found;
}

/** The line that ends where another one starts, without its line break. */
function lineBefore(text: string, start: number): string {
  const end = breakBefore(text, start);
  return text.slice(lineStart(text, end), end);
}

/** Where the line break before a line starts. */
function breakBefore(text: string, start: number): number {
  return text[start - 2] === '\r' && text[start - 1] === '\n' ? start - 2 : start - 1;
}

function nextLine(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return end === -1 ? text.length : end + 1;
}
