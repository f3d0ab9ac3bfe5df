import { isObject, type Json, type JsonObject } from '../../json.ts';
import type { Sync } from '../state.ts';
import { acceptAlerts } from './alerts.ts';
import { findDestination } from './destination.ts';
import { type Draft, isSent } from './draft.ts';
import { findSource } from './source.ts';

/** What a checked draft leaves in the store. `updated_at` is the caller's. */
export function acceptSync(draft: Draft): Pick<Sync, 'body' | 'alerts' | 'verbatim' | 'made'> {
  const body: Record<string, Json | undefined> = { ...draft.body };
  if (isSent(draft, 'source_attributes')) body.source_attributes = acceptSource(draft, true);
  if (isSent(draft, 'destination_attributes')) body.destination_attributes = acceptDestination(draft);
  return { body, alerts: acceptAlerts(draft), ...acceptShape(draft) };
}

/** Names become ids. With `store`, what was not known before becomes known: a table, the columns of a new dataset. */
export function acceptSource(draft: Draft, store: boolean): JsonObject {
  const found = findSource(draft.workspace, draft.body.source_attributes);
  if ('problem' in found) return {};
  const { object } = found.reference;
  if (!isObject(object) || object.type !== 'table' || object.id !== undefined) return found.reference;
  if (!store) return found.reference;
  const id = draft.world.nextId();
  const names = { table_catalog: String(object.table_catalog), table_schema: String(object.table_schema) };
  found.source.tables.push({ id, ...names, table_name: String(object.table_name), columns: [] });
  return { ...found.reference, object: { type: 'table', id } };
}

export function acceptDestination({ workspace, body }: Draft): JsonObject {
  const found = findDestination(workspace, body.destination_attributes);
  return 'problem' in found ? {} : found.reference;
}

/** What goes with a key once that is written: a mode brings the flat copies, and ends the older places. */
const companions: Readonly<Record<string, readonly string[]>> = {
  mode: ['schedule_frequency', 'schedule_day', 'schedule_hour', 'schedule_minute', 'cron_expression', 'triggers'],
  destination_attributes: ['lead_union_insert_to'],
};

/** A key that is written is no longer answered as it stood. */
function acceptShape({ existing, sent }: Draft): Pick<Sync, 'verbatim' | 'made'> {
  const written = Object.keys(sent).flatMap((key) =>
    sent[key] === undefined ? [] : [key, ...(companions[key] ?? [])],
  );
  const kept = Object.entries(existing?.verbatim ?? {}).filter(([key]) => !written.includes(key));
  const made = existing?.made;
  return {
    verbatim: Object.fromEntries(kept),
    made: made === undefined ? undefined : [...new Set([...made, ...written])],
  };
}
