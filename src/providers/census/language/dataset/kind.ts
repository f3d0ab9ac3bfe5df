import { censusDatasetTraits } from '../../../../generated/census-dataset-traits.ts';
import type { KindDefinition } from '../../../../model/kind.ts';
import { canonicalDataset } from './canonical.ts';

/** What a `CensusDataset` manifest means. Pure: loads no transport. */
export const censusDataset: KindDefinition = {
  kind: 'CensusDataset',
  provider: 'census',
  traits: censusDatasetTraits,
  ghosts: false,
  rules: async () => (await import('./rules.ts')).rules,
  canonical: canonicalDataset,
  written: async () => (spec) => spec,
};
