import { readText } from '../load/files.ts';
import { ascendingLines, lineColumn } from '../load/line-column.ts';
import { locator } from '../load/locate.ts';
import { parseYaml } from '../load/yaml.ts';
import type { Diagnostic, Problem } from '../model/diagnostic.ts';
import type { KindDefinition, Tools } from '../model/kind.ts';
import type { Manifest } from '../model/manifest.ts';
import type { Project } from '../model/project.ts';
import { at, byPlace, ofFile } from './validate-diagnostics.ts';
import { type Judged, judge } from './validate-document.ts';
import { manifestFiles, targetDiagnostics } from './validate-files.ts';
import { acrossManifests, type KnownDocument } from './validate-links.ts';

/** Every manifest of a project, by target, and everything that is wrong. With an error in it nothing may be planned. */
export interface Validated {
  /** In the order of files and documents; for each target that was asked for. */
  readonly manifests: ReadonlyMap<string, readonly Manifest[]>;
  /** How many manifests were looked at: those of the files and the targets that were asked for. */
  readonly count: number;
  /** By file, line and column. */
  readonly diagnostics: readonly Diagnostic[];
}

export interface ValidateOptions {
  readonly project: Project;
  readonly kinds: readonly KindDefinition[];
  /** Files and folders to report on; left out or empty, all. Rules across manifests still see every manifest. */
  readonly paths?: readonly string[] | undefined;
  /** Targets to return manifests for; left out or empty, all. Every manifest is checked on each of its targets all the same. */
  readonly targets?: readonly string[] | undefined;
  /** Awaited after every 50 files, so that a caller can let other work in. */
  readonly slice?: (() => Promise<void>) | undefined;
}

const sliceSize = 50;

/** Reads and checks all manifests of a project. Touches no network and no environment. Never throws for a user's mistake. */
export async function validateProject(options: ValidateOptions): Promise<Validated> {
  const { project, kinds, paths = [], targets = [], slice } = options;
  const { files, isReported, isExtra, diagnostics } = manifestFiles(project, paths);
  const reading: Reading = {
    project,
    kinds: new Map(kinds.map((kind) => [kind.kind, kind])),
    asked: new Set(targets.length === 0 ? project.targets.map((target) => target.name) : targets),
    isReported,
    isExtra,
    diagnostics: [...diagnostics, ...targetDiagnostics(project, targets)],
    documents: [],
    manifests: new Map(project.targets.map((target) => [target.name, []])),
    tools: { liquid: undefined },
    complete: true,
    count: 0,
  };
  for (const [index, file] of files.entries()) {
    if (index > 0 && index % sliceSize === 0) await slice?.();
    await readManifests(reading, file);
  }
  const across = acrossManifests({ root: project.root, ...reading });
  const manifests = new Map([...reading.manifests].filter(([target]) => reading.asked.has(target)));
  return { manifests, count: reading.count, diagnostics: [...reading.diagnostics, ...across].sort(byPlace) };
}

/** What has been read so far. */
interface Reading {
  readonly project: Project;
  readonly kinds: ReadonlyMap<string, KindDefinition>;
  /** Names of the targets that were asked for. */
  readonly asked: ReadonlySet<string>;
  readonly isReported: (file: string) => boolean;
  readonly isExtra: (file: string) => boolean;
  readonly diagnostics: Diagnostic[];
  readonly documents: KnownDocument[];
  readonly manifests: Map<string, Manifest[]>;
  tools: Tools;
  complete: boolean;
  count: number;
}

async function readManifests(reading: Reading, file: string): Promise<void> {
  const text = readText(reading.project.root, file);
  if (typeof text !== 'string') {
    reading.complete = false;
    report(reading, file, [ofFile(text)]);
    return;
  }
  if (reading.isExtra(file) && !mentionsKind(text, reading.kinds)) return;
  if (reading.tools.liquid === undefined && text.includes('liquid_template')) {
    const { liquidError } = await import('../load/liquid.ts');
    reading.tools = { liquid: liquidError };
  }
  const { documents, starts, problems } = parseYaml(text);
  if (problems.length > 0) reading.complete = false;
  report(
    reading,
    file,
    problems.map((one) => at({ severity: 'error', ...one }, { file, ...lineColumn(text, one.offset) })),
  );
  if (problems.length === 0 && documents.every((value) => value === undefined))
    report(reading, file, [emptyFile(file)]);
  judgeAll(reading, file, text, documents, starts);
}

/** A hook names every file that changed, also those that have nothing to do with manifests. */
function mentionsKind(text: string, kinds: Reading['kinds']): boolean {
  return [...kinds.keys()].some((kind) => text.includes(kind));
}

function judgeAll(
  reading: Reading,
  file: string,
  text: string,
  documents: readonly unknown[],
  starts: readonly number[],
): void {
  const mayRefer = text.includes('${') || text.includes('\\');
  const placeOf = ascendingLines(text);
  const found: { readonly index: number; readonly problem: Problem }[] = [];
  for (const [index, value] of documents.entries()) {
    if (value === undefined) continue;
    const origin = { file, ...placeOf(starts[index] ?? 0) };
    const judged = judge({ value, origin, index, mayRefer }, reading);
    keep(reading, judged, { origin, document: index });
    for (const problem of judged.problems) found.push({ index, problem });
  }
  if (found.length === 0) return;
  const find = locator(text);
  report(
    reading,
    file,
    found.map(({ index, problem }) => at(problem, { file, ...find(index, problem.path, problem.at) })),
  );
}

function keep(reading: Reading, judged: Judged, place: Pick<KnownDocument, 'origin' | 'document'>): void {
  const targets = judged.targets.map((target) => target.name);
  if (judged.address === undefined) reading.complete = false;
  else reading.documents.push({ address: judged.address, targets, ...place });
  for (const { target, manifest } of judged.manifests) reading.manifests.get(target)?.push(manifest);
  const isCounted = targets.length === 0 || targets.some((name) => reading.asked.has(name));
  if (isCounted && reading.isReported(place.origin.file)) reading.count += 1;
}

function report(reading: Reading, file: string, diagnostics: readonly Diagnostic[]): void {
  if (reading.isReported(file)) reading.diagnostics.push(...diagnostics);
}

function emptyFile(file: string): Diagnostic {
  const message = 'This file holds no manifest.';
  return ofFile({ code: 'empty-file', message, hint: 'Write one, or remove the file.', file });
}
