import type { Dataset, Workspace } from '../../src/emulator/census-v1/state.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { type Key, keyOf, partsOf } from '../../src/model/live.ts';
import { censusDataset } from '../../src/providers/census/language/dataset/kind.ts';
import type { Declaration, Facts, Meddling, Truth } from './service.ts';

/** What the description says of a dataset that is paused, as far as a dataset can be. */
const onHold = 'On hold';

export function datasetKey(id: number): Key {
  return keyOf(censusDataset.kind, String(id));
}

export function datasetSpec({ name, label, paused, tag }: Declaration): JsonObject {
  return {
    name: label,
    type: 'sql',
    source_id: 501,
    query: `select EMAIL from users where mark = '${name}' and tag = '${tag}'`,
    ...(paused === undefined ? {} : { description: paused ? onHold : null }),
  };
}

export function datasetTruth({ id, name, query, description }: Dataset): Truth {
  return {
    key: datasetKey(id),
    label: name,
    paused: description === onHold,
    tag: undefined,
    mark: undefined,
    source: null,
    ...marksOf(query),
  };
}

export function wantedDataset({ name, query, description }: JsonObject): Partial<Facts> {
  return {
    ...(typeof name === 'string' ? { label: name } : {}),
    ...(description === undefined ? {} : { paused: description === onHold }),
    ...marksOf(query),
  };
}

function marksOf(query: unknown): Partial<Pick<Facts, 'mark' | 'tag'>> {
  const [, mark, tag] = /where mark = '(.*)' and tag = '(.*)'$/.exec(String(query)) ?? [];
  return mark === undefined ? {} : { mark, tag };
}

/** What somebody else does to a dataset. One that syncs read goes all the same. */
export function meddleDataset({ datasets }: Workspace, what: Exclude<Meddling, { readonly kind: 'make' }>): void {
  const id = Number(partsOf(what.key).id);
  const dataset = datasets.get(id);
  if (dataset === undefined) return;
  switch (what.kind) {
    case 'delete':
      datasets.remove(id);
      return;
    case 'pause':
      datasets.put({ ...dataset, description: onHold });
      return;
    case 'retag':
      // Whose it is it goes on saying: an undo may make it again as it was found.
      datasets.put({ ...dataset, query: dataset.query.replace(/tag = '.*'$/, "tag = 'theirs'"), columns: [] });
      return;
    default:
      datasets.put({ ...dataset, name: what.label });
  }
}
