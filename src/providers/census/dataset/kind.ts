import { censusDatasetTraits } from '../../../generated/census-dataset-traits.ts';
import { validateCensusDataset } from '../../../generated/validators.js';
import type { KindDefinition } from '../../../model/kind.ts';
import { serverFieldsCheck } from '../checks/server-fields.ts';
import { canonicalDataset } from './canonical.ts';

/** What a `CensusDataset` manifest means. Pure: loads no transport. */
export const censusDataset: KindDefinition = {
  kind: 'CensusDataset',
  provider: 'census',
  traits: censusDatasetTraits,
  deadRows: false,
  validate: validateCensusDataset,
  check: serverFieldsCheck(censusDatasetTraits.spec, []),
  canonical: canonicalDataset,
};
