import { censusDatasetTraits } from '../../../generated/census-dataset-traits.ts';
import { censusSyncTraits } from '../../../generated/census-sync-traits.ts';
import type { Migration } from '../../../model/service.ts';
import type { Reference } from '../../../model/traits.ts';
import type { ConnectOptions } from '../../connect-options.ts';
import { survey } from './survey.ts';

/** Fields of a sync that v2 alone has: v1 says the same with the ids of its source and its destination. */
const activation = ['/activation', '/activation_id'];

const source = '/source_attributes/connection_id';

/** Ids in the body of a sync that no manifest can say by name. */
const unnamed: readonly Reference[] = [unnamedIn('filter_segment', 'segments'), unnamedIn('cohort', 'cohorts')];

/** Between the APIs v1 and v2: where v1 has a destination, v2 has one activation for each source that is written to it. */
export const migration: Migration<ConnectOptions> = {
  older: 'v1',
  newer: 'v2',
  grammars: {
    [censusSyncTraits.kind]: { references: withinSource(censusSyncTraits.references), own: activation },
    [censusDatasetTraits.kind]: { references: censusDatasetTraits.references, own: [] },
  },
  grouped: 'sources',
  called: { destinations: 'activations (a source and a destination each)' },
  unlisted: (collection) => ({
    id: 'A08',
    message: `The ids of ${collection} are taken to be the same in v1 and v2, for they cannot be listed in both.`,
  }),
  survey,
};

function withinSource(references: readonly Reference[]): readonly Reference[] {
  const shared = references.filter(({ into }) => !activation.includes(into));
  return [...shared, ...unnamed].map((one) => (one.collection === 'destinations' ? { ...one, within: source } : one));
}

function unnamedIn(field: string, collection: string): Reference {
  const path = `/source_attributes/${field}`;
  return { path, into: `${path}_id`, id: 'number', collection, within: source };
}
