import type { Diagnostic } from '../../model/diagnostic.ts';
import type { Json } from '../../model/json.ts';
import type { FleetPlace } from '../../model/project.ts';
import { forbiddenKeys } from '../construct.ts';
import type { TextProblem } from '../inspect.ts';
import type { LineColumn, Lines } from '../line-column.ts';

/** What one row says of its target. */
export interface Row {
  /** undefined where the row has none. */
  readonly name: Json | undefined;
  readonly place: LineColumn;
  readonly fields: readonly Field[];
}

/** One value of a row; what is left empty is no field. */
export interface Field {
  /** The dotted path, as steps. */
  readonly path: readonly string[];
  readonly value: Json;
  /** The value as it was written, for a number that is printed in another way. */
  readonly written: Json;
  /** Is it text only because CSV knows nothing else? */
  readonly isCell: boolean;
  readonly place: FleetPlace;
}

/** The rows of a fleet file, as far as it can be read. */
export interface FleetRows {
  readonly rows: readonly Row[];
  /** Columns in which no row says anything. */
  readonly idle: readonly { readonly path: readonly string[]; readonly place: LineColumn }[];
  readonly problems: readonly RowProblem[];
}

export type RowProblem = Pick<Diagnostic, 'code' | 'message' | 'hint'> & LineColumn;

/** The problem where it stands. */
export function placed({ code, message, hint, offset }: TextProblem, lines: Lines): RowProblem {
  return { code, message, hint, ...lines(offset) };
}

/** The path among others that says the same thing as this one: it is the same, or one holds the other. */
export function rivalOf(path: string, others: Iterable<string>): string | undefined {
  return [...others].find((one) => one === path || one.startsWith(`${path}.`) || path.startsWith(`${one}.`));
}

/** Does a path go by a name that means something else to the language? */
export function isForbidden(path: readonly string[]): boolean {
  return path.some((step) => forbiddenKeys.has(step));
}

export const forbidden = {
  code: 'forbidden-key',
  message: 'No field has this name.',
  hint: 'Write the field that is meant, such as workspace or vars.region.',
} as const;
