import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { explain } from '../core/schema/errors.ts';
import { closest } from '../core/suggest.ts';
import { validateProjectFile } from '../generated/validators/project-file.js';
import type { Diagnostic, Problem } from '../model/diagnostic.ts';
import { isObject, type Json, valueAt, withValueAt } from '../model/json.ts';
import type { SchemaError } from '../model/kind.ts';
import type { Project } from '../model/project.ts';
import { withoutEchoes } from './echoes.ts';
import { isFile, projectFileName, readText } from './files.ts';
import type { TextProblem } from './inspect.ts';
import { lineStart, linesOf } from './line-column.ts';
import { locator } from './locate.ts';
import { lookupOf } from './lookup.ts';
import { projectOf } from './project-defaults.ts';
import { isGrouped } from './project-groups.ts';
import { checkProject, isDelicate } from './project-rules.ts';
import { parseYaml } from './yaml.ts';

export interface LoadedProject {
  /** undefined where there are errors among the diagnostics. */
  readonly project: Project | undefined;
  readonly diagnostics: readonly Diagnostic[];
  /** Absolute path of the folder that the files of the diagnostics are seen from. */
  readonly root: string;
}

/**
 * Finds and reads the project file: `config` if given (relative to `directory`), else the first `syncline.yaml` upwards from
 * `directory`. Reads no environment variable and no manifest.
 */
export function loadProject(where: {
  readonly directory: string;
  readonly config?: string | undefined;
}): LoadedProject {
  const file =
    where.config === undefined ? findUpwards(resolve(where.directory)) : resolve(where.directory, where.config);
  if (file === undefined || !isFile(file)) {
    return { project: undefined, diagnostics: [noProject(where.config)], root: resolve(where.directory) };
  }
  const name = basename(file);
  const root = dirname(file);
  const text = readText(root, name);
  if (typeof text === 'string') return { ...readProject(file, name, text), root };
  return { project: undefined, diagnostics: [{ ...text, severity: 'error', line: 1, column: 1 }], root };
}

function findUpwards(directory: string): string | undefined {
  for (let here = directory; ; here = dirname(here)) {
    const file = join(here, projectFileName);
    if (existsSync(file)) return file;
    if (here === dirname(here)) return undefined;
  }
}

function noProject(config: string | undefined): Diagnostic {
  const message =
    config === undefined
      ? `There is no ${projectFileName} in this folder or above it.`
      : 'The project file that --config names does not exist.';
  const hint = config === undefined ? 'Run `syncline init` to make one, or name one with --config.' : 'Check the path.';
  return { severity: 'error', code: 'no-project', message, hint, file: config ?? projectFileName, line: 1, column: 1 };
}

function readProject(file: string, name: string, text: string): Omit<LoadedProject, 'root'> {
  const parsed = parseYaml(text);
  const lines = linesOf(text);
  const atOffset = ({ code, message, hint, offset }: TextProblem): Diagnostic => {
    return { severity: 'error', code, message, hint, file: name, ...lines(offset) };
  };
  const diagnostics = parsed.problems.map((problem) => atOffset(withoutSecret(problem, text)));
  const failed = (more: readonly Diagnostic[]) => ({ project: undefined, diagnostics: [...diagnostics, ...more] });
  if (parsed.documents === undefined) return failed([]);
  const indices = parsed.documents.flatMap(({ value }, index) => (value === undefined ? [] : [index]));
  const [first, second] = indices;
  if (first === undefined) return failed(diagnostics.length === 0 ? [atOffset(emptyFile)] : []);
  const extra = parsed.documents[second ?? -1];
  const { value, written } = parsed.documents[first] ?? {};
  const document = json(value);
  const found = [
    ...(extra === undefined ? [] : [atOffset({ ...extraDocument, offset: extra.start })]),
    ...judged(document, first, name, text),
  ];
  const all = failed(withoutEchoes(found, diagnostics));
  all.diagnostics.sort((one, other) => one.line - other.line || one.column - other.column);
  if (all.diagnostics.length > 0 || !isObject(document)) return all;
  return { project: projectOf(document, file, json(written?.())), diagnostics: [] };
}

function judged(document: Json, index: number, file: string, text: string): Diagnostic[] {
  const problems = problemsOf(document);
  if (problems.length === 0) return [];
  const find = locator(text);
  return problems.map(({ path, at, severity, code, message, hint }) => {
    return { severity, code, message, hint, file, ...find(index, path, at) };
  });
}

/** What the schema finds, and what it cannot say. Delicate values are judged by rules that do not quote them. */
function problemsOf(document: Json): Problem[] {
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

function schemaErrors(document: Json): readonly SchemaError[] {
  return validateProjectFile(document) ? [] : (validateProjectFile.errors ?? []);
}

function inWords(errors: readonly SchemaError[], document: Json): Problem[] {
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

const emptyFile: TextProblem = {
  code: 'empty-file',
  message: 'The project file is empty.',
  hint: 'Run `syncline init` in an empty folder to see what belongs here.',
  offset: 0,
};

const extraDocument: Omit<TextProblem, 'offset'> = {
  code: 'extra-document',
  message: 'The project file holds more than one document.',
  hint: 'Remove everything from this place on; manifests have files of their own.',
};

/** A broken value of a token key may be a token: then the message says what is wrong without quoting it. */
function withoutSecret(problem: TextProblem, text: string): TextProblem {
  if (!mayBeToken(text, problem.offset)) return problem;
  return {
    ...problem,
    message: 'This value is not what may stand here.',
    hint: `Write an environment variable, such as \${env.NAME}; a token has no place in a file.`,
  };
}

/** A longer line is not looked through: it may hold a token. */
const maxLine = 1000;

/** Does the text end, at `offset`, in the value of a token key, or right behind a line that does? A whole reference is no secret. */
function mayBeToken(text: string, offset: number): boolean {
  const line = lastLine(text, offset);
  if (line.length > maxLine) return true;
  const value = /^(.*?[^\w-]|)[\w-]*token["']?\s*:(?:\s(.*))?$/i.exec(line);
  if (value === null) return false;
  const [, head = '', rest = ''] = value;
  if (/^\s*["']?\$\{env\.\w+\}["']?\s*(?:#.*)?$/.test(rest)) return false;
  return !(head.includes('{') && /[,}]/.test(rest.replace(/\$\{[^}]*\}/g, '')));
}

/** The line up to `offset`, or where there is nothing on it, the last one before it that is not blank; of a long line its end. */
function lastLine(text: string, offset: number): string {
  let end = offset;
  while (end > 0 && /\s/.test(text[end - 1] ?? '')) end--;
  if (!/[\n\r]/.test(text.slice(end, offset))) end = offset;
  return text.slice(lineStart(text, end, maxLine + 1), end);
}

/** What `parseYaml` returns is JSON; its types do not say so. */
function json(value: unknown): Json {
  return isObject(value) || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? value
    : null;
}
