import { censusDatasetTraits } from '../../../../generated/census-dataset-traits.ts';
import type { Http } from '../../../../http/client.ts';
import type { Resource } from '../../../../model/provider.ts';
import { present } from '../../../../wire/json.ts';
import { aboutDataset } from '../../language/dataset/about.ts';
import { type Collection, capabilities, everyKind } from '../../wire/collection.ts';
import { decodeDataset } from '../../wire/dataset/decode.ts';
import { createDataset, patchDataset, refreshColumns } from '../../wire/dataset/send.ts';

const collection: Collection = { path: '/api/v1/datasets', noun: censusDatasetTraits.noun, decode: decodeDataset };

/**
 * Datasets of a workspace, of all types: labels are unique over all of them. `open` hands out the client that carries its key. Facts:
 * create takes `source_id`; PATCH takes `name`, `query` and `description` (API reference, "Datasets").
 */
export function datasets(open: () => Promise<Http>): Resource {
  return {
    kind: censusDatasetTraits.kind,
    traits: censusDatasetTraits,
    capabilities: { ...capabilities, checks: 'none' },
    about: aboutDataset,
    ...everyKind(open, collection),
    // What a create has to say: null means the same as nothing.
    create: async (desired) => ({ id: await createDataset(await open(), collection, present(desired)), unset: [] }),
    update: async ({ live }, desired, changed) => {
      await patchDataset(await open(), collection, live.id, { desired, changed });
      return undefined;
    },
    check: async () => ({ status: 'unchecked', message: 'The API has no check for a dataset.' }),
    prepare: async (id, patience) => refreshColumns(await open(), collection, id, patience),
  };
}
