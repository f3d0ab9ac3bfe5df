/** How much text is read again for the sake of brackets in the wrong column, in characters. */
const patience = 50_000_000;

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

/** The text with the line break that the reader stumbled over replaced by a blank; undefined where that might change a value. */
function joinedAt(text: string, { reason, offset }: Stop): string | undefined {
  const at = reason.includes('multiline key') ? openingBefore(text, offset) : shallowLine(text, reason, offset);
  if (at === undefined) return undefined;
  const end = text[at - 2] === '\r' && text[at - 1] === '\n' ? at - 2 : at - 1;
  return `${text.slice(0, end)}${' '.repeat(at - end)}${text.slice(at)}`;
}

/** Where a line starts that stands in brackets and too far to the left, if the blank can only be one between two tokens. */
function shallowLine(text: string, reason: string, offset: number): number | undefined {
  const start = lineStart(text, offset);
  if (!reason.includes('deficient indentation') || start === 0 || text.slice(start, offset).trim() !== '')
    return undefined;
  const before = lineBefore(text, start);
  if (before === '' || before.includes('#') || /[\s\\]$/.test(before)) return undefined;
  const next = text[offset] ?? '';
  return /[}\]]/.test(next) || (/[{[,]$/.test(before) && /["{[\w-]/.test(next)) ? start : undefined;
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
  const end = text[start - 2] === '\r' && text[start - 1] === '\n' ? start - 2 : start - 1;
  return text.slice(lineStart(text, end), end);
}

function lineStart(text: string, offset: number): number {
  return Math.max(text.lastIndexOf('\n', offset - 1), text.lastIndexOf('\r', offset - 1)) + 1;
}
