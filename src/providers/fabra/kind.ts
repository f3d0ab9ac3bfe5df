import { fabraSyncTraits } from '../../generated/fabra-sync-traits.ts';
import { validateFabraSync } from '../../generated/validators.js';
import type { KindDefinition } from '../../model/kind.ts';
import { canonical } from './canonical.ts';
import { check } from './checks.ts';
import { unsayable } from './unsayable.ts';

/** What a `FabraSync` manifest means. Pure: loads no transport. */
export const fabraSync: KindDefinition = {
  kind: 'FabraSync',
  provider: 'fabra',
  traits: fabraSyncTraits,
  deadRows: true,
  validate: validateFabraSync,
  check,
  canonical,
};

/** The same for the API as its reference describes it, which has fewer words. */
export const fabraSyncDocumented: KindDefinition = {
  ...fabraSync,
  check: (spec) => [...check(spec), ...unsayable(spec)],
};
