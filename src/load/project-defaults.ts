import { dirname } from 'node:path';
import { serviceFacts } from '../generated/services.ts';
import { isList, isObject, type Json, type JsonObject, pointer, valueAt } from '../model/json.ts';
import type { Fleet, LedgerKind, Limits, Project, Target } from '../model/project.ts';
import { groupsOf } from './project-groups.ts';
import { variableOf } from './project-rules.ts';

/**
 * The project of a valid document, with the defaults filled in. `file` is absolute. `written` is the document with every number and
 * boolean as it was written.
 */
export function projectOf(document: JsonObject, file: string, written: Json = null, fleet?: Fleet): Project {
  const { targets, ledger } = document;
  return {
    root: dirname(file),
    file,
    name: text(document.name),
    manifests: texts(document.manifests),
    targets: Object.entries(isObject(targets) ? targets : {}).map(([name, target]) =>
      targetOf(name, isObject(target) ? target : {}, valueAt(written, pointer(['targets', name, 'vars']))),
    ),
    ledger: isLedger(ledger) ? ledger : undefined,
    ...(fleet !== undefined && { fleet }),
  };
}

function targetOf(name: string, target: JsonObject, written: Json | undefined): Target {
  const { workspace, vars } = target;
  const groups = groupsOf(target);
  const provider = text(target.provider) ?? '';
  return {
    name,
    ...(isList(target.manifests) && { manifests: texts(target.manifests) }),
    provider,
    api: text(target.api) ?? '',
    base_url: text(target.base_url)?.replace(/\/+$/, ''),
    region: text(target.region),
    token_variable: variableOf(target.token),
    personal_access_token_variable: variableOf(target.personal_access_token),
    workspace: typeof workspace === 'number' || typeof workspace === 'string' ? workspace : undefined,
    ...(groups !== undefined && { groups }),
    vars: isObject(vars) ? definedOnly(vars) : {},
    ...(isObject(vars) && isObject(written) ? { written: spellingsOf(vars, written) } : {}),
    protect: texts(target.protect),
    limits: limitsOf(provider, isObject(target.limits) ? target.limits : {}),
  };
}

function limitsOf(provider: string, limits: JsonObject): Limits {
  return {
    max_deletes: count(limits.max_deletes, 5),
    concurrency: count(limits.concurrency, 8),
    settle_seconds: count(
      limits.settle_seconds,
      serviceFacts.find(({ name }) => name === provider)?.settle_seconds ?? 480,
    ),
  };
}

function count(value: Json | undefined, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise;
}

function text(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function texts(value: Json | undefined): string[] {
  return isList(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** What was written for the variables that are printed in another way; undefined where there are none. */
function spellingsOf(vars: JsonObject, written: JsonObject): Record<string, string> | undefined {
  const spellings: Record<string, string> = {};
  for (const [key, value] of Object.entries(vars)) {
    const text = written[key];
    if (typeof text === 'string' && text !== String(value)) spellings[key] = text;
  }
  return Object.keys(spellings).length === 0 ? undefined : spellings;
}

function definedOnly(vars: JsonObject): Record<string, Json> {
  const kept: Record<string, Json> = {};
  for (const [key, value] of Object.entries(vars)) if (value !== undefined) kept[key] = value;
  return kept;
}

function isLedger(value: Json | undefined): value is LedgerKind {
  return value === 'git' || value === 'file' || value === 'none';
}
