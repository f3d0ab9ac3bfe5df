import { censusSyncTraits } from '../../../generated/census-sync-traits.ts';
import type { KindDefinition } from '../../../model/kind.ts';
import { canonical } from './canonical.ts';

/** What a `CensusSync` manifest means. Pure: loads no transport. */
export const censusSync: KindDefinition = {
  kind: 'CensusSync',
  provider: 'census',
  traits: censusSyncTraits,
  ghosts: false,
  rules: async () => (await import('./rules.ts')).rules,
  canonical,
  written: async () => (await import('./written.ts')).written,
};
