import { type Declared, duplicateNames, type LinkProblem, linkProblems, type Subject } from '../core/link.ts';
import { locate } from '../load/locate.ts';
import type { Address } from '../model/address.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { KindDefinition } from '../model/kind.ts';
import type { Manifest } from '../model/manifest.ts';
import { at, onTargets } from './validate-diagnostics.ts';

/** A document whose address is known, whether or not it is valid. */
export interface KnownDocument extends Subject {
  /** Names of the targets it belongs to. */
  readonly targets: readonly string[];
}

/** Everything that was read. */
export interface World {
  readonly root: string;
  readonly kinds: ReadonlyMap<string, KindDefinition>;
  readonly documents: readonly KnownDocument[];
  /** Of every target. */
  readonly manifests: ReadonlyMap<string, readonly Manifest[]>;
  /** Is every document among `documents`? */
  readonly complete: boolean;
  readonly isReported: (file: string) => boolean;
}

/** What no manifest gets wrong alone. A mistake of two is told at the later one, or where only the other is reported, there. */
export function acrossManifests(world: World): Diagnostic[] {
  const byAddress = new Map(world.documents.map((one) => [one.address, one]));
  const found = new Map<string, { problem: LinkProblem; targets: string[] }>();
  for (const problem of duplicateNames(world.documents)) found.set(identityOf(problem), { problem, targets: [] });
  for (const [target, manifests] of world.manifests) {
    for (const problem of problemsOn(target, manifests, world, new Set(byAddress.keys()))) {
      const before = found.get(identityOf(problem));
      if (before === undefined) found.set(identityOf(problem), { problem, targets: [target] });
      else before.targets.push(target);
    }
  }
  return [...found.values()].flatMap(({ problem, targets }) => {
    const all = byAddress.get(problem.subject.address)?.targets ?? [];
    return diagnostics(world, problem, targets.length < all.length ? targets : []);
  });
}

function problemsOn(
  target: string,
  manifests: readonly Manifest[],
  world: World,
  anywhere: ReadonlySet<Address>,
): LinkProblem[] {
  const traits = new Map([...world.kinds].map(([name, kind]) => [name, kind.traits]));
  const here = world.documents.filter((one) => one.targets.includes(target)).map((one) => one.address);
  const declared: Declared = { here: new Set(here), anywhere, complete: world.complete };
  return linkProblems(manifests, traits, declared);
}

function identityOf({ subject, code, path, message }: LinkProblem): string {
  return `${subject.origin.file} ${subject.document} ${code} ${path} ${message}`;
}

function diagnostics(world: World, problem: LinkProblem, targets: readonly string[]): Diagnostic[] {
  const told = [problem, problem.twin].find((one) => one !== undefined && world.isReported(one.subject.origin.file));
  if (told === undefined) return [];
  const { origin, document } = told.subject;
  return [at(onTargets(told, targets), locate(world.root, origin.file, document, told.path, told.at))];
}
