import { validateCensusSync } from '../../../generated/validators/census-sync.js';
import type { KindRules } from '../../../model/kind.ts';
import { checkConnections } from './checks/activation.ts';
import { check } from './checks.ts';
import { look } from './look.ts';
import { propose } from './propose.ts';

/** What a `CensusSync` manifest is judged by at API v2. */
export const rulesOfV2: KindRules = { validate: validateCensusSync, check, look, propose };

/** The same at API v1. */
export const rules: KindRules = {
  ...rulesOfV2,
  check: (spec, tools) => [...checkConnections(spec), ...check(spec, tools)],
};
