import { type UrlMistake, urlMistake } from '../model/base-url.ts';
import type { Problem } from '../model/diagnostic.ts';
import { isList, isObject, type Json, type Pointer, pointer } from '../model/json.ts';
import { checkGroups } from './project-groups.ts';

const credentialKeys: readonly string[] = ['token', 'personal_access_token'];
const environment = /^\$\{env\.([A-Za-z_]\w*)\}$/;

/** Places whose values no message may quote: a token may stand in them, or a password. */
export function isDelicate(path: Pointer): boolean {
  return /^\/targets\/[^/]+\/(?:token|personal_access_token|base_url)$/.test(path);
}

/** `NAME` of `${env.NAME}`; undefined for anything else. */
export function variableOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? environment.exec(value)?.[1] : undefined;
}

/** What a schema cannot say about a project file, or could only say by quoting it. Expects any JSON. */
export function checkProject(document: Json): Problem[] {
  const targets = isObject(document) && isObject(document.targets) ? document.targets : {};
  const problems: Problem[] = [];
  for (const [name, target] of Object.entries(targets)) {
    if (!isObject(target)) continue;
    for (const key of credentialKeys) {
      const value = target[key];
      if (value !== undefined && variableOf(value) === undefined) problems.push(literalToken(name, key));
    }
    const { base_url: url } = target;
    const wrong = url === undefined || variableOf(url) !== undefined ? undefined : mistakeIn(url);
    if (wrong !== undefined) problems.push(badUrl(name, wrong));
  }
  return [...problems, ...checkGroups(targets), ...references(document, [])];
}

function literalToken(target: string, key: string): Problem {
  return {
    severity: 'error',
    code: 'literal-token',
    message: `The ${key} of target "${target}" is not a reference to an environment variable.`,
    hint: `Write \${env.NAME}. A token itself has no place in a file; if one stood here, revoke it.`,
    path: pointer(['targets', target, key]),
    at: 'value',
  };
}

function badUrl(target: string, { fact, hint }: UrlMistake): Problem {
  return {
    severity: 'error',
    code: 'bad-url',
    message: `The base_url of target "${target}" ${fact}.`,
    hint,
    path: pointer(['targets', target, 'base_url']),
    at: 'value',
  };
}

function mistakeIn(value: Json): UrlMistake | undefined {
  if (typeof value !== 'string' || !value.includes('${')) return urlMistake(typeof value === 'string' ? value : '');
  return { fact: 'is more than a reference', hint: `A reference must be the whole value: write \${env.NAME} alone.` };
}

/** `${…}` means something for credentials only; anywhere else it would be taken literally. */
function references(value: Json | undefined, path: readonly (string | number)[]): Problem[] {
  if (isList(value)) return value.flatMap((item, index) => references(item, [...path, index]));
  if (isObject(value))
    return Object.entries(value).flatMap(([key, child]) =>
      isDefaults(path, key) ? [] : references(child, [...path, key]),
    );
  const at = pointer(path);
  if (typeof value !== 'string' || !value.includes('${') || isDelicate(at)) return [];
  return [
    {
      severity: 'error',
      code: 'reference-not-allowed',
      message: 'Nothing is filled in here.',
      hint: `Write the value itself; \${env.NAME} is for token, personal_access_token and base_url.`,
      path: at,
      at: 'value',
    },
  ];
}

/** What a fleet's rows leave unsaid is judged where it goes: in the targets. */
function isDefaults(path: readonly (string | number)[], key: string): boolean {
  return path.length === 1 && path[0] === 'targets_from' && key === 'defaults';
}
