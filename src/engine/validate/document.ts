import { explain, type SchemaProblem } from '../../core/schema/errors.ts';
import { normalise } from '../../core/spec/normalise.ts';
import { hideProblems } from '../../core/validate/hide.ts';
import { ignoreProblems } from '../../core/validate/ignore.ts';
import { withoutRelated } from '../../core/validate/related.ts';
import { type Found, targetsOf } from '../../core/validate/targets.ts';
import { textProblems } from '../../core/validate/text.ts';
import { lookupOf } from '../../load/lookup.ts';
import type { TextFiles } from '../../load/text-files.ts';
import { type Address, address } from '../../model/address.ts';
import type { Declaration } from '../../model/catalogue.ts';
import type { Origin, Problem } from '../../model/diagnostic.ts';
import { hiding, secretsIn, withoutSecrets } from '../../model/hidden.ts';
import { isList, isObject, type Json, type JsonObject } from '../../model/json.ts';
import type { KindDefinition, KindRules, SchemaValidator, Tools } from '../../model/kind.ts';
import { defaultLifecycle, type Lifecycle, type Manifest } from '../../model/manifest.ts';
import type { Project, Target } from '../../model/project.ts';
import { findingsOf, type Pending, type Shelf } from './catalogues.ts';
import { onTargets } from './diagnostics.ts';
import { inOverride } from './in-override.ts';
import { kindProblem } from './kind-problem.ts';
import { type Variant, variantsOf } from './variants.ts';

/** What documents are judged by. */
export interface Rules {
  readonly project: Project;
  readonly kinds: ReadonlyMap<string, KindDefinition>;
  /** Of each kind that a document is of: its rules are loaded. */
  readonly meanings: ReadonlyMap<string, Meanings>;
  readonly tools: Tools;
  /** Catalogues to look names up in, by target. */
  readonly shelves: ReadonlyMap<string, Shelf>;
  /** Of each kind, the fields that may be given as files; kinds without any may be missing. */
  readonly fileFields: ReadonlyMap<string, readonly string[]>;
}

/** What a kind means, and what its manifests are judged by. */
export interface Meaning {
  readonly kind: KindDefinition;
  readonly rules: KindRules;
}

/** What one kind means at the APIs of a project. */
export interface Meanings {
  /** Nearly always it is the same for all targets; else what holds where `own` has nothing. */
  readonly common: Meaning;
  /** By target. */
  readonly own: ReadonlyMap<string, Meaning>;
}

/** One document of a file. */
export interface SourceDocument {
  readonly value: unknown;
  readonly origin: Origin;
  readonly index: number;
  /** Can there be a reference in it? */
  readonly mayRefer: boolean;
  /** Reads the files that it names. */
  readonly files: TextFiles;
  readonly found: Found;
}

export interface Placed {
  readonly target: string;
  readonly manifest: Manifest;
}

/** What became of a document. */
export interface Judged {
  /** undefined where kind or name are not known. */
  readonly address: Address | undefined;
  readonly targets: readonly Target[];
  /** A manifest for each target on which it has no mistake of its own. Targets share manifests. */
  readonly manifests: readonly Placed[];
  /** What is known of it where it has mistakes, so that what spans manifests can be judged all the same. Its spec is as written. */
  readonly drafts: readonly Placed[];
  readonly problems: readonly Problem[];
  /** What holds only where no other manifest says otherwise. */
  readonly pending: readonly PendingProblem[];
}

/** A problem before its place is known, and what would undo it. */
export interface PendingProblem extends Omit<Pending, 'found'> {
  readonly problem: Problem;
}

