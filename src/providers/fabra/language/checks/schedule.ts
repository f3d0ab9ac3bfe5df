import type { Problem } from '../../../../model/diagnostic.ts';
import type { Spec } from '../../../../model/json.ts';
import { error, isSet, warning } from './problem.ts';

/** The shortest time between two runs that the server takes, in minutes. */
const shortest = 30;

/** Rules over when the sync runs. */
export function checkSchedule(spec: Spec): readonly Problem[] {
  return [...checkRecurring(spec), ...checkFrequency(spec)];
}

/**
 * Where a part is missing and the object has none either, the server breaks off the request and may leave half a sync. What the
 * object has is looked up before anything is sent.
 */
function checkRecurring(spec: Spec): readonly Problem[] {
  if (spec.recurring !== true) return [];
  const missing = ['frequency', 'frequency_units'].filter((key) => !isSet(spec[key]));
  if (missing.length === 0) return [];
  const names = missing.map((key) => `\`${key}\``).join(' and ');
  const hint = `Add ${names}, for example \`frequency: 1\` and \`frequency_units: hours\`, unless the object has them.`;
  return [warning('recurring-needs-frequency', ['recurring'], `A recurring sync has no ${names}.`, hint)];
}

function checkFrequency(spec: Spec): readonly Problem[] {
  const { frequency, frequency_units: units, recurring } = spec;
  if (typeof frequency !== 'number' || frequency >= shortest || units !== 'minutes' || recurring === false) return [];
  const hint = `Write at least ${shortest} minutes, or larger units.`;
  if (recurring === true) {
    const message = `A sync runs every ${shortest} minutes at the most, and this one is to run every ${frequency}.`;
    return [error('frequency-too-short', ['frequency'], message, hint)];
  }
  const message = `If the object makes this sync recurring, the server refuses fewer than ${shortest} minutes.`;
  return [warning('frequency-too-short', ['frequency'], message, hint)];
}
