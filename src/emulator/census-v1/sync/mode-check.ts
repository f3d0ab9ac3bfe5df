import { idOf, isObject, type Json, type JsonObject, objectAt } from '../../json.ts';
import { cronTime } from './cron.ts';
import type { Draft } from './draft.ts';
import { days, frequencies } from './vocabulary.ts';

const triggerKinds = ['schedule', 'dbt_cloud', 'fivetran', 'sync_sequence'];

/** The first reason to refuse a `mode`; null and absent members count as not there. */
export function modeProblem(mode: Json | undefined, draft: Draft): string | undefined {
  if (mode === undefined || mode === null) return undefined;
  if (!isObject(mode)) return 'mode must be an object';
  const type = mode.type ?? 'triggered';
  if (type !== 'triggered' && type !== 'live') return 'mode.type must be triggered';
  if (type === 'live' && draft.world.quirks.liveMode === 'reject') return 'mode.type live is no longer supported';
  const triggers = mode.triggers ?? {};
  if (!isObject(triggers)) return 'mode.triggers must be an object';
  for (const kind of triggerKinds) {
    const trigger = triggers[kind] ?? undefined;
    if (trigger === undefined) continue;
    if (!isObject(trigger)) return `mode.triggers.${kind} must be an object`;
    const problem = kind === 'schedule' ? scheduleProblem(trigger) : eventProblem(kind, trigger, draft);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function scheduleProblem(schedule: JsonObject): string | undefined {
  const { frequency, day, cron_expression: cron } = schedule;
  if (typeof frequency !== 'string' || !frequencies.includes(frequency)) {
    return `mode.triggers.schedule.frequency must be one of ${frequencies.join(', ')}`;
  }
  const dayGiven = (day ?? undefined) !== undefined;
  if ((dayGiven || frequency === 'weekly') && (typeof day !== 'string' || !days.includes(day))) {
    return `mode.triggers.schedule.day must be one of ${days.join(', ')}`;
  }
  // The documentation allows hour 24.
  const time = rangeProblem(schedule.hour, 'hour', 24) ?? rangeProblem(schedule.minute, 'minute', 59);
  if (time !== undefined) return time;
  const cronGiven = (cron ?? undefined) !== undefined;
  if ((cronGiven || frequency === 'expression') && (typeof cron !== 'string' || cronTime(cron) === undefined)) {
    return 'mode.triggers.schedule.cron_expression must be a cron expression of five fields';
  }
  return undefined;
}

function rangeProblem(value: Json | undefined, name: string, to: number): string | undefined {
  if (value === undefined || value === null) return undefined;
  const fits = typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= to;
  return fits ? undefined : `mode.triggers.schedule.${name} must be an integer from 0 to ${to}`;
}

function eventProblem(kind: string, trigger: JsonObject, draft: Draft): string | undefined {
  if (kind === 'sync_sequence') return sequenceProblem(trigger, draft);
  const needed = kind === 'dbt_cloud' ? ['project_id', 'job_id'] : ['job_id', 'job_name'];
  const missing = needed.find((key) => !isText(trigger[key]));
  return missing === undefined ? undefined : `mode.triggers.${kind}.${missing} is required`;
}

function isText(value: Json | undefined): boolean {
  return typeof value === 'number' || (typeof value === 'string' && value !== '');
}

function sequenceProblem(trigger: JsonObject, { workspace, existing, world }: Draft): string | undefined {
  const id = idOf(trigger.sync_id);
  if (id === undefined) return 'mode.triggers.sync_sequence.sync_id is required';
  if (id === existing?.id) return 'A sync cannot be triggered by itself';
  if (workspace.syncs.get(id) === undefined) return `Sync ${id} in mode.triggers.sync_sequence could not be found`;
  const circle =
    world.quirks.sequenceCircles === 'reject' && existing !== undefined && leadsTo(id, existing.id, workspace);
  return circle ? 'mode.triggers.sync_sequence must not form a circle' : undefined;
}

/** Does the chain of parents of one sync reach the other? */
function leadsTo(from: number, to: number, workspace: Draft['workspace']): boolean {
  const seen = new Set<number>();
  let here: number | undefined = from;
  while (here !== undefined && !seen.has(here)) {
    if (here === to) return true;
    seen.add(here);
    here = parentOf(here, workspace);
  }
  return false;
}

function parentOf(sync: number, { syncs }: Draft['workspace']): number | undefined {
  const mode = objectAt(syncs.get(sync)?.body ?? {}, 'mode');
  return idOf(objectAt(objectAt(mode, 'triggers'), 'sync_sequence').sync_id);
}
