import type { Describe, Endpoint, Referent } from '../../../model/about.ts';
import type { Spec } from '../../../model/json.ts';
import { isGiven } from '../../../wire/json.ts';

/** What a Fabra sync is: which table it reads, which object rows become, how, and when. */
export const aboutSync: Describe = (spec, at) => {
  const when = runsWhen(spec);
  const isPaused = spec.status === 'paused' && when !== 'never';
  return {
    source: end(at('/source_id'), tableWords(spec)),
    destination: end(at('/destination_id'), objectWords(at('/object_id'))),
    operation: typeof spec.sync_mode === 'string' ? spec.sync_mode : null,
    schedule: isPaused ? [when, 'paused'].filter((words) => words !== null).join(', ') : when,
  };
};

function end({ id, name, address }: Referent, object: string | null): Endpoint | null {
  const isKnown = id !== null || name !== null || object !== null;
  return isKnown ? { id, name, object, address } : null;
}

function tableWords({ custom_join: join, namespace, table_name: table }: Spec): string | null {
  if (isGiven(join)) return 'a custom join';
  return isGiven(table) ? [namespace, table].filter(isGiven).join('.') : null;
}

function objectWords({ name, id }: Referent): string | null {
  return name ?? (id === null ? null : `object ${id}`);
}

/** `every 30 minutes`; null where it is left to the object, or nobody knows. */
function runsWhen({ recurring, frequency, frequency_units: units }: Spec): string | null {
  if (recurring === false) return 'never';
  if (recurring !== true || typeof frequency !== 'number' || typeof units !== 'string') return null;
  const word = frequency === 1 && Object.hasOwn(singular, units) ? singular[units] : undefined;
  return word ?? `every ${frequency} ${units}`;
}

const singular: Readonly<Record<string, string>> = {
  minutes: 'every minute',
  hours: 'hourly',
  days: 'daily',
  weeks: 'weekly',
};
