import { isObject, type Json, type JsonObject, objectAt, textAt, withoutNulls } from '../../json.ts';
import type { Alert, Sync, Workspace, World } from '../state.ts';
import { type FoundDestination, findDestination, spreadsheet } from './destination.ts';
import { mappingsAnswer } from './mapping-answer.ts';
import { flatCopies, modeAnswer } from './mode-answer.ts';
import { findSource } from './source.ts';
import { sourceAnswer } from './source-answer.ts';
import { operationOnly, plainFields, sheetsType } from './vocabulary.ts';

interface Cached {
  readonly revision: number;
  readonly text: string;
}

const cache = new WeakMap<Sync, Cached>();

/** A sync as JSON text. It is made once and kept until the sync, or something it is made of, changes. */
export function syncText(sync: Sync, workspace: Workspace, world: World): string {
  const revision = workspace.revision.value;
  const cached = cache.get(sync);
  if (cached?.revision === revision) return cached.text;
  const text = JSON.stringify(syncAnswer(sync, workspace, world));
  cache.set(sync, { revision, text });
  return text;
}

/** A sync as GET answers it. */
function syncAnswer(sync: Sync, workspace: Workspace, world: World): Json {
  const { id, status, created_at, updated_at } = sync;
  const all = madeFromBody(sync, workspace, world);
  const made =
    sync.made === undefined ? all : Object.fromEntries(Object.entries(all).filter(([key]) => sync.made?.includes(key)));
  const { label, operation, ...rest } = made;
  const answer = { id, label, operation, status, created_at, updated_at, ...rest, ...sync.verbatim };
  return world.quirks.omitNulls ? withoutNulls(answer) : answer;
}

function madeFromBody(sync: Sync, workspace: Workspace, { quirks }: World): JsonObject {
  const { body } = sync;
  const source = findSource(workspace, body.source_attributes);
  const into = findDestination(workspace, body.destination_attributes);
  const destination = 'problem' in into ? undefined : into;
  const scope = { quirks, source: 'problem' in source ? undefined : source, destination, seed: sync.id };
  const mode = modeAnswer(body.mode);
  return {
    ...plainAnswer(body),
    ...(quirks.emptyLabelAsNull && body.label === '' ? { label: null } : {}),
    ...(quirks.keysOfOtherYears ? { match_rate_details: null, trigger_on_dbt_cloud_rebuild: false } : {}),
    ...(quirks.resourceIdentifier
      ? { resource_identifier: `sync:${slug(textAt(body, 'label') ?? String(sync.id))}` }
      : {}),
    operation: body.operation,
    source_attributes: sourceAnswer(workspace, objectAt(body, 'source_attributes'), quirks.sourceShows),
    destination_attributes: destinationAnswer(
      objectAt(body, 'destination_attributes'),
      destination,
      quirks.reserialisesSheets,
    ),
    mappings: mappingsAnswer(body, scope),
    mode,
    advanced_configuration: advancedAnswer(
      body,
      destination,
      quirks.fillsAdvancedDefaults,
      quirks.unknownAdvancedKeys === 'drop',
    ),
    ...(body.high_water_mark_attributes === undefined
      ? {}
      : { high_water_mark_attributes: body.high_water_mark_attributes }),
    alert_attributes: sync.alerts.map((alert) => alertAnswer(alert, quirks.emptyAlertOptions === 'null')),
    ...(quirks.flatScheduleCopies ? flatCopies(mode) : {}),
  };
}

/** Fields of another operation read null; a mirror without a strategy gets the first one. */
function plainAnswer(body: JsonObject): JsonObject {
  const answer: Record<string, Json> = {};
  for (const [key, field] of Object.entries(plainFields)) {
    const wanted = operationOnly[key];
    const applies = wanted === undefined || wanted.includes(textAt(body, 'operation') ?? '');
    answer[key] = applies ? (body[key] ?? field.default) : null;
  }
  if (body.operation === 'mirror') answer.mirror_strategy ??= 'sync_updates_and_deletes';
  return answer;
}

function destinationAnswer(
  attributes: JsonObject,
  destination: FoundDestination | undefined,
  anew: boolean,
): JsonObject {
  const name = textAt(attributes, 'object') ?? '';
  const sheet = anew && destination?.destination.type === sheetsType ? spreadsheet(name) : undefined;
  if (sheet === undefined) return attributes;
  const sorted = Object.fromEntries(Object.entries(sheet).sort(([left], [right]) => (left < right ? -1 : 1)));
  return { ...attributes, object: JSON.stringify(sorted, null, 1).replaceAll('\n', '') };
}

function advancedAnswer(
  body: JsonObject,
  destination: FoundDestination | undefined,
  fills: boolean,
  drops: boolean,
): JsonObject {
  const given = isObject(body.advanced_configuration) ? body.advanced_configuration : {};
  const settings = destination?.object?.advanced ?? [];
  const names = settings.map(({ name }) => name);
  const kept = Object.entries(given).filter(
    ([key]) => !drops || destination?.object === undefined || names.includes(key),
  );
  const defaults = settings
    .filter((setting) => setting.default !== null)
    .map((setting) => [setting.name, setting.default]);
  return { ...(fills ? Object.fromEntries(defaults) : {}), ...Object.fromEntries(kept) };
}

function alertAnswer(alert: Alert, asNull: boolean): JsonObject {
  const empty = Object.keys(alert.options).length === 0;
  return { ...alert, options: empty && asNull ? null : alert.options };
}

export function slug(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]+/gu, '_')
    .replace(/^_|_$/gu, '');
}
