import type { Diagnostic, Problem } from '../../model/diagnostic.ts';
import { isObject, type Json, type JsonObject, type Pointer } from '../../model/json.ts';
import type { Fleet } from '../../model/project.ts';
import type { FileProblem } from '../files.ts';
import type { ProjectPlace } from '../place.ts';
import { inWords, schemaErrors } from '../project-problems.ts';
import { textFiles } from '../text-files.ts';
import { rowsOfCsv } from './csv-rows.ts';
import { type Expanded, expand } from './expand.ts';
import { rowsOfList } from './list-rows.ts';
import type { RowProblem } from './rows.ts';
import { sharedWorkspaces } from './workspaces.ts';

/** Where a project file is. */
export interface ProjectSource {
  /** Absolute path of its folder. */
  readonly root: string;
  readonly file: string;
  readonly text: string;
  /** Of its document. */
  readonly index: number;
}

/** A project file as it was read. */
interface Parsed {
  readonly document: Json;
  /** The document with every number and boolean as it was written. */
  readonly written: () => Json;
}

/** A project file with the targets of its fleet file, if it names one. */
export interface WithFleet extends Parsed {
  readonly fleet?: Fleet;
  /** All that is wrong, given what is wrong with the document as such. */
  readonly problems?: (own: readonly Problem[], place: ProjectPlace) => Diagnostic[];
}

/** Reads the fleet file of a project, if there is one, and puts its rows among the targets. */
export function withFleet(parsed: Parsed, { root, file }: ProjectSource): WithFleet {
  const { document } = parsed;
  const from = isObject(document) ? document.targets_from : undefined;
  if (!isObject(document) || !isObject(from) || typeof from.file !== 'string' || from.file === '') return parsed;
  const { content, file: name } = textFiles(root, file).read(from.file);
  const text = /\.(?:csv|json|ya?ml)$/i.test(name) ? content : unknownForm(from.file);
  if (typeof text !== 'string') {
    const told = (own: readonly Problem[], place: ProjectPlace) => own.map((one) => located(one, one.at, place));
    return { ...parsed, problems: (own, place) => [...told(own, place), unread(text, place)] };
  }
  const rows = /\.csv$/i.test(name) ? rowsOfCsv(text) : rowsOfList(text);
  const expanded = expand(document, parsed.written(), rows, schemaErrors);
  const defaults: JsonObject = isObject(from.defaults) ? from.defaults : {};
  return {
    document: expanded.document,
    written: () => expanded.written,
    fleet: { file: name, places: expanded.places, defaults },
    problems: (own, place) => all(name, expanded, own, place),
  };
}

function all(file: string, expanded: Expanded, own: readonly Problem[], place: ProjectPlace): Diagnostic[] {
  const { document, names, problems: rows, idle } = expanded;
  const unused = idle === undefined ? [] : inWords(schemaErrors(idle.document), idle.document).filter(isOf(idle.paths));
  const problems = [
    ...own,
    ...unused,
    ...sharedWorkspaces(document, names),
    ...(names.size === 0 && rows.length === 0 ? [noRow] : []),
  ];
  const partly = partlyUnknown(own, expanded.uses, place);
  const found = [
    ...rows.map((one) => ofRow(one, file)),
    ...problems.map((one) => inFleet(located(one, partly.has(one) ? 'value' : one.at, place), one.at === 'key', file)),
  ];
  // What is wrong with a default is wrong in each row.
  const once = new Map(found.map((one) => [`${one.file}:${one.line}:${one.column} ${one.code}`, one]));
  return [...once.values()].map((one) => (one.file === file ? { ...one, unquoted: true } : one));
}

/** The words of the schema are about one target of a YAML file: a column is that of all rows, and a cell knows no quotes. */
function inFleet(found: Diagnostic, isKey: boolean, file: string): Diagnostic {
  if (found.file !== file || !/\.csv$/i.test(file)) return found;
  if (isKey) return { ...found, message: found.message.replace(/ of targets\.[\w-]+/, ' of a target') };
  const hint = 'Write digits alone, or leave the cell empty where the default is meant.';
  return found.code === 'wrong-type' && found.hint.includes('number') ? { ...found, hint } : found;
}

function located({ severity, code, message, hint, path }: Problem, at: Problem['at'], place: ProjectPlace): Diagnostic {
  return { severity, code, message, hint, ...place(path, at) };
}

/** Fields that only some rows may not have: it is not their column that is wrong. */
function partlyUnknown(own: readonly Problem[], uses: Expanded['uses'], place: ProjectPlace): ReadonlySet<Problem> {
  const byColumn = new Map<string, Problem[]>();
  for (const one of own) {
    if (one.at !== 'key') continue;
    const { line, column } = place(one.path, 'key');
    byColumn.set(`${line}:${column}`, [...(byColumn.get(`${line}:${column}`) ?? []), one]);
  }
  return new Set([...byColumn].flatMap(([key, all]) => (all.length < (uses.get(key) ?? 0) ? all : [])));
}

function isOf(paths: ReadonlySet<Pointer>): (problem: Problem) => boolean {
  return ({ code, path }) => (code === 'unknown-field' || code === 'bad-name') && paths.has(path);
}

function ofRow({ code, message, hint, line, column }: RowProblem, file: string): Diagnostic {
  return { severity: 'error', code, message, hint, file, line, column };
}

const noRow: Problem = {
  severity: 'error',
  code: 'empty-file',
  message: 'The fleet file has no row.',
  hint: 'Write a row for each target, or remove `targets_from`.',
  path: '/targets_from/file',
  at: 'value',
};

/** What reads texts speaks of manifests. */
function unread({ code, message, hint }: FileProblem, place: ProjectPlace): Diagnostic {
  const own = hint.replace('this manifest', 'the project file');
  return { severity: 'error', code, message, hint: own, ...place('/targets_from/file', 'value') };
}

function unknownForm(file: string): FileProblem {
  return {
    code: 'bad-format',
    message: 'The name of a fleet file must end in .csv, .json, .yaml or .yml.',
    hint: 'Rename it after what it holds: CSV with a header, or a list.',
    file,
  };
}
