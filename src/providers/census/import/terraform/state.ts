import { isList, isObject, type Json, type JsonObject, type Pointer, pointer } from '../../../../model/json.ts';

/** One instance of a resource. */
export interface StateResource {
  /** With its keys: `module.crm["eu"].census_sync.users[0]`. */
  readonly address: string;
  /** Without keys, as configurations name it: `module.crm.census_sync.users`. */
  readonly whole: string;
  readonly type: string;
  readonly values: JsonObject;
  /** Where the values stand in the file. */
  readonly path: Pointer;
  /** Top-level attributes that hold something sensitive. */
  readonly sensitive: ReadonlySet<string>;
}

/** What a file holds. */
export interface State {
  /** `show`: what `terraform show -json` prints. `raw`: a `terraform.tfstate`. */
  readonly form: 'show' | 'raw';
  /** Managed resources, in the order of the file. */
  readonly resources: readonly StateResource[];
  /** How many data sources were passed over. */
  readonly data: number;
}

/** Modules inside modules; more are no work of people. */
const deepest = 50;

type Wrong = (path: Pointer, expected: string) => void;

/** The resources of a document; undefined where it is no state. `wrong` is told of values that have another type than they must. */
export function stateIn(document: Json, wrong: Wrong): State | undefined {
  if (!isObject(document)) return undefined;
  if (isObject(document.values)) return shown(document.values, wrong);
  if (isList(document.resources) && document.version !== undefined) return raw(document.resources, wrong);
  // A state that is empty has no values.
  const isShown = typeof document.format_version === 'string' && document.planned_values === undefined;
  return isShown && document.values === undefined ? { form: 'show', resources: [], data: 0 } : undefined;
}

function shown(values: JsonObject, wrong: Wrong): State {
  const resources: StateResource[] = [];
  let data = 0;
  const module = (value: Json | undefined, path: Pointer, depth: number): void => {
    if (value === undefined || value === null) return;
    if (!isObject(value) || depth > deepest) {
      wrong(path, depth > deepest ? 'no deeper than fifty modules' : 'an object');
      return;
    }
    for (const [index, one] of listAt(value, 'resources', path, wrong).entries()) {
      const place = `${path}/resources/${index}`;
      const found = resourceIn(one, place, wrong);
      if (found === 'data') data += 1;
      else if (found !== undefined) resources.push(found);
    }
    for (const [index, child] of listAt(value, 'child_modules', path, wrong).entries())
      module(child, `${path}/child_modules/${index}`, depth + 1);
  };
  module(values.root_module, '/values/root_module', 0);
  return { form: 'show', resources, data };
}

function resourceIn(value: Json, path: Pointer, wrong: Wrong): StateResource | 'data' | undefined {
  if (!isObject(value)) {
    wrong(path, 'an object');
    return undefined;
  }
  if (value.mode === 'data') return 'data';
  // What a replacement has left behind is no resource any more.
  if (value.deposed_key !== undefined) return undefined;
  const { address, type, values } = value;
  if (typeof address !== 'string') wrong(`${path}/address`, 'a text');
  if (typeof type !== 'string') wrong(`${path}/type`, 'a text');
  if (!isObject(values)) wrong(`${path}/values`, 'an object');
  if (typeof address !== 'string' || typeof type !== 'string' || !isObject(values)) return undefined;
  const marks = isObject(value.sensitive_values) ? Object.entries(value.sensitive_values) : [];
  const sensitive = new Set(marks.filter(([, mark]) => isMarked(mark)).map(([key]) => key));
  return { address, whole: withoutKeys(address), type, values, path: `${path}/values`, sensitive };
}

/** Is anything below marked? Marks are trees of `true`, walked without recursion: a file may be nested as deep as it likes. */
function isMarked(mark: Json | undefined): boolean {
  const open: (Json | undefined)[] = [mark];
  while (open.length > 0) {
    const one = open.pop();
    if (one === true) return true;
    if (isList(one)) open.push(...one);
    else if (isObject(one)) open.push(...Object.values(one));
  }
  return false;
}

function raw(list: readonly Json[], wrong: Wrong): State {
  const resources: StateResource[] = [];
  let data = 0;
  for (const [index, one] of list.entries()) {
    const path = pointer(['resources', index]);
    if (!isObject(one)) {
      wrong(path, 'an object');
      continue;
    }
    const { type, name, module } = one;
    if (typeof type !== 'string' || typeof name !== 'string') {
      wrong(`${path}/${typeof type === 'string' ? 'name' : 'type'}`, 'a text');
      continue;
    }
    const instances = listAt(one, 'instances', path, wrong);
    if (one.mode === 'data') {
      data += instances.length;
      continue;
    }
    const base = `${typeof module === 'string' ? `${module}.` : ''}${type}.${name}`;
    for (const [number, instance] of instances.entries()) {
      if (isObject(instance) && instance.deposed !== undefined) continue;
      const place = `${path}/instances/${number}`;
      const values = isObject(instance) ? instance.attributes : undefined;
      if (!isObject(instance) || !isObject(values)) {
        wrong(isObject(instance) ? `${place}/attributes` : place, 'an object');
        continue;
      }
      const address = `${base}${keyOf(instance.index_key)}`;
      const sensitive = sensitiveIn(instance.sensitive_attributes);
      resources.push({ address, whole: withoutKeys(base), type, values, path: `${place}/attributes`, sensitive });
    }
  }
  return { form: 'raw', resources, data };
}

function keyOf(key: Json | undefined): string {
  if (typeof key === 'number') return `[${key}]`;
  return typeof key === 'string' ? `[${JSON.stringify(key)}]` : '';
}

/** Paths as `[[{type: get_attr, value: NAME}, …], …]`. */
function sensitiveIn(paths: Json | undefined): ReadonlySet<string> {
  const names = (isList(paths) ? paths : []).flatMap((path) => {
    const [first] = isList(path) ? path : [];
    return isObject(first) && typeof first.value === 'string' ? [first.value] : [];
  });
  return new Set(names);
}

function listAt(value: JsonObject, key: string, path: Pointer, wrong: Wrong): readonly Json[] {
  const found = value[key];
  if (found === undefined || found === null) return [];
  if (isList(found)) return found;
  wrong(`${path}/${key}`, 'a list');
  return [];
}

/** The address without instance keys; a key may hold brackets and quotes of its own. */
function withoutKeys(address: string): string {
  return address.replace(/\["(?:[^"\\]|\\.)*"\]|\[\d+\]/g, '');
}
