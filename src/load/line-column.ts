export interface LineColumn {
  readonly line: number;
  readonly column: number;
}

/** Line and column (UTF-16 units, as editors count), both from 1. Lines end in LF, CR LF or CR. */
export function lineColumn(text: string, offset: number): LineColumn {
  return ascendingLines(text)(offset);
}

/** `lineColumn` for offsets that only grow: each part of the text is looked at once. */
export function ascendingLines(text: string): (offset: number) => LineColumn {
  let line = 1;
  let start = 0;
  let next = 0;
  return (offset) => {
    const end = Math.max(0, Math.min(offset, text.length));
    for (; next < end; next++) {
      const code = text.charCodeAt(next);
      const ends = code === 10 || (code === 13 && text.charCodeAt(next + 1) !== 10);
      if (!ends) continue;
      line++;
      start = next + 1;
    }
    return { line, column: end - start + 1 };
  };
}
