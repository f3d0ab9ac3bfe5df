import { censusSyncTraits } from '../../../../generated/census-sync-traits.ts';
import type { ImportedThing, Importer, ImportSide, Imports } from '../../../../model/import.ts';
import { isObject, type Json, type JsonObject, type Pointer, type Spec, valueAt } from '../../../../model/json.ts';
import type { Live } from '../../../../model/live.ts';
import { present } from '../../../../wire/json.ts';
import { readerOf, type Told } from '../reader.ts';
import { bare, meaningOf, slugOf } from './names.ts';
import { type Findings, keysOf, type Resource, resourcesIn, toldOf } from './resource.ts';
import { type Ids, syncSpec, tableKeys } from './sync.ts';

/** Reads the folder of GitLink, the vendor's earlier syncs as code. */
export const gitlink: Importer = {
  reads: 'yaml-folder',
  imports: async (files, side) => {
    const findings: Findings = { problems: [], left: [] };
    const resources = resourcesIn(files, findings);
    const things: ImportedThing[] = [];
    for (const one of resources)
      if (one.type === 'sync') things.push(...(await thingOf(one, resources, side, findings)));
    const notes = resources.filter(({ type }) => type !== 'sync').map(stranger);
    return { things, notes, ...findings } satisfies Imports;
  },
};

function stranger({ type, slug, path, at }: Resource): string {
  return `${at(path, 'key')}: ${type}:${slug} is not managed by Syncline; syncs go on using it.`;
}

async function thingOf(
  resource: Resource,
  resources: readonly Resource[],
  side: ImportSide,
  findings: Findings,
): Promise<ImportedThing[]> {
  const told = toldOf(resource, findings);
  const place = resource.at(resource.path, 'key');
  const { label } = resource.value;
  const found = livesOf(resource, side);
  const [live] = found;
  if (live === undefined || found.length > 1) {
    // Which sync it is, if any, whoever is told this says; here only its form is judged.
    const formOnly: Told = { ...told, unmapped: () => undefined };
    syncSpec(readerOf(resource.value, resource.path, formOnly), noIds, undefined, formOnly);
    return [thing(place, { label: typeof label === 'string' ? label : (live?.label ?? resource.slug) }, {})];
  }
  const ids = await idsOf({ resource, resources, side, findings, told, live: live.spec });
  const sync = readerOf(resource.value, resource.path, told);
  const spec = ids === undefined ? undefined : syncSpec(sync, ids, live.spec, told);
  return spec === undefined ? [] : [thing(place, { id: live.id }, spec)];
}

const noIds: Ids = { source: null, destination: null, object: {}, parent: undefined };

function thing(place: string, found: ImportedThing['found'], spec: Spec): ImportedThing {
  return { kind: censusSyncTraits.kind, place, found, spec, hide: [] };
}

/** The syncs that a resource may be: those with its label, and without one those whose label gives its slug. */
function livesOf({ value, slug }: Resource, side: ImportSide): readonly Live[] {
  const { label } = value;
  const isIt = (one: Live) =>
    typeof label === 'string' ? one.label === label : one.label !== undefined && slugOf(one.label) === slugOf(slug);
  return side.things(censusSyncTraits.kind).filter(isIt);
}

interface Lookup {
  readonly resource: Resource;
  readonly resources: readonly Resource[];
  readonly side: ImportSide;
  readonly findings: Findings;
  readonly told: Told;
  readonly live: Spec | undefined;
}

/** The ids that identifiers stand for; undefined where one of them stands for nothing, which is told. */
async function idsOf(lookup: Lookup): Promise<Ids | undefined> {
  const { live } = lookup;
  const find = (path: Pointer, collection: string, held: Pointer, within?: Json) =>
    idAt(lookup, path, { collection, within, held: valueAt(live, held) });
  const source = await find('/source/connection_identifier', 'sources', '/source_attributes/connection_id');
  const destination = await find(
    '/destination/connection_identifier',
    'destinations',
    '/destination_attributes/connection_id',
  );
  const object = source === undefined ? undefined : await objectOf(lookup, source);
  const parent = parentOf(lookup);
  if (source === undefined || destination === undefined || object === undefined || parent === 'unknown')
    return undefined;
  return { source, destination, object, parent: parent === 'none' ? undefined : parent.id };
}