/** Judges one document on every target that it belongs to; what is the same on all of them is looked at, and said, once. */
export function judge(source: SourceDocument, rules: Rules): Judged {
  const { value } = source;
  const meanings = isObject(value) && typeof value.kind === 'string' ? rules.meanings.get(value.kind) : undefined;
  if (!isObject(value) || meanings === undefined) return unjudged([kindProblem(value, rules.kinds)]);
  const { kind } = meanings.common;
  const problems: Problem[] = [];
  const targets = targetsOf(value, kind, rules.project, source.found, problems);
  const known = typeof value.name === 'string' ? address(kind.kind, value.name) : undefined;
  const judgement: Judgement = {
    source,
    targets,
    rules,
    found: new Map(),
    pending: new Map(),
    manifests: [],
    drafts: [],
  };
  const names = rules.fileFields.get(kind.kind);
  const fields = names === undefined ? undefined : { names, files: source.files };
  for (const variant of variantsOf(value, targets, source.mayRefer, fields)) {
    for (const [meaning, part] of byMeaning(meanings, variant)) judgeVariant(judgement, meaning, part);
  }
  problems.push(...said(judgement));
  const { manifests, drafts } = judgement;
  const pending = [...judgement.pending.values()].map((one) => ({ ...one, of: targets.length }));
  return { address: known, targets, manifests, drafts, problems, pending };
}

/** The variant by what its kind means at the API of each target. */
function byMeaning({ common, own }: Meanings, variant: Variant): readonly (readonly [Meaning, Variant])[] {
  if (own.size === 0) return [[common, variant]];
  const groups = new Map<Meaning, Target[]>();
  for (const target of variant.targets) {
    const meaning = own.get(target.name) ?? common;
    const group = groups.get(meaning);
    if (group === undefined) groups.set(meaning, [target]);
    else group.push(target);
  }
  // What is for no target is judged all the same.
  if (groups.size === 0) return [[common, variant]];
  return [...groups].map(([meaning, targets]) => [meaning, { ...variant, targets }] as const);
}

interface Judgement {
  readonly source: SourceDocument;
  readonly targets: readonly Target[];
  readonly rules: Rules;
  /** Each problem once, with the targets on which it exists. */
  readonly found: Map<string, Noted>;
  readonly pending: Map<string, Noted & { readonly unless: Declaration }>;
  readonly manifests: Placed[];
  readonly drafts: Placed[];
}

interface Noted {
  readonly problem: Problem;
  readonly targets: string[];
}

function judgeVariant(judgement: Judgement, { kind, rules }: Meaning, variant: Variant): void {
  const { document } = variant;
  const { spec } = document;
  const lifecycle = lifecycleOf(document.lifecycle);
  const problems = shapeProblems(rules.validate, kind, variant);
  if (isObject(spec)) {
    const found = [...rules.check(spec, judgement.rules.tools), ...textProblems(spec, kind.traits)];
    for (const one of withoutRelated(found, problems)) problems.push(one);
  }
  const valid = isObject(spec) && !problems.some(isError);
  const meant = valid ? normalise(kind.traits, kind.canonical(spec)) : spec;
  if (isObject(meant) && typeof document.name === 'string') {
    addManifest(judgement, kind, variant, { spec: meant, lifecycle, valid });
  }
  if (lifecycle.ignore.length > 0) problems.push(...ignoreProblems(lifecycle.ignore, kind.traits));
  const { hide = [] } = lifecycle;
  if (hide.length > 0) problems.push(...hideProblems(hide, kind.traits, valid && isObject(meant) ? meant : undefined));
  const secrets = hide.length > 0 ? secretsIn([['', spec ?? null]], lifecycle) : [];
  for (const problem of problems) note(judgement, variant, discreet(problem, secrets));
  for (const problem of spellingProblems(rules.validate, variant)) note(judgement, variant, problem);
  if (!valid) return;
  for (const { target, problem, unless } of findingsOf(rules, spec, variant.targets, judgement.rules.shelves))
    note(judgement, { ...variant, targets: [target] }, discreet(problem, secrets), unless);
}

/** What is hidden is not told by what is wrong with it either. */
function discreet<Found extends Problem>(problem: Found, secrets: readonly string[]): Found {
  if (secrets.length === 0) return problem;
  const { message, hint } = problem;
  return { ...problem, message: withoutSecrets(message, secrets), hint: withoutSecrets(hint, secrets) };
}

