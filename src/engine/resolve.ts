import { resolveRef, type Shelf, shelfFor, shelfKey } from '../core/resolve.ts';
import { type FileLocator, filesLocator } from '../load/locate.ts';
import type { Diagnostic, Problem } from '../model/diagnostic.ts';
import { InvalidInput } from '../model/errors.ts';
import { valueAt } from '../model/json.ts';
import type { NamedThing } from '../model/live.ts';
import type { Manifest } from '../model/manifest.ts';
import type { Provider } from '../model/provider.ts';
import type { TargetRequest } from './request.ts';

/**
 * Replaces names by ids in every manifest. A collection is fetched only when a manifest names something in it, and once.
 * @throws InvalidInput with every name that matches nothing or several things.
 */
export async function resolveNames(request: TargetRequest): Promise<readonly Manifest[]> {
  const { provider } = request;
  let manifests = request.manifests;
  const problems: Diagnostic[] = [];
  const find = filesLocator(request.project.root);
  const books = new Map<string, readonly NamedThing[] | undefined>();
  for (const ref of provider.traits.refs) {
    const shelves = manifests.flatMap((manifest) => shelfFor(ref, manifest.spec) ?? []);
    if (shelves.length === 0) continue;
    await fetchShelves(provider, shelves, books);
    manifests = manifests.map((manifest) => {
      const { spec, problem } = resolveRef(ref, manifest.spec, books);
      if (problem !== undefined) problems.push(diagnose(request, find, manifest, problem));
      const name = valueAt(manifest.spec, ref.path);
      if (spec === manifest.spec || typeof name !== 'string') return manifest;
      return { ...manifest, spec, names: { ...manifest.names, [ref.path]: name } };
    });
    // A name in the scope of something that was not found cannot be looked up at all.
    if (problems.length > 0 && provider.traits.refs.some((other) => other.within === ref.into)) break;
  }
  if (problems.length > 0) throw new InvalidInput(problems);
  return manifests;
}

/** The manifests, once the provider has compared them with the service's catalogue. @throws InvalidInput with what it found. */
export async function examined(request: TargetRequest, manifests: readonly Manifest[]): Promise<readonly Manifest[]> {
  if (request.provider.manner.checks === 'service') return manifests;
  const find = filesLocator(request.project.root);
  const found = await Promise.all(
    manifests.map(async (manifest) => {
      const problems = await request.provider.examine(manifest.spec);
      return problems.map((problem) => diagnose(request, find, manifest, problem));
    }),
  );
  const problems = found.flat();
  if (problems.length > 0) throw new InvalidInput(problems);
  return manifests;
}

/** Mistakes of manifests that only show beside the live side, at their places. */
export function diagnosed(
  request: TargetRequest,
  mistakes: readonly { readonly manifest: Manifest; readonly problem: Problem }[],
): Diagnostic[] {
  const find = filesLocator(request.project.root);
  return mistakes.map(({ manifest, problem }) => diagnose(request, find, manifest, problem));
}

async function fetchShelves(
  provider: Provider,
  shelves: readonly Shelf[],
  books: Map<string, readonly NamedThing[] | undefined>,
): Promise<void> {
  const missing = new Map(shelves.map((shelf) => [shelfKey(shelf), shelf]));
  await Promise.all(
    [...missing].map(async ([key, shelf]) => {
      if (!books.has(key)) books.set(key, await provider.named(shelf.collection, shelf.within));
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
    hint,
    ...origin,
  };
}
