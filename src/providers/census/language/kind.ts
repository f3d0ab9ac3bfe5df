import { censusSyncTraits } from '../../../generated/census-sync-traits.ts';
import type { KindDefinition } from '../../../model/kind.ts';
import { without } from '../../../wire/json.ts';
import { activationKeys, canonical } from './canonical.ts';

/** What a `CensusSync` manifest means at API v1. Pure: loads no transport. */
export const censusSync: KindDefinition = {
  kind: 'CensusSync',
  provider: 'census',
  traits: censusSyncTraits,
  ghosts: false,
  rules: async () => (await import('./rules.ts')).rules,
  // It goes by the connections, and what says the same in the words of v2 is for other targets.
  canonical: (spec) => without(canonical(spec), activationKeys),
  written: async () => (await import('./written.ts')).written,
};