/** References and files that lead nowhere, and what the schema refuses elsewhere. */
function shapeProblems(
  validate: SchemaValidator,
  kind: KindDefinition,
  { document, problems }: Variant,
): (Problem | SchemaProblem)[] {
  if (validate(document)) return [...problems];
  const subject = { document, called: 'a manifest', ...lookupOf(kind.kind) };
  const refused = new Set(problems.map((problem) => problem.path));
  const found = explain(validate.errors ?? [], subject).filter((problem) => !refused.has(problem.path));
  return [...problems, ...found];
}

/** A variable that is a number and stands where text may stand is sent as it is printed, and not as it is written. */
function spellingProblems(validate: SchemaValidator, { asText, spellings }: Variant): Problem[] {
  if (asText === undefined) return [];
  const refused = new Set(validate(asText) ? [] : validate.errors?.map((error) => error.instancePath));
  return spellings.flatMap(({ path, written }) =>
    refused.has(path) ? [] : [{ ...lostSpelling(written), path, at: 'value' as const }],
  );
}

/** The warning about a number in a place where text may stand. */
export function lostSpelling(written: string): Omit<Problem, 'path' | 'at'> {
  const printed = String(Number(written));
  return {
    severity: 'warning',
    code: 'lost-spelling',
    message: `${written} is a number, and is sent as ${printed}.`,
    hint: `Quote it ("${written}") where text is meant, or write ${printed}.`,
  };
}

function addManifest(
  judgement: Judgement,
  { kind }: KindDefinition,
  variant: Variant,
  { spec, lifecycle, valid }: { readonly spec: JsonObject; readonly lifecycle: Lifecycle; readonly valid: boolean },
): void {
  const { source } = judgement;
  const name = String(variant.document.name);
  const manifest: Manifest = {
    address: address(kind, name),
    kind,
    name,
    spec,
    lifecycle,
    ...earlierNames(variant.document.moved_from, judgement.targets),
    origin: source.origin,
    document: source.index,
    ...(variant.files.length === 0 ? {} : { files: variant.files }),
  };
  const list = valid ? judgement.manifests : judgement.drafts;
  for (const target of variant.targets) list.push({ target: target.name, manifest });
}

function note(
  { found, pending, source }: Judgement,
  variant: Variant,
  problem: Problem | SchemaProblem,
  unless?: Declaration,
): void {
  const placed = inOverride(problem, variant, source.value);
  const identity = `${placed.code} ${placed.path} ${placed.message}`;
  const before = (unless === undefined ? found : pending).get(identity);
  const names = variant.targets.map((target) => target.name);
  if (before !== undefined) before.targets.push(...names);
  else if (unless === undefined) found.set(identity, { problem: placed, targets: names });
  else pending.set(identity, { problem: placed, targets: names, unless });
}

/** A target is named only where the problem does not exist on all of them. */
function said({ found, targets }: Judgement): Problem[] {
  return [...found.values()].map(({ problem, targets: on }) =>
    onTargets(problem, on.length < targets.length ? on : []),
  );
}

function isError(problem: Problem): boolean {
  return problem.severity === 'error';
}

function lifecycleOf(value: Json | undefined): Lifecycle {
  if (!isObject(value)) return defaultLifecycle;
  const { adopt, protect, replace, on_delete: onDelete, ignore, hide } = value;
  return {
    adopt: adopt === true,
    protect: protect === true,
    replace: replace === 'allow' ? 'allow' : 'block',
    on_delete: onDelete === 'pause' || onDelete === 'abandon' ? onDelete : 'delete',
    ignore: textsOf(ignore),
    ...(hide === undefined ? {} : hiding({ hide: textsOf(hide) })),
  };
}

/** What is no name is told by the schema, and is nobody's. */
function earlierNames(value: Json | undefined, targets: readonly Target[]): Pick<Manifest, 'moved_from' | 'targets'> {
  const names = typeof value === 'string' ? [value] : textsOf(value);
  return names.length === 0 ? {} : { moved_from: names, targets: targets.map((target) => target.name) };
}

function textsOf(list: Json | undefined): readonly string[] {
  return isList(list) ? list.filter((one) => typeof one === 'string') : [];
}

function unjudged(problems: readonly Problem[]): Judged {
  return { address: undefined, targets: [], manifests: [], drafts: [], problems, pending: [] };
}
