import { censusDatasetTraits } from '../../../../generated/census-dataset-traits.ts';
import { censusSyncTraits } from '../../../../generated/census-sync-traits.ts';
import type { Diagnostic } from '../../../../model/diagnostic.ts';
import type { ImportedThing, Importer, ImportFile, ImportLeft, ImportSide, Imports } from '../../../../model/import.ts';
import { type JsonObject, type Pointer, type Spec, tokens } from '../../../../model/json.ts';
import { type Reader, readerOf, type Told } from '../reader.ts';
import { datasetSpec } from './dataset.ts';
import { releaseOf } from './release.ts';
import { type StateResource, stateIn } from './state.ts';
import { syncSpec } from './sync.ts';

/** Reads the state of the vendor's Terraform provider. */
export const terraform: Importer = {
  reads: 'json-file',
  imports: async (files, side) => {
    const [file] = files;
    return file === undefined ? nothing : importsOf(file, side);
  },
};

const nothing: Imports = { things: [], left: [], notes: [], problems: [] };

/** What each managed type is here, and how it is read. */
const readers: Readonly<
  Record<string, { readonly kind: string; readonly spec: (values: Reader, live: Spec | undefined, told: Told) => Spec }>
> = {
  census_sync: { kind: censusSyncTraits.kind, spec: syncSpec },
  census_dataset: { kind: censusDatasetTraits.kind, spec: datasetSpec },
};

/** Where hidden attributes stand in a spec, if not under their own name. */
const renamed: Readonly<Record<string, string>> = {
  field_mapping: 'mappings',
  alert: 'alert_attributes',
  run_mode: 'mode',
};

/** By these a thing is found, and so they cannot be hidden. */
const shown: ReadonlySet<string> = new Set(['label', 'name', 'id', 'workspace_id']);

function importsOf(file: ImportFile, side: ImportSide): Imports {
  const problems: Diagnostic[] = [];
  const wrong = (path: Pointer, expected: string, whose = '') => {
    const message = `${whose}${attributeOf(path)} is not ${expected}.`;
    const hint = 'Write the file anew with `terraform show -json`; a state is not edited by hand.';
    problems.push({
      severity: 'error',
      code: 'wrong-type',
      message,
      hint,
      file: file.file,
      ...file.place(0, path, 'value'),
      unquoted: true,
    });
  };
  const state = stateIn(file.documents[0] ?? null, (path, expected) => wrong(path, expected));
  if (state === undefined) return { ...nothing, problems: [noState(file)] };
  const own = state.resources.filter(({ type }) => Object.hasOwn(readers, type));
  const isHere = ({ values }: StateResource) =>
    side.workspace === undefined ||
    values.workspace_id == null ||
    String(values.workspace_id) === String(side.workspace);
  const left: ImportLeft[] = [];
  const things = own.filter(isHere).flatMap((resource) => thingOf(resource, side, wrong, left));
  const notes = [
    ...(state.form === 'raw'
      ? [
          `${file.file} is a raw state, whose form Terraform may change; \`terraform show -json\` prints one that stays.`,
        ]
      : []),
    ...strangers(state.resources),
    ...elsewhere(own.filter((one) => !isHere(one))),
    ...(state.data === 0
      ? []
      : [`${counted(state.data, 'data source was', 'data sources were')} passed over; they declare nothing.`]),
  ];
  return { things, left, notes, problems, release: (places) => releaseOf(own, places) };
}

function thingOf(
  resource: StateResource,
  side: ImportSide,
  wrong: (path: Pointer, expected: string, whose: string) => void,
  left: ImportLeft[],
): ImportedThing[] {
  const { address, type, values, path, sensitive } = resource;
  const how = readers[type];
  if (how === undefined) return [];
  const told: Told = {
    wrong: (at, expected) => wrong(at, expected, `${address}: `),
    unmapped: (at) => {
      const message = `${address}: ${attributeOf(at)} has no place in a manifest and was left out.`;
      left.push({ address: null, id: null, place: address, code: 'unmapped', message });
    },
  };
  const reader = readerOf(values, path, told);
  const id = reader.id('id');
  if (id === undefined) {
    told.wrong(`${path}/id`, 'an id');
    return [];
  }
  const found = foundBy(side, how.kind, id, values);
  const live =
    'id' in found ? side.thing(how.kind, found.id) : side.things(how.kind).find((one) => one.label === found.label);
  const spec = how.spec(reader, live?.spec, told);
  const hide = [...sensitive].filter((key) => !shown.has(key)).map((key) => `/${renamed[key] ?? key}`);
  const here = hide.filter((one) => spec[one.slice(1)] !== undefined);
  return [{ kind: how.kind, place: address, found, spec, hide: here }];
}

/** The ids of a state are those of API v1. Another API may have others: there a label that agrees proves an id, or else it counts alone. */
function foundBy(side: ImportSide, kind: string, id: string, { label, name }: JsonObject): ImportedThing['found'] {
  const said = label ?? name;
  if (side.api === stateApi || typeof said !== 'string' || said === '') return { id };
  return side.thing(kind, id)?.label === said ? { id } : { label: said };
}

/** The API that the vendor's provider uses. */
const stateApi = 'v1';

/** Resources that nothing here manages, by type. */
function strangers(resources: readonly StateResource[]): string[] {
  const counts = new Map<string, number>();
  for (const { type } of resources) if (!Object.hasOwn(readers, type)) counts.set(type, (counts.get(type) ?? 0) + 1);
  return [...counts].map(
    ([type, count]) =>
      `${count} ${type} ${count === 1 ? 'is' : 'are'} not managed by Syncline and ${count === 1 ? 'stays' : 'stay'} with Terraform.`,
  );
}

/** Resources of other workspaces, which are other targets. */
function elsewhere(resources: readonly StateResource[]): string[] {
  const counts = new Map<string, number>();
  for (const { values } of resources) {
    const workspace = String(values.workspace_id);
    counts.set(workspace, (counts.get(workspace) ?? 0) + 1);
  }
  return [...counts].map(
    ([workspace, count]) =>
      `${counted(count, 'resource belongs', 'resources belong')} to workspace ${workspace}, and not to this target's; import into a target of that workspace.`,
  );
}

function counted(count: number, one: string, several: string): string {
  return `${count} ${count === 1 ? one : several}`;
}

/** A path as Terraform writes it: `field_mapping[0].from`. */
function attributeOf(path: Pointer): string {
  const names = tokens(path);
  const last = names.findLastIndex((name) => name === 'values' || name === 'attributes');
  const own = names.slice(last + 1);
  if (own.length === 0) return 'the value';
  return own.reduce(
    (text, name) => (/^\d+$/.test(name) ? `${text}[${name}]` : text === '' ? name : `${text}.${name}`),
    '',
  );
}

function noState({ file, documents, place }: ImportFile): Diagnostic {
  const [document] = documents;
  const isPlan = typeof document === 'object' && document !== null && 'planned_values' in document;
  const message = isPlan
    ? 'This is the JSON of a Terraform plan, and not of a state.'
    : 'This is no state of Terraform.';
  const hint = 'Write one with `terraform show -json > state.json`, without the name of a plan file.';
  return { severity: 'error', code: 'not-a-state', message, hint, file, ...place(0, '', 'value'), unquoted: true };
}
