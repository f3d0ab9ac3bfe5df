import { censusDatasetTraits } from '../../../../generated/census-dataset-traits.ts';
import { validateCensusDataset } from '../../../../generated/validators/census-dataset.js';
import type { KindRules } from '../../../../model/kind.ts';
import { serverFieldsCheck } from '../checks/server-fields.ts';
import { nameOf } from '../look/source.ts';
import { look } from './look.ts';

/** What a `CensusDataset` manifest is judged by. */
export const rules: KindRules = {
  validate: validateCensusDataset,
  check: serverFieldsCheck(censusDatasetTraits.spec, []),
  look,
  propose: ({ sources = [] }) => ({ '/source': sources.map(nameOf) }),
};
