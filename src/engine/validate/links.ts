import {
  type Declared,
  duplicateNames,
  type LinkProblem,
  linkProblems,
  type Subject,
} from '../../core/references/check.ts';
import { byCodePoint } from '../../core/stable.ts';
import { filesLocator } from '../../load/locate.ts';
import type { Address } from '../../model/address.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { KindDefinition } from '../../model/kind.ts';
import type { Manifest } from '../../model/manifest.ts';
import { at, onTargets } from './diagnostics.ts';

/** A document whose address is known, whether or not it is valid. */
export interface KnownDocument extends Subject {
  /** Names of the targets it belongs to. */
  readonly targets: readonly string[];
}

/** Everything that was read. */
export interface ReadDocuments {
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
export function acrossManifests(read: ReadDocuments): Diagnostic[] {
  const byPlace = new Map(read.documents.map((one) => [placeOf(one), one]));
  const anywhere = new Set(read.documents.map((one) => one.address));
  const found = new Map<string, { problem: LinkProblem; targets: string[] }>();
  for (const [target, manifests] of read.manifests) {
    for (const problem of problemsOn(target, manifests, read, anywhere)) {
      const before = found.get(identityOf(problem));
      if (before === undefined) found.set(identityOf(problem), { problem, targets: [target] });
      else before.targets.push(target);
    }
  }
  const find = filesLocator(read.root);
  const told = [...found.values()].flatMap(({ problem, targets }) => {
    const one = reported(read, problem);
    const all = byPlace.get(placeOf(problem.subject))?.targets ?? [];
    return one === undefined ? [] : [onTargets(one, targets.length < all.length ? targets : [])];
  });
  // Each file is read once for its places.
  told.sort((one, other) => byCodePoint(one.subject.origin.file, other.subject.origin.file));
  return told.map((one) => at(one, find(one.subject.origin.file, one.subject.document, one.path, one.at)));
}

function problemsOn(
  target: string,
  manifests: readonly Manifest[],
  read: ReadDocuments,
  anywhere: ReadonlySet<Address>,
): LinkProblem[] {
  const traits = new Map([...read.kinds].map(([name, kind]) => [name, kind.traits]));
  const here = read.documents.filter((one) => one.targets.includes(target));
  const declared: Declared = { here: new Set(here.map((one) => one.address)), anywhere, complete: read.complete };
  return [...duplicateNames(here), ...linkProblems(manifests, traits, declared)];
}

/** Which document it is: manifests of different targets may have the same address. */
function placeOf({ origin, document }: Subject): string {
  return `${origin.file} ${document}`;
}

function identityOf({ subject, code, path, message }: LinkProblem): string {
  return `${placeOf(subject)} ${code} ${path} ${message}`;
}

/** The problem as it is told: where only the other one of two is reported, there. */
function reported(read: ReadDocuments, problem: LinkProblem): LinkProblem | undefined {
  return [problem, problem.twin].find((one) => one !== undefined && read.isReported(one.subject.origin.file));
}
