import { disagreements, type Mistake } from '../core/references/agree.ts';
import { type DeclaredIndex, indexDeclared } from '../core/references/declared.ts';
import { looksUpIds } from '../core/references/joined.ts';
import { type CollectionPart, partFor, partKey, resolveName } from '../core/references/names.ts';
import { type FileLocator, filesLocator } from '../load/locate.ts';
import type { Diagnostic, Problem } from '../model/diagnostic.ts';
import { InvalidInput } from '../model/errors.ts';
import { type Pointer, valueAt } from '../model/json.ts';
import type { Manifest } from '../model/manifest.ts';
import { type Provider, resourceOf, traitsIn } from '../model/provider.ts';
import type { KindTraits, Reference } from '../model/traits.ts';
import type { Reading } from './ahead.ts';
import type { Read } from './names.ts';
import type { TargetRequest } from './request.ts';

/** Manifests with those of their names resolved that stand for a live thing whatever else is declared. */
export interface ResolvedAhead {
  /** By the manifest as it was checked. */
  readonly manifests: ReadonlyMap<Manifest, Manifest>;
  /** The collections in which they were looked up. */
  readonly parts: readonly CollectionPart[];
}

export const noneResolved: ResolvedAhead = { manifests: new Map(), parts: [] };

/**
 * Replaces the names of live things by ids in every manifest; what a manifest declares keeps its name. A collection is fetched only
 * when a manifest names something in it, and once, as `named` fetches it; `catalogue` keeps what was fetched. What `resolved` says need
 * not be looked up again.
 * @throws InvalidInput with every name that matches nothing or several things.
 */
export async function resolveNames(
  request: TargetRequest,
  catalogue: Read = new Map(),
  { named, resolved }: Pick<Reading, 'named' | 'resolved'> = nothingAhead(request),
): Promise<readonly Manifest[]> {
  const { provider } = request;
  const ahead = await resolved();
  await readParts(named, new Map(ahead.parts.map((part) => [partKey(part), part])), catalogue);
  const manifests = request.manifests.map((one) => ahead.manifests.get(one) ?? one);
  const declared = indexDeclared(manifests, traitsIn(provider));
  const { all, mistakes } = await resolveAll(provider, manifests, { declared, catalogue, named });
  mistakes.push(...disagreements(all, traitsIn(provider)));
  if (mistakes.length > 0) throw new InvalidInput(diagnosed(request, mistakes), request.project.root);
  return all;
}

/** Where nothing has begun to be read. */
function nothingAhead({ provider }: TargetRequest): Pick<Reading, 'named' | 'resolved'> {
  return {
    named: ({ collection, within }) => provider.named(collection, within),
    resolved: async () => noneResolved,
  };
}

/**
 * The manifests with ids in place of those names that stand for live things whatever else is declared. A name that is no good stays: it is
 * told once all is known.
 */
export async function withCertainIds(
  provider: Provider,
  manifests: readonly Manifest[],
  named: Reading['named'],
): Promise<readonly Manifest[]> {
  const declared = indexDeclared([], traitsIn(provider));
  return (await resolveAll(provider, manifests, { declared, catalogue: new Map(), named }, isCertain)).all;
}

/** Is its name that of a live thing, and looked up among all there are? */
function isCertain({ manifest, within, joins, joint }: Reference): boolean {
  return manifest === undefined && within === undefined && joins === undefined && joint === undefined;
}

/** What names are looked up in. */
interface Known {
  readonly declared: DeclaredIndex;
  readonly catalogue: Read;
  readonly named: Reading['named'];
}

/** Resolves the names of manifests of all kinds, or those of the references that are asked for. */
async function resolveAll(
  provider: Provider,
  manifests: readonly Manifest[],
  known: Known,
  isAsked: (reference: Reference) => boolean = () => true,
): Promise<{ readonly all: readonly Manifest[]; readonly mistakes: Mistake[] }> {
  const resolved = new Map<string, Manifest>();
  const mistakes: Mistake[] = [];
  for (const { kind, traits } of provider.resources.values()) {
    const own = manifests.filter((one) => one.kind === kind);
    if (own.length === 0) continue;
    const found = await resolveKind(traits, traits.references.filter(isAsked), own, known);
    mistakes.push(...found.mistakes);
    for (const one of found.manifests) resolved.set(one.address, one);
  }
  return { all: manifests.map((one) => resolved.get(one.address) ?? one), mistakes };
}

