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
import type { FindingCache } from './cache.ts';
import type { Pending, Shelf } from './catalogues.ts';
import { at, ofFile } from './diagnostics.ts';
import { type Judged, judge, lostSpelling, type Meaning, type Meanings } from './document.ts';
import { fileFieldsOf } from './file-fields.ts';
import type { KnownDocument } from './links.ts';

/** What is found in one file of manifests. Plain JSON, so that it may come from another thread. */
export interface FileFinding {
  readonly file: string;
  /** Is every document that it may declare among `documents`? */
  readonly complete: boolean;
  /** How many manifests of the targets that were asked for are in it. */
  readonly count: number;
  readonly diagnostics: readonly Diagnostic[];
  readonly documents: readonly KnownDocument[];
  readonly manifests: readonly FoundManifest[];
  readonly pending: readonly Pending[];
  /** Other files that its manifests take text from. */
  readonly uses: readonly string[];
}

/** A manifest as it is on some targets. */
export interface FoundManifest {
  readonly targets: readonly string[];
  readonly manifest: Manifest;
  /** Has it no mistake of its own there? */
  readonly valid: boolean;
}

/** What files are judged by. */
export interface JudgeOptions {
  readonly project: Project;
  /** Every kind that there is. */
  readonly kinds: readonly KindDefinition[];
  /** What they mean for a target; left out, the same for all. */
  readonly kindsOf?: KindsOf | undefined;
  /** The targets that were asked for; left out or empty, all. */
  readonly targets?: readonly string[] | undefined;
  /** Catalogues to look names up in, by target. */
  readonly shelves?: ReadonlyMap<string, Shelf> | undefined;
  /** What was found before. */
  readonly cache?: FindingCache | undefined;
}

/** By kind. */
type KindsOf = (target: Target) => ReadonlyMap<string, KindDefinition>;

/** Judges one file after the other; what they have in common is loaded once. */
export interface FileJudge {
  judge(file: string): Promise<FileFinding>;
  /** As `judge`, of a file that no glob matches: undefined where nothing in it says that it holds manifests. */
  judgeNamed(file: string): Promise<FileFinding | undefined>;
}

/** A judge of the files of a project. Reads the files and nothing else, and never throws for a user's mistake. */
export function fileJudge(options: JudgeOptions): FileJudge {
  const { project, kinds, kindsOf, targets = [], shelves = new Map(), cache } = options;
  const byName = new Map(kinds.map((kind) => [kind.kind, kind]));
  const bench: Bench = {
    project,
    kinds: byName,
    kindsOf: kindsOf ?? (() => byName),
    fileFields: fileFieldsByKind(kinds),
    asked: new Set(targets.length === 0 ? project.targets.map((target) => target.name) : targets),
    findersOf: findersOf(project),
    tools: { liquid: undefined },
    shelves,
    meanings: new Map(),
  };
  return {
    judge: async (file) => {
      const text = readText(project.root, file);
      if (typeof text !== 'string') return { ...nothing, file, complete: false, diagnostics: [ofFile(text)] };
      const known = cache?.recall(file, text);
      if (known !== undefined) return known;
      const finding = await judgeText(bench, file, text);
      cache?.keep(finding, text);
      return finding;
    },
    judgeNamed: async (file) => {
      const text = readText(project.root, file);
      if (typeof text !== 'string') return { ...nothing, file, complete: false, diagnostics: [ofFile(text)] };
      return mentionsKind(text, byName) ? judgeText(bench, file, text) : undefined;
    },
  };
}

const nothing = { complete: true, count: 0, diagnostics: [], documents: [], manifests: [], pending: [], uses: [] };

/** What is known before a file is opened, and what was loaded for those before it. */
interface Bench {
  readonly project: Project;
  readonly kinds: ReadonlyMap<string, KindDefinition>;
  readonly kindsOf: KindsOf;
  /** Names of the targets that were asked for. */
  readonly asked: ReadonlySet<string>;
  readonly fileFields: ReadonlyMap<string, readonly string[]>;
  readonly findersOf: (file: string) => Finders;
  tools: Tools;
  readonly shelves: ReadonlyMap<string, Shelf>;
  readonly meanings: Map<string, Meanings>;
}

function fileFieldsByKind(kinds: readonly KindDefinition[]): ReadonlyMap<string, readonly string[]> {
  const named = kinds.map(({ kind, traits }) => [kind, fileFieldsOf(traits)] as const);
  return new Map(named.filter(([, fields]) => fields.length > 0));
}

