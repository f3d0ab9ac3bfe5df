import { censusSyncTraits } from '../../generated/census-sync-traits.ts';
import { validateCensusSync } from '../../generated/validators.js';
import type { KindDefinition } from '../../model/kind.ts';
import { canonical } from './canonical.ts';
import { check } from './checks.ts';

/** What a `CensusSync` manifest means. Pure: loads no transport. */
export const censusSync: KindDefinition = {
  kind: 'CensusSync',
  provider: 'census',
  traits: censusSyncTraits,
  deadRows: false,
  validate: validateCensusSync,
  check,
  canonical,
};
