import type { TextProblem } from '../inspect.ts';

/** A cell as it is meant, without the quotes around it. */
export interface Cell {
  readonly text: string;
  /** Where it starts in the text. */
  readonly offset: number;
}

/** The rows of a CSV text; those in which nothing stands are left out. */
export interface Csv {
  readonly rows: readonly (readonly Cell[])[];
  /** What ends the reading: no more can be told of the rest. */
  readonly problem: TextProblem | undefined;
}

/** A cell that begins with a quote ends with one, and holds two for each that is meant. */
const quoted = /"([^"]*(?:""[^"]*)*)"/y;
const plain = /[^,\r\n"]*/y;
const end = /,|\r\n|\r|\n|$/y;

/** Reads a CSV text as RFC 4180 has it. A line may end in LF, CR LF or CR. */
export function readCsv(text: string): Csv {
  const rows: Cell[][] = [];
  let row: Cell[] = [];
  const close = () => {
    if (row.some((cell) => cell.text !== '')) rows.push(row);
    row = [];
  };
  for (let offset = 0; ; ) {
    const isQuoted = text[offset] === '"';
    const found = matchAt(isQuoted ? quoted : plain, text, offset);
    if (found === undefined) return { rows, problem: openQuote(offset) };
    row.push({ text: isQuoted ? (found[1] ?? '').replaceAll('""', '"') : found[0], offset });
    const behind = offset + found[0].length;
    const stop = matchAt(end, text, behind);
    if (stop === undefined) return { rows, problem: strayText(behind, isQuoted) };
    offset = behind + stop[0].length;
    if (stop[0] === ',') continue;
    close();
    if (stop[0] === '') return { rows, problem: undefined };
  }
}

function matchAt(pattern: RegExp, text: string, offset: number): RegExpExecArray | undefined {
  pattern.lastIndex = offset;
  return pattern.exec(text) ?? undefined;
}

function openQuote(offset: number): TextProblem {
  const message = 'The quote that begins this cell is never closed.';
  return { code: 'csv-syntax', message, hint: 'Close it, and write "" for a quote that is meant.', offset };
}

function strayText(offset: number, isQuoted: boolean): TextProblem {
  return isQuoted
    ? {
        code: 'csv-syntax',
        message: 'Text stands behind the quote that ends a cell.',
        hint: 'Write "" for a quote that is meant, and a comma between cells.',
        offset,
      }
    : {
        code: 'csv-syntax',
        message: 'A quote stands inside of a cell that does not begin with one.',
        hint: 'Put the whole cell into quotes, without a space before them, and write "" for a quote that is meant.',
        offset,
      };
}
