import { withoutEchoes } from '../../load/echoes.ts';
import { readText } from '../../load/files.ts';
import { type Lines, linesOf } from '../../load/line-column.ts';
import { type Locator, locator } from '../../load/locate.ts';
import { type Finders, findersOf } from '../../load/manifest-globs.ts';
import { textFiles } from '../../load/text-files.ts';
import { type ParsedDocument, parseYaml } from '../../load/yaml.ts';
import type { Diagnostic, Problem } from '../../model/diagnostic.ts';
import { mayHide } from '../../model/hidden.ts';
import { isObject } from '../../model/json.ts';
import type { KindDefinition, Tools } from '../../model/kind.ts';
import type { Manifest } from '../../model/manifest.ts';
import type { Project, Target } from '../../model/project.ts';
import { type Catalogues, cataloguesOf, type Pending, type Shelf, settled } from './catalogues.ts';
import { at, byPlace, ofFile } from './diagnostics.ts';
import { type Judged, judge, lostSpelling, type Meaning, type Meanings } from './document.ts';
import { fileFieldsOf } from './file-fields.ts';
import { manifestFiles, targetDiagnostics } from './files.ts';
import { acrossManifests, type KnownDocument } from './links.ts';
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

export interface ValidateOptions {
  readonly project: Project;
  /** Every kind that there is. */
  readonly kinds: readonly KindDefinition[];
  /** What they mean for a target; left out, the same for all. */
  readonly kindsOf?: KindsOf | undefined;
  /** Files and folders to report on; left out or empty, all. Rules across manifests still see every manifest. */
  readonly paths?: readonly string[] | undefined;
  /** Targets to return manifests for; left out or empty, all. Every manifest is checked on each of its targets all the same. */
  readonly targets?: readonly string[] | undefined;
  /** Hold manifests against the catalogues of their targets, where there are any? `now` tells how old they are. */
  readonly catalogues?: { readonly now: Date } | undefined;
  /** Told of the valid manifests of a target as they are found, and awaited, so that other work gets its turn. */
  readonly told?: ((target: string, manifests: readonly Manifest[]) => void) | undefined;
  readonly pause?: (() => Promise<void>) | undefined;
}

/** By kind. */
type KindsOf = (target: Target) => ReadonlyMap<string, KindDefinition>;

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
  const { extra, isNamed, diagnostics } = found;
  const users = new Set<string>();
  const catalogues =
    options.catalogues === undefined
      ? noCatalogues
      : await cataloguesOf({ ...project, targets: found.targets }, options.catalogues.now);
  const byName = new Map(kinds.map((kind) => [kind.kind, kind]));
  const reading: Reading = {
    project,
    kinds: byName,
    kindsOf: options.kindsOf ?? (() => byName),
    fileFields: fileFieldsByKind(kinds),
    asked: new Set(targets.length === 0 ? project.targets.map((target) => target.name) : targets),
    isReported: (file) => found.isReported(file) || users.has(file),
    isNamed,
    findersOf: findersOf(project),
    users,
    used: new Set(),
    diagnostics: [
      ...diagnostics,
      ...catalogues.diagnostics,
      ...targetDiagnostics(project, targets),
      ...protectDiagnostics(project, kinds),
    ],
    documents: [],
    manifests: new Map(project.targets.map((target) => [target.name, []])),
    declared: new Map(project.targets.map((target) => [target.name, []])),
    tools: { liquid: undefined },
    shelves: catalogues.shelves,
    pending: [],
    meanings: new Map(),
    complete: true,
    count: 0,
  };
  // What is no manifest may be the text of one, so the files that no glob matches come last.
  const tell = teller(reading, options);
  for (const [index, file] of [...found.files, ...extra].entries()) {
    await readManifests(reading, file, index >= found.files.length);
    if (index % slice === 0) await tell();
  }
  reading.diagnostics.push(...found.ofPaths(reading.used));
  // What could not be read may declare anything.
  if (reading.complete) reading.diagnostics.push(...settled(reading.pending, reading.declared, byName));
  const across = acrossManifests({ root: project.root, ...reading, manifests: reading.declared });
  const manifests = new Map([...reading.manifests].filter(([target]) => reading.asked.has(target)));
  return { manifests, count: reading.count, diagnostics: [...reading.diagnostics, ...across].sort(byPlace) };
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

