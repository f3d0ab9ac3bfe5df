import type { KindDefinition } from '../../../model/kind.ts';
import { canonicalV2 } from '../language/canonical-v2.ts';
import { censusDataset } from '../language/dataset/kind.ts';
import { censusSync } from '../language/kind.ts';
import { censusSyncTraitsV2 } from './traits.ts';

/** What manifests of Census mean at API v2. Pure: loads no transport. */
export const kindsOfV2: readonly KindDefinition[] = [
  {
    ...censusSync,
    traits: censusSyncTraitsV2,
    rules: async () => (await import('../language/rules.ts')).rulesOfV2,
    canonical: canonicalV2,
  },
  censusDataset,
];