async function resolveKind(
  traits: KindTraits,
  references: readonly Reference[],
  given: readonly Manifest[],
  known: Known,
): Promise<{ readonly manifests: readonly Manifest[]; readonly mistakes: readonly Mistake[] }> {
  const { declared, catalogue, named } = known;
  let manifests = given;
  const mistakes: Mistake[] = [];
  /** Places whose names are no good, by index of the manifest: few have any. */
  const lost = new Map<number, Set<Pointer>>();
  /** Places at which no manifest says a name: most references share one with others, and resolving only takes names away. */
  const silent = new Set<Pointer>();
  for (const reference of references) {
    if (!looksUpIds(reference) && isSilent(reference.path, manifests, silent)) continue;
    const parts = new Map<string, CollectionPart>();
    const keys = manifests.map((manifest, index) => {
      const part = hangsOn(reference, lost.get(index)) ? undefined : partFor(reference, manifest.spec, declared);
      if (part === undefined) return undefined;
      const key = partKey(part);
      parts.set(key, part);
      return key;
    });
    if (parts.size === 0) continue;
    await readParts(named, parts, catalogue);
    manifests = manifests.map((manifest, index) => {
      const things = catalogue.get(keys[index] ?? '');
      // A name that cannot be looked up stays.
      if (things === undefined) return manifest;
      const { spec, problem } = resolveName(reference, manifest.spec, things, declared, givenNames(traits, manifest));
      if (problem !== undefined) {
        mistakes.push({ manifest, problem });
        lost.set(index, (lost.get(index) ?? new Set()).add(reference.into));
      }
      const name = valueAt(manifest.spec, reference.path);
      if (spec === manifest.spec) return manifest;
      if (typeof name !== 'string') return { ...manifest, spec };
      const names: Record<string, string> = { ...manifest.names };
      names[reference.path] = name;
      return { ...manifest, spec, names };
    });
  }
  return { manifests, mistakes };
}

function isSilent(path: Pointer, manifests: readonly Manifest[], silent: Set<Pointer>): boolean {
  if (silent.has(path)) return true;
  if (manifests.some(({ spec }) => typeof valueAt(spec, path) === 'string')) return false;
  silent.add(path);
  return true;
}

/** Does a reference hang on what was not found? Then nothing can be said of it. */
function hangsOn({ within, joins = [], joint }: Reference, lost: ReadonlySet<Pointer> | undefined): boolean {
  if (lost === undefined || lost.size === 0) return false;
  return [within, joint?.into, ...joins].some((one) => one !== undefined && lost.has(one));
}

/** The name that a manifest gave for the id that stands at a place by now. */
function givenNames({ references }: KindTraits, { names = {} }: Manifest): (into: Pointer) => string | undefined {
  return (into) => names[references.find((one) => one.into === into)?.path ?? ''];
}

/** The manifests, once the provider has compared them with the service's catalogue. @throws InvalidInput with what it found. */
export async function examined(request: TargetRequest, manifests: readonly Manifest[]): Promise<readonly Manifest[]> {
  const found = await Promise.all(
    manifests.map(async (manifest) => {
      const problems = await resourceOf(request.provider, manifest.kind).examine(manifest.spec);
      return problems.map((problem) => ({ manifest, problem }));
    }),
  );
  const mistakes = found.flat();
  if (mistakes.length > 0) throw new InvalidInput(diagnosed(request, mistakes), request.project.root);
  return manifests;
}

/** Mistakes of manifests that only show beside the live side, at their places. */
export function diagnosed(request: TargetRequest, mistakes: readonly Mistake[]): Diagnostic[] {
  const find = filesLocator(request.project.root);
  return mistakes.map(({ manifest, problem }) => diagnose(request, find, manifest, problem));
}

async function readParts(
  named: Reading['named'],
  parts: ReadonlyMap<string, CollectionPart>,
  catalogue: Read,
): Promise<void> {
  await Promise.all(
    [...parts].map(async ([key, part]) => {
      if (!catalogue.has(key)) catalogue.set(key, await named(part));
    }),
  );
}

function diagnose(request: TargetRequest, find: FileLocator, manifest: Manifest, problem: Problem): Diagnostic {
  const { severity, code, message, hint } = problem;
  const origin = find(manifest.origin.file, manifest.document, problem.path, problem.at);
  return {
    severity,
    code,
    message: `${message.replace(/\.$/, '')} in target "${request.target.name}".`,
    hint: code === 'unknown-name' ? `${hint}${elsewhere(request, find, manifest)}` : hint,
    ...origin,
  };
}

/** Help for a manifest that every target of its provider reads, where its names may be those of another one. */
function elsewhere({ project, target }: TargetRequest, find: FileLocator, { origin, document }: Manifest): string {
  const others = project.targets.filter(({ name, provider }) => name !== target.name && provider === target.provider);
  const [other] = others;
  // A place that is not there is that of the whole document.
  const [start, list] = ['', '/targets'].map((path) => find(origin.file, document, path, 'value'));
  const isShared = start?.line === list?.line && start?.column === list?.column;
  if (other === undefined || !isShared) return '';
  const name = others.length === 1 ? other.name : 'NAME';
  return ` A manifest that belongs to another target alone needs \`targets: [${name}]\`.`;
}
