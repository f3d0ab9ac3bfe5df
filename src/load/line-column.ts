export interface LineColumn {
  readonly line: number;
  readonly column: number;
}

/** Where an offset of one text stands: line and column (UTF-16 units, as editors count), both from 1. */
export type Lines = (offset: number) => LineColumn;

/**
 * The lines of a text, which end in LF, CR LF or CR. Each part of the text is looked at once, and no more of it than the furthest
 * offset that is asked for.
 */
export function linesOf(text: string): Lines {
  const starts = [0];
  let seen = 0;
  return (offset) => {
    const end = Math.max(0, Math.min(offset, text.length));
    for (; seen < end; seen++) {
      const code = text.charCodeAt(seen);
      if (code === 10 || (code === 13 && text.charCodeAt(seen + 1) !== 10)) starts.push(seen + 1);
    }
    const line = lastUpTo(starts, end);
    return { line: line + 1, column: end - (starts[line] ?? 0) + 1 };
  };
}

/** Where the line that an offset stands on starts. Looks back no further than that, and no further than `reach` characters. */
export function lineStart(text: string, offset: number, reach: number = offset): number {
  const limit = Math.max(0, offset - reach);
  let start = offset;
  while (start > limit && text[start - 1] !== '\n' && text[start - 1] !== '\r') start--;
  return start;
}

/** The index of the last of the ascending numbers that is not greater than `limit`; the first one never is. */
function lastUpTo(numbers: readonly number[], limit: number): number {
  let low = 0;
  let high = numbers.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((numbers[middle] ?? 0) <= limit) low = middle;
    else high = middle - 1;
  }
  return low;
}
