import { fabraSyncTraits } from '../../../generated/fabra-sync-traits.ts';
import type { KindDefinition } from '../../../model/kind.ts';
import { canonical } from './canonical.ts';

/** What a `FabraSync` manifest means. Pure: loads no transport. */
export const fabraSync: KindDefinition = {
  kind: 'FabraSync',
  provider: 'fabra',
  traits: fabraSyncTraits,
  ghosts: true,
  rules: async () => (await import('./rules.ts')).rules,
  canonical,
  written: async () => (await import('./written.ts')).written,
};

/** The same for the API as its reference describes it, which has fewer words. */
export const fabraSyncDocumented: KindDefinition = {
  ...fabraSync,
  rules: async () => (await import('./rules.ts')).documentedRules,
};
