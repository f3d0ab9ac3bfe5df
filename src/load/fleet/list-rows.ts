import { isList, isObject, type Json, type JsonObject, type Pointer, pointer } from '../../model/json.ts';
import type { TextProblem } from '../inspect.ts';
import { type LineColumn, linesOf } from '../line-column.ts';
import { locator } from '../locate.ts';
import { parseYaml } from '../yaml.ts';
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

/** The rows of a list in YAML, of which JSON is a part. */
export function rowsOfList(text: string): FleetRows {
  const { documents = [], problems: wrong } = parseYaml(text);
  const lines = linesOf(text);
  const problems = wrong.map((one) => placed(discreet(one), lines));
  if (wrong.length > 0) return { rows: [], idle: [], problems };
  const filled = documents.flatMap((one, index) => (one.value === undefined ? [] : [{ ...one, index }]));
  const [document, extra] = filled;
  if (extra !== undefined) problems.push({ ...secondDocument, ...lines(extra.start) });
  const find = locator(text);
  const value = document?.value as Json | undefined;
  if (document === undefined || !isList(value))
    return { rows: [], idle: [], problems: [...problems, { ...noList, ...lines(document?.start ?? 0) }] };
  const written = document.written() as Json;
  const at = (path: Pointer, end: 'key' | 'value') => find(document.index, path, end);
  const rows = value.flatMap((item, index): Row[] => {
    const path = pointer([index]);
    if (!isObject(item)) {
      problems.push({ ...noRow, ...at(path, 'value') });
      return [];
    }
    const { name, ...rest } = item;
    const place = at(name === undefined ? path : pointer([index, 'name']), 'value');
    const as = isList(written) ? written[index] : undefined;
    const fields = fieldsIn(rest, isObject(as) ? as : {}, { steps: [], at, from: path });
    for (const one of pathProblems(fields)) problems.push(one);
    return [{ name, place, fields }];
  });
  return { rows, idle: [], problems };
}

interface Within {
  readonly steps: readonly string[];
  readonly at: (path: Pointer, end: 'key' | 'value') => LineColumn;
  readonly from: Pointer;
}

/** The fields of an object, whether they are nested or named by a dotted path. */
function fieldsIn(item: JsonObject, written: JsonObject, { steps, at, from }: Within): Field[] {
  return Object.entries(item).flatMap(([key, value]): Field[] => {
    if (value === undefined || value === null) return [];
    const path = [...steps, ...key.split('.')];
    const here = `${from}${pointer([key])}`;
    const as = written[key];
    if (isObject(value)) return fieldsIn(value, isObject(as) ? as : {}, { steps: path, at, from: here });
    const place = { key: at(here, 'key'), value: at(here, 'value') };
    return [{ path, value, written: as ?? value, isCell: false, place }];
  });
}

/** Fields that a row says both nested and by their dotted paths, and those that no path may name. */
function pathProblems(fields: readonly Field[]): RowProblem[] {
  const seen = new Set<string>();
  return fields.flatMap(({ path, place }) => {
    const own = path.join('.');
    const rival = rivalOf(own, seen);
    seen.add(own);
    if (isForbidden(path)) return [{ ...forbidden, ...place.key }];
    if (rival === undefined) return [];
    const message = `This row says "${rival}" and "${own}", which are the same thing.`;
    return [{ code: 'duplicate-key', message, hint: 'Remove one of them.', ...place.key }];
  });
}

const secondDocument = {
  code: 'extra-document',
  message: 'The fleet file holds more than one document.',
  hint: 'Write one list, with an item for each target.',
} as const;

const noList = {
  code: 'wrong-type',
  message: 'The fleet file holds no list.',
  hint: 'Write a list with an item for each target, or a CSV file with a line for each.',
} as const;

const noRow = {
  code: 'wrong-type',
  message: 'This item of the fleet file is no mapping (key: value).',
  hint: 'Write the fields of one target, beginning with its name.',
} as const;

/** Problems of a value, whose words quote it. */
const ofValues: ReadonlySet<string> = new Set(['yaml-1.1', 'not-json', 'unsafe-integer', 'lost-spelling']);

/** A token may stand anywhere in a file that somebody got wrong: no value is quoted. */
function discreet(problem: TextProblem): TextProblem {
  if (!ofValues.has(problem.code)) return problem;
  return { ...problem, message: 'YAML parsers do not agree on this value.', hint: 'Quote it where text is meant.' };
}
