import { isObject, type Json, type JsonObject, type Pointer, pointer, tokens, valueAt } from '../../model/json.ts';
import type { SchemaError } from '../../model/kind.ts';
import type { FleetPlace } from '../../model/project.ts';
import type { Field, FleetRows, Row, RowProblem } from './rows.ts';

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

/** A variable is text, unless its default is a number, or true or false: then a cell is that too, where it can be. */
function asDefault(field: Field, defaults: JsonObject): Field {
  const { path, value, isCell } = field;
  if (!isCell || path[0] !== 'vars' || typeof value !== 'string') return field;
  const usual = valueAt(defaults, pointer(path));
  const meant = typeof usual === 'number' ? numberIn(value) : typeof usual === 'boolean' ? truthIn(value) : undefined;
  return meant === undefined ? field : { ...field, value: meant };
}

function numberIn(text: string): number | undefined {
  const isNumber = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/.test(text);
  const value = Number(text);
  return isNumber && Math.abs(value) <= Number.MAX_SAFE_INTEGER ? value : undefined;
}

function truthIn(text: string): boolean | undefined {
  return text === 'true' ? true : text === 'false' ? false : undefined;
}

/** The object with these values in the place of its own; what lies on the way is copied. */
function over(base: JsonObject, fields: readonly (readonly [readonly string[], Json])[]): JsonObject {
  const heads = new Map<string, (readonly [readonly string[], Json])[]>();
  for (const [[head = '', ...rest], value] of fields)
    heads.set(head, [...(heads.get(head) ?? []), [rest, value] as const]);
  const entries = [...heads].map(([head, parts]): readonly [string, Json] => {
    const whole = parts.find(([path]) => path.length === 0);
    if (whole !== undefined) return [head, whole[1]];
    const below = Object.hasOwn(base, head) ? base[head] : undefined;
    return [head, over(isObject(below) ? below : {}, parts)];
  });
  // Whatever a column is called, it becomes a key and nothing else.
  return Object.fromEntries([...Object.entries(base).filter(([key]) => !heads.has(key)), ...entries]);
}

function withTargets(document: JsonObject, rows: readonly (readonly [string, JsonObject])[]): JsonObject {
  if (rows.length === 0) return document;
  return { ...document, targets: { ...objectAt(document, '/targets'), ...Object.fromEntries(rows) } };
}

/** Cells are text: where the schema wants a number, true or false, or a list, they become that if they can. */
function withTypes(document: JsonObject, cells: ReadonlySet<Pointer>, errors: readonly SchemaError[]): JsonObject {
  const meant = new Map<Pointer, Json>();
  for (const { keyword, instancePath, params } of errors) {
    if (keyword !== 'type' || !cells.has(instancePath)) continue;
    const text = valueAt(document, instancePath);
    const value = typeof text === 'string' ? typed(text, params.type) : undefined;
    if (value !== undefined) meant.set(instancePath, value);
  }
  if (meant.size === 0) return document;
  const targets = Object.entries(objectAt(document, '/targets')).map(([name, target]) => {
    const own = [...meant].filter(([path]) => path.startsWith(`${pointer(['targets', name])}/`));
    const fields = own.map(([path, value]) => [tokens(path).slice(2), value] as const);
    return [name, isObject(target) && fields.length > 0 ? over(target, fields) : target] as const;
  });
  return { ...document, targets: Object.fromEntries(targets) };
}

function typed(text: string, type: unknown): Json | undefined {
  if (type === 'integer' || type === 'number') return numberIn(text);
  if (type === 'boolean') return truthIn(text);
  if (type !== 'array') return undefined;
  const items = text.split(';').map((item) => item.trim());
  return items.filter((item) => item !== '');
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

function objectAt(document: Json, path: Pointer): JsonObject {
  const value = valueAt(document, path);
  return isObject(value) ? value : {};
}
