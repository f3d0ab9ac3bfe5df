import { validateCensusSync } from '../../../generated/validators/census-sync.js';
import type { KindRules } from '../../../model/kind.ts';
import { check } from './checks.ts';
import { look } from './look.ts';
import { propose } from './propose.ts';

/** What a `CensusSync` manifest is judged by. */
export const rules: KindRules = { validate: validateCensusSync, check, look, propose };
