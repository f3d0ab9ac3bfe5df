import type { Problem } from '../../../model/diagnostic.ts';
import type { Spec } from '../../../model/json.ts';
import { checkAnswer } from './checks/answer.ts';
import { checkMappings } from './checks/mappings.ts';
import { checkReading } from './checks/reading.ts';
import { checkSchedule } from './checks/schedule.ts';

/**
 * Everything about a Fabra sync that its schema cannot say, offline: above all what the server accepts in silence and then does
 * differently. Expects a spec that the schema accepts.
 */
export function check(spec: Spec): readonly Problem[] {
  return [...checkAnswer(spec), ...checkReading(spec), ...checkSchedule(spec), ...checkMappings(spec)];
}