/** A finding in the making. */
interface Draft {
  complete: boolean;
  count: number;
  readonly diagnostics: Diagnostic[];
  readonly documents: KnownDocument[];
  readonly manifests: FoundManifest[];
  readonly pending: Pending[];
}

async function judgeText(bench: Bench, file: string, text: string): Promise<FileFinding> {
  if (bench.tools.liquid === undefined && text.includes('liquid_template')) {
    const { liquidError } = await import('../../load/liquid.ts');
    bench.tools = { liquid: liquidError };
  }
  const { documents, problems } = parseYaml(text);
  const lines = linesOf(text);
  const say = problems.length > 0 ? discretion(text) : asFound;
  const told = problems.map((one) => at({ severity: 'error', ...say(one) }, { file, ...lines(one.offset) }));
  const draft: Draft = {
    // What could not be read may declare anything.
    complete: documents !== undefined && !problems.some((one) => one.code === 'too-many-aliases'),
    // Text that is no YAML counts as one manifest.
    count: documents === undefined ? 1 : 0,
    diagnostics: told,
    documents: [],
    manifests: [],
    pending: [],
  };
  if (problems.length === 0 && documents?.every((one) => one.value === undefined) === true) told.push(emptyFile(file));
  for (const kind of newKinds(bench, documents ?? [])) bench.meanings.set(kind.kind, await meaningsOf(kind, bench));
  const { judged, uses } = judgeAll(bench, draft, { file, text, documents: documents ?? [], lines });
  for (const one of withoutEchoes(judged, told)) draft.diagnostics.push(one);
  return { file, ...draft, uses };
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
function newKinds({ kinds, meanings }: Bench, documents: readonly ParsedDocument[]): readonly KindDefinition[] {
  return documents.flatMap(({ value }) => {
    if (!isObject(value) || typeof value.kind !== 'string' || meanings.has(value.kind)) return [];
    return kinds.get(value.kind) ?? [];
  });
}

/** Loads what manifests of a kind are judged by, on whatever target they are. */
async function meaningsOf(kind: KindDefinition, { project, kindsOf }: Bench): Promise<Meanings> {
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

/** A hook names every file that changed, also those that have nothing to do with manifests. */
function mentionsKind(text: string, kinds: Bench['kinds']): boolean {
  return [...kinds.keys()].some((kind) => text.includes(kind));
}

function judgeAll(
  bench: Bench,
  draft: Draft,
  { file, text, documents, lines }: Opened,
): { readonly judged: Diagnostic[]; readonly uses: readonly string[] } {
  const mayRefer = text.includes('${') || text.includes('\\');
  const files = textFiles(bench.project.root, file);
  const finders = bench.findersOf(file);
  const found: Diagnostic[] = [];
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
    const judged = judge(source, bench);
    keep(bench, draft, judged, { origin, document: index });
    for (const problem of judged.problems) found.push(placed(index, problem));
    for (const { problem, ...one } of judged.pending) draft.pending.push({ ...one, found: placed(index, problem) });
    if (spellings.length === 0) continue;
    const refused = judge({ ...source, value: asText }, bench).problems.filter((one) => one.severity === 'error');
    say ??= discretion(text);
    const tell = say;
    const lost = spellings.map((one) => at(tell(lostSpelling(one.written)), { file, ...lines(one.offset) }));
    const places = refused.map((problem) => placed(index, problem));
    for (const one of withoutEchoes(lost, places)) found.push(one);
  }
  return { judged: found, uses: [...files.files] };
}

/** A file that is YAML, or nearly. */
interface Opened {
  readonly file: string;
  readonly text: string;
  readonly documents: readonly ParsedDocument[];
  readonly lines: Lines;
}

function keep({ asked }: Bench, draft: Draft, judged: Judged, place: Pick<KnownDocument, 'origin' | 'document'>): void {
  const targets = judged.targets.map((target) => target.name);
  if (judged.address === undefined) draft.complete = false;
  else draft.documents.push({ address: judged.address, targets, ...place });
  for (const [valid, list] of [
    [true, judged.manifests],
    [false, judged.drafts],
  ] as const) {
    const byManifest = new Map<Manifest, string[]>();
    for (const { target, manifest } of list) {
      const names = byManifest.get(manifest);
      if (names === undefined) byManifest.set(manifest, [target]);
      else names.push(target);
    }
    for (const [manifest, names] of byManifest) draft.manifests.push({ targets: names, manifest, valid });
  }
  if (targets.length === 0 || targets.some((name) => asked.has(name))) draft.count += 1;
}

function emptyFile(file: string): Diagnostic {
  const message = 'This file holds no manifest.';
  return ofFile({ code: 'empty-file', message, hint: 'Write one, or remove the file.', file });
}