function fileFieldsByKind(kinds: readonly KindDefinition[]): ReadonlyMap<string, readonly string[]> {
  const named = kinds.map(({ kind, traits }) => [kind, fileFieldsOf(traits)] as const);
  return new Map(named.filter(([, fields]) => fields.length > 0));
}

/** What has been read so far. */
interface Reading {
  readonly project: Project;
  readonly kinds: ReadonlyMap<string, KindDefinition>;
  readonly kindsOf: KindsOf;
  /** Names of the targets that were asked for. */
  readonly asked: ReadonlySet<string>;
  readonly fileFields: ReadonlyMap<string, readonly string[]>;
  readonly isReported: (file: string) => boolean;
  readonly isNamed: (file: string) => boolean;
  readonly findersOf: (file: string) => Finders;
  /** Files of manifests whose text stands in a file that the user named. */
  readonly users: Set<string>;
  /** Every file that a manifest takes text from. */
  readonly used: Set<string>;
  readonly diagnostics: Diagnostic[];
  readonly documents: KnownDocument[];
  readonly manifests: Map<string, Manifest[]>;
  /** Valid or not. */
  readonly declared: Map<string, Manifest[]>;
  tools: Tools;
  readonly shelves: ReadonlyMap<string, Shelf>;
  readonly pending: Pending[];
  readonly meanings: Map<string, Meanings>;
  complete: boolean;
  count: number;
}

/** `isExtra`: the user named it, and no glob matches it. */
async function readManifests(reading: Reading, file: string, isExtra: boolean): Promise<void> {
  if (isExtra && reading.used.has(file)) return;
  const text = readText(reading.project.root, file);
  if (typeof text !== 'string') {
    reading.complete = false;
    report(reading, file, [ofFile(text)]);
    return;
  }
  if (isExtra && !mentionsKind(text, reading.kinds)) return;
  if (reading.tools.liquid === undefined && text.includes('liquid_template')) {
    const { liquidError } = await import('../../load/liquid.ts');
    reading.tools = { liquid: liquidError };
  }
  const { documents, problems } = parseYaml(text);
  const lines = linesOf(text);
  const say = problems.length > 0 ? discretion(text) : asFound;
  const told = problems.map((one) => at({ severity: 'error', ...say(one) }, { file, ...lines(one.offset) }));
  if (problems.some((one) => one.code === 'too-many-aliases')) reading.complete = false;
  if (documents === undefined) countUnread(reading, file);
  else if (problems.length === 0 && documents.every((one) => one.value === undefined)) told.push(emptyFile(file));
  for (const kind of newKinds(reading, documents ?? []))
    reading.meanings.set(kind.kind, await meaningsOf(kind, reading));
  const judged = withoutEchoes(judgeAll(reading, file, text, documents ?? [], lines), told);
  report(reading, file, told);
  report(reading, file, judged);
}

/** Problems of a value, as it stands in the file. */
const ofValues: ReadonlySet<string> = new Set(['yaml-1.1', 'not-json', 'unsafe-integer', 'lost-spelling']);

type Discretion = <Found extends Pick<Problem, 'code' | 'message' | 'hint'>>(found: Found) => Found;

/** How problems of the values in a text are told. One that hides values is not quoted: which of them it is shows only once it is understood. */
function discretion(text: string): Discretion {
  return mayHide(text) ? unquoted : asFound;
}

function unquoted<Found extends Pick<Problem, 'code' | 'message' | 'hint'>>(found: Found): Found {
  if (!ofValues.has(found.code)) return found;
  return { ...found, message: 'YAML parsers do not agree on this value.', hint: 'Quote it where text is meant.' };
}

function asFound<Found>(found: Found): Found {
  return found;
}

/** Kinds whose rules are not loaded yet. */
function newKinds({ kinds, meanings }: Reading, documents: readonly ParsedDocument[]): readonly KindDefinition[] {
  return documents.flatMap(({ value }) => {
    if (!isObject(value) || typeof value.kind !== 'string' || meanings.has(value.kind)) return [];
    return kinds.get(value.kind) ?? [];
  });
}

