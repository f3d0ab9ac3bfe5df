import { isObject, type JsonObject } from '../../json.ts';
import type { Sync, Workspace, World } from '../state.ts';
import { flatFields, nestedFields, plainFields, requiredFields } from './vocabulary.ts';

/** A body on its way into the store: a create, or a PATCH laid over what is there. */
export interface Draft {
  readonly world: World;
  readonly workspace: Workspace;
  /** As it was sent, flat schedule fields folded into `mode`. */
  readonly sent: JsonObject;
  /** Every stored key, sent ones laid over it. Nothing is merged inside a key. */
  readonly body: JsonObject;
  /** Undefined for a create. */
  readonly existing: Sync | undefined;
}

/** The first reason to refuse a draft, in the API's words. */
export type Check = (draft: Draft) => string | undefined;

const stored = [
  ...requiredFields,
  ...nestedFields.filter((key) => key !== 'alert_attributes'),
  ...Object.keys(plainFields),
];

/** Lays `sent` over the sync: keys that are absent stay, keys that are there replace all they held, null clears. */
export function draftOf(world: World, workspace: Workspace, sent: JsonObject, existing: Sync | undefined): Draft {
  const before = existing?.body ?? {};
  const folded = foldFlat(sent, before);
  const body: Record<string, JsonObject[string]> = { ...before };
  for (const key of stored) {
    const value = folded[key];
    if (value === undefined) continue;
    if (value !== null) body[key] = value;
    else if (existing === undefined || !world.quirks.cannotClear.includes(key)) delete body[key];
  }
  return { world, workspace, sent: folded, body, existing };
}

export function isSent(draft: Draft, ...keys: readonly string[]): boolean {
  return keys.some((key) => draft.sent[key] !== undefined);
}

/** Older clients write the schedule and the triggers flat; that is taken over into the mode unless a mode is sent too. */
export function foldFlat(sent: JsonObject, before: JsonObject): JsonObject {
  if (sent.mode !== undefined || !flatFields.some((key) => sent[key] !== undefined)) return sent;
  const mode = isObject(before.mode) ? before.mode : {};
  const triggers = isObject(mode.triggers) ? mode.triggers : {};
  const schedule: Record<string, JsonObject[string]> = { ...(isObject(triggers.schedule) ? triggers.schedule : {}) };
  for (const key of ['frequency', 'day', 'hour', 'minute']) {
    if (sent[`schedule_${key}`] !== undefined) schedule[key] = sent[`schedule_${key}`];
  }
  if (sent.cron_expression !== undefined) schedule.cron_expression = sent.cron_expression;
  const others = isObject(sent.triggers) ? sent.triggers : {};
  const when = schedule.frequency === undefined ? {} : { schedule };
  return { ...sent, mode: { ...mode, triggers: { ...triggers, ...others, ...when } } };
}
