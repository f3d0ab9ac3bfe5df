import { isObject, type Json, type JsonObject, type Pointer, pointer } from '../../model/json.ts';
import type { SchemaError } from '../../model/kind.ts';
import type { FleetPlace } from '../../model/project.ts';
import { asDefault, withTypes } from './cells.ts';
import { objectAt, over, withTargets } from './over.ts';
import type { FleetRows, Row, RowProblem } from './rows.ts';

/** A project file with the rows of its fleet file among its targets. */
export interface Expanded {
  readonly document: JsonObject;
  /** The same with every number and boolean as it was written. */
  readonly written: JsonObject;
  readonly places: ReadonlyMap<Pointer, FleetPlace>;
  /** Names of the targets that are rows. */
  readonly names: ReadonlySet<string>;
  readonly problems: readonly RowProblem[];
  /** How many rows say something in the column (or under the key) at a place, `line:column`. */
  readonly uses: ReadonlyMap<string, number>;
  /** The document with something in the columns that no row uses, and their paths in it; undefined where there are none. */
  readonly idle: { readonly document: JsonObject; readonly paths: ReadonlySet<Pointer> } | undefined;
}

/** A row as a target. */
interface Drawn {
  readonly name: string;
  readonly value: JsonObject;
  readonly written: JsonObject;
}

const nameForm = /^[A-Za-z0-9]([A-Za-z0-9_-]*[A-Za-z0-9])?$/;

/**
 * Puts each row over the defaults and among the targets. `errorsOf`: what the schema refuses in a document; it says where a cell means a
 * number or a list.
 */
export function expand(
  document: JsonObject,
  written: Json,
  { rows, idle, problems: wrong }: FleetRows,
  errorsOf: (document: Json) => readonly SchemaError[],
): Expanded {
  const defaults = objectAt(document, '/targets_from/defaults');
  const writtenDefaults = objectAt(written, '/targets_from/defaults');
  const own = objectAt(document, '/targets');
  const problems = [...wrong];
  const places = new Map<Pointer, FleetPlace>();
  const cells = new Set<Pointer>();
  const names = new Set<string>();
  const uses = new Map<string, number>();
  const drawn = rows.flatMap((row): Drawn[] => {
    const name = nameOf(row, own, names, problems);
    if (name === undefined) return [];
    names.add(name);
    notePlaces(places, cells, name, row);
    noteUses(uses, row);
    const fields = row.fields.map((one) => asDefault(one, defaults));
    return [
      {
        name,
        value: over(
          defaults,
          fields.map(({ path, value }) => [path, value] as const),
        ),
        written: over(
          writtenDefaults,
          fields.map((one) => [one.path, one.written] as const),
        ),
      },
    ];
  });
  const merged = withTargets(
    document,
    drawn.map(({ name, value }) => [name, value] as const),
  );
  const typed = withTypes(merged, cells, errorsOf(merged));
  return {
    document: typed,
    written: withTargets(
      isObject(written) ? written : {},
      drawn.map((one) => [one.name, one.written] as const),
    ),
    places,
    names,
    problems,
    uses,
    idle: asIfUsed(typed, idle, drawn[0]?.name, places),
  };
}

function noteUses(uses: Map<string, number>, { fields }: Row): void {
  for (const { place } of fields) {
    const key = `${place.key.line}:${place.key.column}`;
    uses.set(key, (uses.get(key) ?? 0) + 1);
  }
}

function nameOf(
  { name, place }: Row,
  own: JsonObject,
  names: ReadonlySet<string>,
  problems: RowProblem[],
): string | undefined {
  if (name === undefined || name === '') problems.push({ ...noName, ...place });
  else if (typeof name !== 'string' || !nameForm.test(name)) problems.push({ ...badName, ...place });
  else if (!names.has(name) && !Object.hasOwn(own, name)) return name;
  else problems.push({ ...twice(name, names.has(name)), ...place });
  return undefined;
}

const noName = {
  code: 'missing-field',
  message: 'This row names no target.',
  hint: 'Write its name.',
} as const;

const badName = {
  code: 'bad-name',
  message: 'This is not a valid name of a target.',
  hint: 'Name targets with letters, digits, "-" and "_", such as "production".',
} as const;

function twice(name: string, isRow: boolean): Pick<RowProblem, 'code' | 'message' | 'hint'> {
  const other = isRow ? 'an earlier row' : '`targets` of the project file';
  const message = `The name "${name}" is that of ${other} already.`;
  return { code: 'duplicate-target', message, hint: 'Give each target a name of its own.' };
}

function notePlaces(places: Map<Pointer, FleetPlace>, cells: Set<Pointer>, name: string, row: Row): void {
  places.set(pointer(['targets', name]), { key: row.place, value: row.place });
  for (const { path, place, isCell } of row.fields) {
    for (let length = path.length; length > 0; length--) {
      const here = pointer(['targets', name, ...path.slice(0, length)]);
      if (!places.has(here)) places.set(here, place);
    }
    if (isCell) cells.add(pointer(['targets', name, ...path]));
  }
}

/** A column in which nothing stands is judged as if something stood in the first row: else it would be accepted whatever it is called. */
function asIfUsed(
  document: JsonObject,
  idle: FleetRows['idle'],
  name: string | undefined,
  places: Map<Pointer, FleetPlace>,
): Expanded['idle'] {
  if (idle.length === 0 || name === undefined) return undefined;
  const paths = new Set<Pointer>();
  for (const { path, place } of idle) {
    for (let length = path.length; length > 0; length--) {
      const here = pointer(['targets', name, ...path.slice(0, length)]);
      if (places.has(here)) continue;
      places.set(here, { key: place, value: place });
      paths.add(here);
    }
  }
  const first = objectAt(document, pointer(['targets', name]));
  const whole = over(
    first,
    idle.map(({ path }) => [path, ''] as const),
  );
  return { document: withTargets(document, [[name, whole]]), paths };
}
