import type { Sync } from '../../src/emulator/census-v1/state.ts';
import { address } from '../../src/model/address.ts';
import { isList, isObject, type Json, type JsonObject } from '../../src/model/json.ts';
import { keyOf } from '../../src/model/live.ts';
import { censusDataset } from '../../src/providers/census/language/dataset/kind.ts';
import { censusSync } from '../../src/providers/census/language/kind.ts';
import { datasetKey, wantedDataset } from './census-dataset.ts';
import type { Declaration, Facts, Meaning, Request } from './service.ts';

const kindAt: Readonly<Record<string, string>> = { syncs: censusSync.kind, datasets: censusDataset.kind };

export function meaning({ method, path, body }: Request, prefix: string): Meaning {
  const below = path.startsWith(prefix) ? path.slice(prefix.length) : '';
  const [, place = '', id, job] = /^\/(syncs|datasets)(?:\/(\d+)(\/refresh_columns)?)?$/.exec(below) ?? [];
  const kind = kindAt[place];
  if (kind === undefined) return { kind: 'other' };
  const sent: JsonObject = body === '' ? {} : JSON.parse(body);
  const source = sourceIn(sent);
  if (id !== undefined) {
    const key = keyOf(kind, id);
    if (job !== undefined) return { kind: 'prepare', key };
    if (method === 'PATCH') return { kind: 'update', key, source };
    return method === 'DELETE' ? { kind: 'delete', key } : { kind: 'read' };
  }
  if (method === 'GET') return { kind: 'list' };
  const mark = kind === censusDataset.kind ? wantedDataset(sent).mark : constantOf(sent, 'Mark');
  return {
    kind: sent.validate_only === true ? 'check' : 'create',
    of: kind,
    address: mark === undefined ? undefined : address(kind, mark),
    source,
  };
}

/** What stands in the place of the id of a dataset; undefined where the source is none. */
export function sourceIn({ source_attributes: source }: JsonObject): Json | undefined {
  const object = isObject(source) && isObject(source.object) ? source.object : {};
  return object.type === 'dataset' ? (object.id ?? null) : undefined;
}

export function specIn({ name, label, paused, tag, after }: Declaration, source: string | undefined): JsonObject {
  const object = source === undefined ? { type: 'model', id: 15 } : { type: 'dataset', name: source };
  return {
    label,
    operation: 'upsert',
    source_attributes: { connection_id: 501, object },
    // What is sent to the other one cannot change its source in place.
    destination_attributes: { connection_id: source !== undefined && name === 'c' ? 602 : 601, object: 'Contact' },
    mappings: [
      { from: 'EMAIL', to: 'Email', primary: true },
      { from: { constant: name }, to: 'Mark' },
      { from: { constant: tag }, to: 'Tag' },
    ],
    ...(paused === undefined ? {} : { paused }),
    ...(after === undefined ? {} : { mode: { triggers: { sync_sequence: { sync: after } } } }),
  };
}

export function truthOf({ body }: Sync, isInPlace: boolean): Facts {
  const source = sourceIn(body);
  return {
    label: String(body.label),
    paused: body.paused === true,
    tag: tagOf(body, isInPlace),
    mark: constantOf(body, 'Mark'),
    source: source === undefined ? null : datasetKey(Number(source)),
  };
}

/** A tag that no manifest has, where a sync is not where it belongs. */
function tagOf(spec: JsonObject, isInPlace: boolean): string | undefined {
  const tag = constantOf(spec, 'Tag');
  return isInPlace || tag === undefined ? tag : `${tag}, out of place`;
}

export function wanted(spec: JsonObject, isInPlace: boolean | undefined): Partial<Facts> {
  return {
    ...(typeof spec.label === 'string' ? { label: spec.label } : {}),
    ...(typeof spec.paused === 'boolean' ? { paused: spec.paused } : {}),
    ...(isList(spec.mappings) ? { mark: constantOf(spec, 'Mark') } : {}),
    ...(isList(spec.mappings) && isInPlace !== undefined ? { tag: tagOf(spec, isInPlace) } : {}),
    ...wantedSource(spec),
  };
}

/** Before its dataset has an id, a spec says only that there is one. */
function wantedSource(spec: JsonObject): Partial<Facts> {
  if (!isObject(spec.source_attributes)) return {};
  const source = sourceIn(spec);
  if (source === undefined) return { source: null };
  return typeof source === 'number' ? { source: datasetKey(source) } : {};
}

export function constantOf({ mappings }: JsonObject, to: string): string | undefined {
  const found = isList(mappings) ? mappings.find((one) => isObject(one) && one.to === to) : undefined;
  const from = isObject(found) && isObject(found.from) ? found.from : {};
  return isObject(from.data) ? String(from.data.value) : undefined;
}
