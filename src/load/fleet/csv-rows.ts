import { didYouMean } from '../../core/suggest.ts';
import { type LineColumn, linesOf } from '../line-column.ts';
import { type Cell, readCsv } from './csv.ts';
import {
  type Field,
  type FleetRows,
  forbidden,
  isForbidden,
  placed,
  type Row,
  type RowProblem,
  rivalOf,
} from './rows.ts';

/** The rows of a CSV text with a header. */
export function rowsOfCsv(text: string): FleetRows {
  const { rows: all, problem } = readCsv(text);
  const lines = linesOf(text);
  const place = (cell: Cell) => lines(cell.offset);
  const [head = [], ...rest] = all;
  const wrong = headProblems(head, place);
  const problems = [...(problem === undefined ? [] : [placed(problem, lines)]), ...wrong];
  if (wrong.length > 0) return { rows: [], idle: [], problems };
  const columns = head.map((cell) => ({ path: cell.text.split('.'), key: place(cell) }));
  const isUsed = columns.map(() => false);
  const rows: Row[] = [];
  for (const cells of rest) {
    if (cells.length !== head.length) problems.push(rowLength(cells, head.length, place));
    const at = (index: number): LineColumn => place(cells[index] ?? cells[0] ?? { text: '', offset: 0 });
    const said = columns.flatMap(({ path, key }, index) => {
      const value = cells[index]?.text ?? '';
      return value === ''
        ? []
        : [{ path, value, written: value, isCell: true, place: { key, value: at(index) }, index }];
    });
    for (const { index } of said) isUsed[index] = true;
    const name = said.find(isName);
    rows.push({ name: name?.value, place: name?.place.value ?? at(0), fields: said.filter((one) => !isName(one)) });
  }
  const idle = columns.filter(({ path }, index) => !isUsed[index] && path.join('.') !== 'name');
  return { rows, idle: idle.map(({ path, key }) => ({ path, place: key })), problems };
}

function isName({ path }: Pick<Field, 'path'>): boolean {
  return path.length === 1 && path[0] === 'name';
}

function headProblems(head: readonly Cell[], place: (cell: Cell) => LineColumn): RowProblem[] {
  const seen = new Set<string>();
  const problems: RowProblem[] = [];
  for (const cell of head) {
    const { text } = cell;
    const rival = rivalOf(text, seen);
    if (text.trim() === '') problems.push({ ...noHead, ...place(cell) });
    else if (isForbidden(text.split('.'))) problems.push({ ...forbidden, ...place(cell) });
    else if (rival !== undefined) problems.push({ ...twice(text, rival), ...place(cell) });
    seen.add(text);
  }
  if (seen.has('name') || problems.length > 0) return problems;
  const hint = didYouMean('name', [...seen], 'Begin the file with a line such as name,workspace,token.');
  return [
    { code: 'missing-field', message: 'No column of the fleet file is called "name".', hint, line: 1, column: 1 },
  ];
}

const noHead = {
  code: 'missing-field',
  message: 'This column has no name.',
  hint: 'Write the field that it holds, such as workspace or vars.region.',
} as const;

function twice(text: string, rival: string): Omit<RowProblem, keyof LineColumn> {
  const message =
    text === rival ? `Two columns are called "${text}".` : `The columns "${rival}" and "${text}" say the same thing.`;
  return { code: 'duplicate-key', message, hint: 'Remove one of them.' };
}

function rowLength(cells: readonly Cell[], wanted: number, place: (cell: Cell) => LineColumn): RowProblem {
  const cell = cells[Math.min(wanted, cells.length - 1)] ?? { text: '', offset: 0 };
  const message = `This row has ${cells.length} ${cells.length === 1 ? 'cell' : 'cells'}, and the first line has ${wanted}.`;
  const hint = 'Leave a cell empty where the default is meant, and put a cell with a comma in it into quotes.';
  return { code: 'row-length', message, hint, ...place(cell) };
}