/** The collections in which things of a source are looked up, and what the API calls them. */
const collections: Readonly<Record<string, readonly [type: string, collection: string, within: boolean]>> = {
  model: ['model', 'models', true],
  segment: ['segment', 'segments', true],
  entity: ['dataset', 'datasets', false],
  dataset: ['dataset', 'datasets', false],
};

/** What is read of a source. A cohort cannot be looked up, and neither can the dataset of a segment: the live sync tells them. */
async function objectOf(lookup: Lookup, source: Json): Promise<JsonObject | undefined> {
  const { resource, live } = lookup;
  const said = valueAt(resource.value, '/source');
  const given = isObject(said) ? said : {};
  const { type } = given;
  const held = valueAt(live, '/source_attributes/object');
  const own = isObject(held) ? held : {};
  if (type === 'table') return { type, ...present(Object.fromEntries(tableKeys.map((key) => [key, given[key]]))) };
  if (type === 'cohort' && own.type === 'cohort') return own;
  const known = typeof type === 'string' && Object.hasOwn(collections, type) ? collections[type] : undefined;
  if (known === undefined) {
    unknown(lookup, '/source/object_identifier', 'unknown-name', `and a ${String(type)} cannot be looked up`);
    return undefined;
  }
  const [kind, collection, within] = known;
  const id = await idAt(lookup, '/source/object_identifier', {
    collection,
    within: within ? source : undefined,
    held: own.type === kind ? own.id : undefined,
  });
  if (id === undefined) return undefined;
  return own.type === kind && String(own.id) === String(id) ? own : { type: kind, id };
}

async function idAt(
  lookup: Lookup,
  path: Pointer,
  place: { readonly collection: string; readonly within?: Json | undefined; readonly held?: Json | undefined },
): Promise<Json | undefined> {
  const identifier = valueAt(lookup.resource.value, path);
  if (typeof identifier !== 'string') {
    lookup.told.wrong(`${lookup.resource.path}${path}`, 'an identifier');
    return undefined;
  }
  const meaning = await meaningOf(lookup.side, identifier, place);
  if ('id' in meaning) return meaning.id;
  unknown(lookup, path, meaning.code, meaning.why);
  return undefined;
}

/** The sync whose success starts this one: another one of the folder, or a live one whose label gives that slug. */
function parentOf(lookup: Lookup): { readonly id: Json } | 'none' | 'unknown' {
  const { resource, resources, side } = lookup;
  const path = '/triggers/on_other_sync_success';
  const identifier = valueAt(resource.value, path);
  if (identifier === undefined || identifier === null || identifier === '') return 'none';
  if (typeof identifier !== 'string') {
    lookup.told.wrong(`${resource.path}${path}`, 'an identifier');
    return 'unknown';
  }
  const own = resources.find(({ type, slug }) => type === 'sync' && slug === bare(identifier));
  const [parent, other] = livesOf(own ?? { ...resource, value: {}, slug: bare(identifier) }, side);
  if (parent !== undefined && other === undefined) return { id: Number(parent.id) };
  unknown(lookup, path, 'unknown-name', 'and it is not certain which live sync that is');
  return 'unknown';
}

function unknown(
  { resource, findings }: Lookup,
  path: Pointer,
  code: 'unknown-name' | 'ambiguous-name',
  why: string,
): void {
  const place = resource.at(`${resource.path}${path}`);
  const identifier = valueAt(resource.value, path);
  const name = typeof identifier === 'string' ? ` "${identifier}"` : '';
  const message = `${place}: ${keysOf(`${resource.path}${path}`)} is${name}, ${why}, so ${resource.type}:${resource.slug} was not taken over.`;
  findings.left.push({ address: null, id: null, place, code, message });
}
