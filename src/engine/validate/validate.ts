import type { Diagnostic } from '../../model/diagnostic.ts';
import type { Manifest } from '../../model/manifest.ts';
import type { FindingCache } from './cache.ts';
import { type Catalogues, cataloguesOf, type Pending, settled } from './catalogues.ts';
import { byPlace } from './diagnostics.ts';
import { type ManifestFiles, manifestFiles, targetDiagnostics } from './files.ts';
import { acrossManifests, type KnownDocument } from './links.ts';
import { type FileFinding, type FileJudge, fileJudge, type JudgeOptions } from './one-file.ts';
import { protectDiagnostics } from './protect.ts';

/** Every manifest of a project, by target, and everything that is wrong. With an error in it nothing may be planned. */
export interface Validated {
  /** In the order of files and documents; for each target that was asked for. */
  readonly manifests: ReadonlyMap<string, readonly Manifest[]>;
  /** How many manifests were looked at: those of the files and the targets that were asked for. */
  readonly count: number;
  /** By file, line and column. */
  readonly diagnostics: readonly Diagnostic[];
}

export interface ValidateOptions extends Omit<JudgeOptions, 'shelves' | 'cache'> {
  /** Files and folders to report on; left out or empty, all. Rules across manifests still see every manifest. */
  readonly paths?: readonly string[] | undefined;
  /** Targets to return manifests for; left out or empty, all. Every manifest is checked on each of its targets all the same. */
  readonly targets?: readonly string[] | undefined;
  /** Hold manifests against the catalogues of their targets, where there are any? `now` tells how old they are. */
  readonly catalogues?: { readonly now: Date } | undefined;
  /** What was found before in so many files, where anybody knows. Not asked where there are catalogues, which say something else each time. */
  readonly cache?: ((files: number) => Promise<FindingCache | undefined>) | undefined;
  /** Told of the valid manifests of a target as they are found, and awaited, so that other work gets its turn. */
  readonly told?: ((target: string, manifests: readonly Manifest[]) => void) | undefined;
  readonly pause?: (() => Promise<void>) | undefined;
  /** Judges files beside this thread, in their order and as many as it can; those that are left are judged here. */
  readonly elsewhere?: ((files: readonly string[]) => AsyncIterable<readonly FileFinding[]>) | undefined;
}

/** After how many files others get their turn: a few milliseconds. The first one alone shows what has to be read. */
const slice = 25;
const noCatalogues: Catalogues = { shelves: new Map(), diagnostics: [] };

/** Reads and checks all manifests of a project. Touches no network and no environment. Never throws for a user's mistake. */
export async function validateProject(options: ValidateOptions): Promise<Validated> {
  const { project, kinds, paths = [], targets = [] } = options;
  const found = manifestFiles(
    project,
    paths,
    kinds.map((one) => one.kind),
    targets,
  );
  const catalogues =
    options.catalogues === undefined
      ? noCatalogues
      : await cataloguesOf({ ...project, targets: found.targets }, options.catalogues.now);
  const users = new Set<string>();
  const reading: Reading = {
    asked: new Set(targets.length === 0 ? project.targets.map((target) => target.name) : targets),
    isReported: (file) => found.isReported(file) || users.has(file),
    isNamed: found.isNamed,
    users,
    used: new Set(),
    diagnostics: [
      ...found.diagnostics,
      ...catalogues.diagnostics,
      ...targetDiagnostics(project, targets),
      ...protectDiagnostics(project, kinds),
    ],
    documents: [],
    manifests: new Map(project.targets.map((target) => [target.name, []])),
    declared: new Map(project.targets.map((target) => [target.name, []])),
    pending: [],
    complete: true,
    count: 0,
  };
  const { shelves } = catalogues;
  const cache = shelves.size === 0 ? await options.cache?.(found.files.length) : undefined;
  await judgeFiles(reading, found, options, fileJudge({ ...options, shelves, cache }));
  reading.diagnostics.push(...found.ofPaths(reading.used));
  const byName = new Map(kinds.map((kind) => [kind.kind, kind] as const));
  // What could not be read may declare anything.
  if (reading.complete) reading.diagnostics.push(...settled(reading.pending, reading.declared, byName));
  const across = acrossManifests({ root: project.root, kinds: byName, ...reading, manifests: reading.declared });
  const manifests = new Map([...reading.manifests].filter(([target]) => reading.asked.has(target)));
  return { manifests, count: reading.count, diagnostics: [...reading.diagnostics, ...across].sort(byPlace) };
}

async function judgeFiles(
  reading: Reading,
  { files, extra }: ManifestFiles,
  options: ValidateOptions,
  here: FileJudge,
): Promise<void> {
  const tell = teller(reading, options);
  let next = 0;
  for await (const findings of options.elsewhere?.(files) ?? []) {
    for (const one of findings) add(reading, one);
    next += findings.length;
    await tell();
  }
  for (; next < files.length; next += 1) {
    add(reading, await here.judge(files[next] ?? ''));
    if (next % slice === 0) await tell();
  }
  // What is no manifest may be the text of one, so the files that no glob matches come last.
  for (const file of extra) {
    const finding = reading.used.has(file) ? undefined : await here.judgeNamed(file);
    if (finding !== undefined) add(reading, finding);
  }
}

/** Tells of what was found since it was last asked to. */
function teller({ manifests, asked }: Reading, { told, pause }: ValidateOptions): () => Promise<void> {
  const counts = new Map<string, number>();
  return async () => {
    if (told === undefined) return;
    for (const target of asked) {
      const all = manifests.get(target) ?? [];
      const before = counts.get(target) ?? 0;
      if (all.length === before) continue;
      counts.set(target, all.length);
      told(target, all.slice(before));
    }
    await pause?.();
  };
}

/** What has been read so far. */
interface Reading {
  /** Names of the targets that were asked for. */
  readonly asked: ReadonlySet<string>;
  readonly isReported: (file: string) => boolean;
  readonly isNamed: (file: string) => boolean;
  /** Files of manifests whose text stands in a file that the user named. */
  readonly users: Set<string>;
  /** Every file that a manifest takes text from. */
  readonly used: Set<string>;
  readonly diagnostics: Diagnostic[];
  readonly documents: KnownDocument[];
  readonly manifests: Map<string, Manifest[]>;
  /** Valid or not. */
  readonly declared: Map<string, Manifest[]>;
  readonly pending: Pending[];
  complete: boolean;
  count: number;
}

function add(reading: Reading, finding: FileFinding): void {
  const { file } = finding;
  for (const used of finding.uses) {
    reading.used.add(used);
    if (reading.isNamed(used)) reading.users.add(file);
  }
  reading.complete &&= finding.complete;
  for (const one of finding.documents) reading.documents.push(one);
  for (const { targets, manifest, valid } of finding.manifests) {
    for (const target of targets) {
      if (valid) reading.manifests.get(target)?.push(manifest);
      reading.declared.get(target)?.push(manifest);
    }
  }
  if (!reading.isReported(file)) return;
  reading.count += finding.count;
  for (const one of finding.diagnostics) reading.diagnostics.push(one);
  for (const one of finding.pending) reading.pending.push(one);
}
