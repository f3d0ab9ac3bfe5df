import { isObject, type Json, type JsonObject, textAt } from '../../json.ts';
import { acceptDestination, acceptSource } from './accept.ts';
import { alertsProblem } from './alerts.ts';
import { bodyProblem } from './body-check.ts';
import { type FoundDestination, findDestination, isFree } from './destination.ts';
import { type Check, type Draft, isSent } from './draft.ts';
import { hasColumn, mappingsProblem } from './mapping-check.ts';
import { modeProblem } from './mode-check.ts';
import { openApiProblem } from './open-api.ts';
import { type FoundSource, findSource } from './source.ts';
import { brazeType, operationOnly, operations } from './vocabulary.ts';

/** The first reason to refuse a draft, or undefined. What a PATCH does not touch is not checked again. */
export function syncProblem(draft: Draft): string | undefined {
  for (const check of checks) {
    const problem = check(draft);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

const source: Check = (draft) =>
  isSent(draft, 'source_attributes') ? problemOf(findSource(draft.workspace, draft.sent.source_attributes)) : undefined;

const destination: Check = (draft) =>
  isSent(draft, 'destination_attributes')
    ? problemOf(findDestination(draft.workspace, draft.sent.destination_attributes))
    : undefined;

function problemOf(found: object): string | undefined {
  return 'problem' in found && typeof found.problem === 'string' ? found.problem : undefined;
}

/** Source, destination and operation of a Braze sync, and of one that deletes, are what they were made with. */
const fixed: Check = (draft) => {
  const { existing, workspace, sent } = draft;
  if (existing === undefined) return undefined;
  const before = findDestination(workspace, existing.body.destination_attributes);
  const braze = 'reference' in before && before.destination.type === brazeType;
  if (!braze && existing.body.operation !== 'delete') return undefined;
  const changed =
    (isSent(draft, 'operation') && sent.operation !== existing.body.operation) ||
    (isSent(draft, 'source_attributes') && differs(acceptSource(draft, false), existing.body.source_attributes)) ||
    (isSent(draft, 'destination_attributes') &&
      differs(acceptDestination(draft), existing.body.destination_attributes));
  return changed ? 'source, destination and operation of this sync cannot be changed' : undefined;
};

function differs(one: Json | undefined, other: Json | undefined): boolean {
  return JSON.stringify(one) !== JSON.stringify(other);
}

const operation: Check = (draft) => {
  if (!isSent(draft, 'operation', 'destination_attributes')) return undefined;
  const value = draft.body.operation;
  if (value === 'delete' && draft.existing?.body.operation === 'delete') return undefined;
  if (typeof value !== 'string' || !operations.includes(value))
    return `operation must be one of ${operations.join(', ')}`;
  const found = findDestination(draft.workspace, draft.body.destination_attributes);
  if ('problem' in found) return undefined;
  const allowed =
    found.object?.supported_operations ?? (isFree(found.destination) ? found.destination.path_operations : []);
  return allowed.length === 0 || allowed.includes(value)
    ? undefined
    : `Operation '${value}' is not supported by this destination object`;
};

const mappings: Check = (draft) => {
  if (!isSent(draft, 'mappings', 'operation', 'source_attributes', 'destination_attributes')) return undefined;
  return mappingsProblem(draft.body.mappings, {
    operation: textAt(draft.body, 'operation') ?? '',
    syncsAll: draft.body.field_behavior === 'sync_all_properties',
    checksColumns: draft.world.quirks.checksColumns,
    source: found(findSource(draft.workspace, draft.body.source_attributes)),
    destination: found(findDestination(draft.workspace, draft.body.destination_attributes)),
  });
};

function found<T extends FoundSource | FoundDestination>(result: T | { readonly problem: string }): T | undefined {
  return 'problem' in result ? undefined : result;
}

const onlyForOperation: Check = ({ sent, body }) => {
  for (const [key, wanted] of Object.entries(operationOnly)) {
    if ((sent[key] ?? undefined) !== undefined && !wanted.includes(textAt(body, 'operation') ?? ''))
      return `${key} is only for ${wanted.join(' and ')} syncs`;
  }
  return undefined;
};

const highWaterMark: Check = ({ sent, body, workspace, world }) => {
  const name = sent.high_water_mark_attribute;
  const from = findSource(workspace, body.source_attributes);
  if (typeof name !== 'string' || 'problem' in from || from.columns.length === 0 || !world.quirks.checksColumns)
    return undefined;
  return hasColumn(from.columns, name) ? undefined : `Column '${name}' cannot be found in source '${from.name}'`;
};

const fieldOrder: Check = ({ sent, body, workspace }) => {
  if ((sent.field_order ?? undefined) === undefined) return undefined;
  const into = findDestination(workspace, body.destination_attributes);
  const ordered = 'problem' in into || into.object === undefined || into.object.supports_field_ordering;
  return ordered ? undefined : 'field_order is not supported by this destination object';
};

const advanced: Check = ({ sent, body, workspace, world }) => {
  if (!isObject(sent.advanced_configuration) || world.quirks.unknownAdvancedKeys !== 'reject') return undefined;
  const into = findDestination(workspace, body.destination_attributes);
  const names = 'problem' in into ? undefined : into.object?.advanced.map(({ name }) => name);
  const unknown = Object.keys(sent.advanced_configuration satisfies JsonObject).find(
    (key) => names?.includes(key) === false,
  );
  return unknown === undefined ? undefined : `advanced_configuration is invalid: unknown key '${unknown}'`;
};

/** Are source and destination there, where they are sent? */
export function attributesProblem(draft: Draft): string | undefined {
  return source(draft) ?? destination(draft);
}

const mode: Check = (draft) => modeProblem(draft.sent.mode, draft);

const checks: readonly Check[] = [
  bodyProblem,
  openApiProblem,
  source,
  destination,
  operation,
  fixed,
  mappings,
  onlyForOperation,
  highWaterMark,
  fieldOrder,
  advanced,
  mode,
  alertsProblem,
];
