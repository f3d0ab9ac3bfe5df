import { validateFabraSync } from '../../../generated/validators/fabra-sync.js';
import type { KindRules } from '../../../model/kind.ts';
import { check } from './checks.ts';
import { documentedLimits } from './documented-limits.ts';
import { look } from './look.ts';
import { propose } from './propose.ts';

/** What a `FabraSync` manifest is judged by. */
export const rules: KindRules = { validate: validateFabraSync, check, look, propose };

/** The same for the API as its reference describes it, which has fewer words. */
export const documentedRules: KindRules = { ...rules, check: (spec) => [...check(spec), ...documentedLimits(spec)] };
