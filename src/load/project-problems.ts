import { explain } from '../core/schema/errors.ts';
import { closest } from '../core/suggest.ts';
import { validateProjectFile } from '../generated/validators/project-file.js';
import type { Problem } from '../model/diagnostic.ts';
import { isObject, type Json, type JsonObject, valueAt, withValueAt } from '../model/json.ts';
import type { SchemaError } from '../model/kind.ts';
import { projectFileName } from './files.ts';
import { lookupOf } from './lookup.ts';
import { isGrouped } from './project-groups.ts';
import { checkProject, isDelicate } from './project-rules.ts';

/** What the schema finds, and what it cannot say. Delicate values are judged by rules that do not quote them. */
export function problemsOf(document: Json): Problem[] {
  const own = checkProject(document);
  const errors = schemaErrors(document);
  if (errors.length === 0) return own;
  const found = inWords(errors, document);
  const meant = asMeant(document, errors);
  const behind = meant === document ? [] : [...checkProject(meant), ...inWords(schemaErrors(meant), meant)];
  const all = [...own, ...found];
  const told = new Set(all.map((one) => `${one.path} ${one.code}`));
  all.push(...behind.filter((one) => !told.has(`${one.path} ${one.code}`)));
  const places = new Set(found.map((one) => one.path));
  return all.filter((one) => !one.code.startsWith('unsupported-') || !places.has(one.path));
}

/** What the schema refuses. Which of the keys at the top may be missing depends on what targets say. */
export function schemaErrors(document: Json): readonly SchemaError[] {
  const found = validateProjectFile(document) ? [] : (validateProjectFile.errors ?? []);
  const missing = isObject(document) ? missingKeys(document) : [];
  return missing.length === 0 ? found : [...found, ...missing.map(missingKey)];
}

/** Targets come from here or from a file of their own; globs may be left out where every target has its own. */
function missingKeys(document: JsonObject): readonly string[] {
  const hasFleet = document.targets_from !== undefined;
  const targets = isObject(document.targets) ? Object.values(document.targets) : [];
  const isApart = targets.every((one) => isObject(one) && one.manifests !== undefined);
  // A fleet without any target is a mistake of its own, and whether its rows would have had globs is not known.
  const isOpen = targets.length === 0 && !hasFleet;
  return [
    ...(document.manifests === undefined && (isOpen || !isApart) ? ['manifests'] : []),
    ...(document.targets === undefined && !hasFleet ? ['targets'] : []),
  ];
}

function missingKey(missingProperty: string): SchemaError {
  return { instancePath: '', schemaPath: '#/required', keyword: 'required', params: { missingProperty } };
}

/** Errors of the schema in words; delicate values are left to rules that do not quote them. */
export function inWords(errors: readonly SchemaError[], document: Json): Problem[] {
  const said = errors.filter((error) => !isDelicate(error.instancePath) && !isOfWorkspaces(error, document));
  return explain(said, { document, called: 'the project file', ...lookupOf(projectFileName) });
}

/** Asks for a workspace, or for an API with workspaces, where groups stand in their place: a rule says what to write. */
function isOfWorkspaces({ keyword, instancePath, params }: SchemaError, document: Json): boolean {
  const asked = keyword === 'required' && params.missingProperty === 'workspace';
  if (!asked && keyword !== 'const') return false;
  const target = valueAt(document, asked ? instancePath : instancePath.replace(/\/api$/, ''));
  return isObject(target) && isGrouped(target);
}

/** The document with each misspelt provider as it was meant: what else belongs into a target follows from its provider. */
function asMeant(document: Json, errors: readonly SchemaError[]): Json {
  let meant = document;
  for (const { instancePath, params } of errors) {
    if (!/^\/targets\/[^/]+\/provider$/.test(instancePath) || !Array.isArray(params.allowedValues)) continue;
    const written = valueAt(document, instancePath);
    const provider = typeof written === 'string' ? closest(written, params.allowedValues) : undefined;
    if (provider !== undefined && isObject(meant)) meant = withValueAt(meant, instancePath, provider);
  }
  return meant;
}
