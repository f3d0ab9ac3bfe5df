import { censusSyncTraits } from '../../../generated/census-sync-traits.ts';
import type { Problem } from '../../../model/diagnostic.ts';
import type { Spec } from '../../../model/json.ts';
import type { Tools } from '../../../model/kind.ts';
import { ownKeys } from './canonical.ts';
import { checkActivation } from './checks/activation.ts';
import { checkFields } from './checks/fields.ts';
import { checkMappings } from './checks/mappings.ts';
import { serverFieldsCheck } from './checks/server-fields.ts';
import { checkSource } from './checks/source.ts';
import { checkTriggers } from './checks/triggers.ts';

const checkServerFields = serverFieldsCheck(censusSyncTraits.spec, ownKeys);

/** Everything about a Census sync that its schema cannot say, offline. Expects a spec that the schema accepts. */
export function check(spec: Spec, tools: Tools): readonly Problem[] {
  return [
    ...checkFields(spec),
    ...checkServerFields(spec),
    ...checkActivation(spec),
    ...checkSource(spec),
    ...checkMappings(spec, tools),
    ...checkTriggers(spec),
  ];
}
