import { isObject, type Json } from '../../model/json.ts';
import type { FieldTrait, Impact } from '../../model/traits.ts';
import { equal } from './equal.ts';

/** What holds the field on either side: a rule's `when` is tested against both. */
export interface Surroundings {
  readonly live: Json | undefined;
  readonly desired: Json | undefined;
}

/** The two values of a field that changes; null where it is not set. */
export interface Values {
  readonly from: Json;
  readonly to: Json;
}

/** The impact of a change of a field, by the first rule of its trait that fits; undefined where no rule does. */
export function impactOf(trait: FieldTrait, { from, to }: Values, around: Surroundings): Impact | undefined {
  for (const rule of trait.impact ?? []) {
    if (rule.to !== undefined && !equal(rule.to, to)) continue;
    if (rule.from !== undefined && !equal(rule.from, from)) continue;
    if (rule.when !== undefined && !fits(rule.when, around.live) && !fits(rule.when, around.desired)) continue;
    return rule.impact;
  }
  return undefined;
}

function fits(when: Readonly<Record<string, Json>>, holder: Json | undefined): boolean {
  return isObject(holder) && Object.entries(when).every(([key, value]) => equal(holder[key], value));
}
