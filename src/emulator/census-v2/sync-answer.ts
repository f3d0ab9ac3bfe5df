import type { Sync, Workspace } from '../census-v1/state.ts';
import { syncText } from '../census-v1/sync/answer.ts';
import { idOf, isObject, type Json, type JsonObject, objectIn } from '../json.ts';
import { activationOfSync, type Face } from './face.ts';
import { destinationId, shift } from './ids.ts';

interface Cached {
  readonly revision: number;
  readonly text: string;
}

const cache = new WeakMap<Sync, Cached>();

/** A sync as JSON text. It is made once and kept until the sync, or something it is made of, changes. */
export function syncTextV2(face: Face, workspace: Workspace, sync: Sync): string {
  const revision = workspace.revision.value;
  const cached = cache.get(sync);
  if (cached?.revision === revision) return cached.text;
  const text = JSON.stringify(syncAnswer(face, workspace, sync));
  cache.set(sync, { revision, text });
  return text;
}

const flatKeys = [
  ...['schedule_frequency', 'schedule_day', 'schedule_hour', 'schedule_minute'],
  ...['cron_expression', 'triggers'],
];

/** A sync as GET answers it: what version 1 says, with its activation in the place of two connections. */
function syncAnswer(face: Face, workspace: Workspace, sync: Sync): JsonObject {
  const { switches } = face;
  const { id, label, ...older } = objectIn(syncText(sync, workspace, face.world)) ?? {};
  const kept = Object.entries(older).filter(([key]) => switches.flatCopies || !flatKeys.includes(key));
  const rest = Object.fromEntries(kept);
  const echoes = switches.syncEchoes;
  const activation_id = activationOfSync(workspace, sync) ?? null;
  return {
    id: shift(face, 'sync', id),
    label,
    ...(echoes === 'connections' ? {} : { activation_id }),
    ...translated(rest, {
      source_attributes: (one) => end(one, echoes !== 'activation', (known) => shift(face, 'source', known)),
      destination_attributes: (one) => end(one, echoes !== 'activation', (known) => destinationId(face, known)),
      mode: (one) => translated(one, { triggers: (inner) => sequenced(face, inner) }),
      triggers: (one) => sequenced(face, one),
    }),
    ...switches.extraKeys,
  };
}

/** The object with these of its members rewritten, if they are objects. */
function translated(
  whole: JsonObject,
  members: Readonly<Record<string, (member: JsonObject) => JsonObject>>,
): JsonObject {
  const changes = Object.entries(members).flatMap(([key, change]) => {
    const member = whole[key];
    return isObject(member) ? [[key, change(member)] as const] : [];
  });
  return { ...whole, ...Object.fromEntries(changes) };
}

function end(
  { connection_id, ...rest }: JsonObject,
  echoes: boolean,
  show: (id: Json | undefined) => Json | undefined,
): JsonObject {
  return echoes ? { connection_id: show(connection_id), ...rest } : rest;
}

function sequenced(face: Face, triggers: JsonObject): JsonObject {
  const sync_id = (id: Json | undefined) => shift(face, 'sync', idOf(id)) ?? null;
  return translated(triggers, { sync_sequence: (one) => ({ ...one, sync_id: sync_id(one.sync_id) }) });
}