/** Loads what manifests of a kind are judged by, on whatever target they are. */
async function meaningsOf(kind: KindDefinition, { project, kindsOf }: Reading): Promise<Meanings> {
  const loaded = new Map<KindDefinition, Meaning>();
  const load = async (one: KindDefinition): Promise<Meaning> => {
    const meaning = loaded.get(one) ?? { kind: one, rules: await one.rules() };
    loaded.set(one, meaning);
    return meaning;
  };
  const common = await load(
    project.targets[0] === undefined ? kind : (kindsOf(project.targets[0]).get(kind.kind) ?? kind),
  );
  const own = new Map<string, Meaning>();
  for (const target of project.targets) {
    const meaning = await load(kindsOf(target).get(kind.kind) ?? kind);
    if (meaning !== common) own.set(target.name, meaning);
  }
  return { common, own };
}

/** Text that is no YAML counts as one manifest. */
function countUnread(reading: Reading, file: string): void {
  reading.complete = false;
  if (reading.isReported(file)) reading.count += 1;
}

/** A hook names every file that changed, also those that have nothing to do with manifests. */
function mentionsKind(text: string, kinds: Reading['kinds']): boolean {
  return [...kinds.keys()].some((kind) => text.includes(kind));
}

function judgeAll(
  reading: Reading,
  file: string,
  text: string,
  documents: readonly ParsedDocument[],
  lines: Lines,
): Diagnostic[] {
  const mayRefer = text.includes('${') || text.includes('\\');
  const files = textFiles(reading.project.root, file);
  const finders = reading.findersOf(file);
  const found: Diagnostic[] = [];
  let count = 0;
  let find: Locator | undefined;
  let say: Discretion | undefined;
  const placed = (index: number, problem: Problem): Diagnostic => {
    find ??= locator(text);
    return at(problem, { file, ...find(index, problem.path, problem.at) });
  };
  for (const [index, { value, start, asText, spellings }] of documents.entries()) {
    if (value === undefined) continue;
    const origin = { file, ...lines(start) };
    const source = { value, origin, index, mayRefer, files, found: finders };
    const judged = judge(source, reading);
    if (keep(reading, judged, { origin, document: index })) count += 1;
    for (const problem of judged.problems) found.push(placed(index, problem));
    if (judged.pending.length > 0 && reading.isReported(file))
      for (const { problem, ...one } of judged.pending) reading.pending.push({ ...one, found: placed(index, problem) });
    if (spellings.length === 0) continue;
    const refused = judge({ ...source, value: asText }, reading).problems.filter((one) => one.severity === 'error');
    say ??= discretion(text);
    const tell = say;
    const lost = spellings.map((one) => at(tell(lostSpelling(one.written)), { file, ...lines(one.offset) }));
    const places = refused.map((problem) => placed(index, problem));
    for (const one of withoutEchoes(lost, places)) found.push(one);
  }
  noteUse(reading, file, files.files);
  if (reading.isReported(file)) reading.count += count;
  return found;
}

function noteUse({ used, users, isNamed }: Reading, manifest: string, files: Iterable<string>): void {
  for (const file of files) {
    used.add(file);
    if (isNamed(file)) users.add(manifest);
  }
}

/** Says whether it counts as a manifest of the targets that were asked for. */
function keep(reading: Reading, judged: Judged, place: Pick<KnownDocument, 'origin' | 'document'>): boolean {
  const targets = judged.targets.map((target) => target.name);
  if (judged.address === undefined) reading.complete = false;
  else reading.documents.push({ address: judged.address, targets, ...place });
  for (const { target, manifest } of judged.manifests) reading.manifests.get(target)?.push(manifest);
  for (const { target, manifest } of [...judged.manifests, ...judged.drafts])
    reading.declared.get(target)?.push(manifest);
  return targets.length === 0 || targets.some((name) => reading.asked.has(name));
}

function report(reading: Reading, file: string, diagnostics: readonly Diagnostic[]): void {
  if (!reading.isReported(file)) return;
  for (const one of diagnostics) reading.diagnostics.push(one);
}

function emptyFile(file: string): Diagnostic {
  const message = 'This file holds no manifest.';
  return ofFile({ code: 'empty-file', message, hint: 'Write one, or remove the file.', file });
}
