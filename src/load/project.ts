import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { Diagnostic } from '../model/diagnostic.ts';
import { isObject, type Json } from '../model/json.ts';
import type { Project } from '../model/project.ts';
import { withoutEchoes } from './echoes.ts';
import { isFile, projectFileName, readText } from './files.ts';
import { type ProjectSource, type WithFleet, withFleet } from './fleet/open.ts';
import type { TextProblem } from './inspect.ts';
import { linesOf } from './line-column.ts';
import { locator } from './locate.ts';
import { placer } from './place.ts';
import { projectOf } from './project-defaults.ts';
import { problemsOf } from './project-problems.ts';
import { withoutSecret } from './project-secret.ts';
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

/** What a text says as the project file at a path, whatever is there now. */
export function projectFrom(file: string, text: string): Omit<LoadedProject, 'root'> {
  return readProject(file, basename(file), text);
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
  const source = { root: dirname(file), file: name, text, index: first };
  const read = withFleet({ document: json(value), written: () => json(written?.()) }, source);
  const found = [
    ...(extra === undefined ? [] : [atOffset({ ...extraDocument, offset: extra.start })]),
    ...judged(read, source),
  ];
  const all = failed(withoutEchoes(found, diagnostics));
  all.diagnostics.sort(inOrder(name));
  if (all.diagnostics.length > 0 || !isObject(read.document)) return all;
  return { project: projectOf(read.document, file, read.written(), read.fleet), diagnostics: [] };
}

function judged({ document, fleet, problems }: WithFleet, source: ProjectSource): Diagnostic[] {
  const found = problemsOf(document);
  if (found.length === 0 && problems === undefined) return [];
  const find = locator(source.text);
  const place = placer(source.file, (path, at) => find(source.index, path, at), fleet);
  if (problems !== undefined) return problems(found, place);
  return found.map(({ path, at, severity, code, message, hint }) => {
    return { severity, code, message, hint, ...place(path, at) };
  });
}

/** The project file first, each file from its start to its end. */
function inOrder(name: string): (one: Diagnostic, other: Diagnostic) => number {
  return (one, other) =>
    Number(one.file !== name) - Number(other.file !== name) || one.line - other.line || one.column - other.column;
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

/** What `parseYaml` returns is JSON; its types do not say so. */
function json(value: unknown): Json {
  return isObject(value) || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? value
    : null;
}
