import { type ValidateOptions, validateProject } from '../engine/validate/validate.ts';
import { loadProject } from '../load/project.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { InvalidInput } from '../model/errors.ts';
import type { Manifest } from '../model/manifest.ts';
import type { Project, Target } from '../model/project.ts';
import { kinds, kindsOf } from '../providers/index.ts';
import type { CheckerProgram } from './checker.ts';
import type { CachePlace, OpenCache } from './finding-cache.ts';
import { namedTargets } from './targets.ts';

/** Where a project is. */
export interface Place {
  /** Absolute path; `syncline.yaml` is looked for here and in the folders above. */
  readonly directory: string;
  /** The project file itself, relative to `directory`. */
  readonly config?: string | undefined;
}

/** What to look at; left out or empty means all. */
export interface CheckOptions {
  /** Files and folders to report on. */
  readonly paths?: readonly string[] | undefined;
  /** Names of targets. */
  readonly targets?: readonly string[] | undefined;
  /** Where to keep what was found, for the next time. Where it is left out, every file is judged. */
  readonly cache?: CachePlace | undefined;
}

/** Everything that is wrong with the files of a project. */
export interface Checked {
  /** undefined where the project file is wrong: then nobody has looked at manifests. */
  readonly project: Project | undefined;
  /** Absolute path of the folder that the files of the diagnostics are seen from. */
  readonly root: string;
  readonly diagnostics: readonly Diagnostic[];
  /** How many manifests were looked at. */
  readonly manifests: number;
}

/** The project file of a place. @throws InvalidInput with everything that is wrong in it */
export function openProject(place: Place): Project {
  const { project, diagnostics, root } = loadProject(place);
  if (project === undefined) throw new InvalidInput(diagnostics, root);
  return project;
}

/** So few files are judged in less time than it takes to load what looks them up. */
const fewestToKeep = 50;

/** Checks project file and manifests, and throws for no mistake in them. @throws InvalidInput for a target that there is not */
export async function checkProject(place: Place, { paths, targets = [], cache }: CheckOptions = {}): Promise<Checked> {
  const { project, diagnostics, root } = loadProject(place);
  if (project === undefined) return { project, root, diagnostics, manifests: 0 };
  const names = namedTargets(project, targets).map((one) => one.name);
  let open: OpenCache | undefined;
  const found = await validateProject({
    project,
    kinds,
    kindsOf,
    paths,
    targets: names,
    catalogues: { now: new Date() },
    cache: async (files) => {
      if (cache === undefined || files < fewestToKeep) return undefined;
      const { openCache } = await import('./finding-cache.ts');
      open = openCache(cache, project, names);
      return open;
    },
  });
  open?.save();
  return { project, root, diagnostics: [...diagnostics, ...found.diagnostics], manifests: found.count };
}

/** What is found about the manifests of some targets. */
export interface FoundManifests {
  /** By target. */
  readonly manifests: ReadonlyMap<string, readonly Manifest[]>;
  readonly warnings: readonly Diagnostic[];
}

/** Manifests that are still checked. */
export interface Checking {
  /** @throws InvalidInput where any of the project is invalid */
  readonly found: Promise<FoundManifests>;
  /** Tells of valid manifests of a target as they are found, each once; whether all are valid `found` says. */
  follow(target: string, tell: (manifests: readonly Manifest[]) => void): void;
}

/** Of no target. To the engine, which knows targets by name, no name would mean all of them. */
const noManifests: FoundManifests = { manifests: new Map(), warnings: [] };

/**
 * The manifests of each of these targets, and the warnings about them. `files`: a glob may match none yet, for somebody is about to write
 * them. @throws InvalidInput where any of the project is invalid
 */
export async function openManifests(
  project: Project,
  targets: readonly Target[],
  files?: 'may-be-empty',
): Promise<FoundManifests> {
  return targets.length === 0 ? noManifests : valid(project, targets, files);
}

/**
 * Begins to check manifests, with a turn for other work now and then. `program` checks in a thread of its own, where there is one.
 */
export function checkManifests(
  project: Project,
  targets: readonly Target[],
  program: CheckerProgram | undefined,
): Checking {
  if (targets.length === 0) return { found: Promise.resolve(noManifests), follow: () => undefined };
  const known = new Map<string, Manifest[]>();
  const followers = new Map<string, (manifests: readonly Manifest[]) => void>();
  const told = (target: string, manifests: readonly Manifest[]) => {
    const all = known.get(target) ?? [];
    for (const one of manifests) all.push(one);
    known.set(target, all);
    followers.get(target)?.(manifests);
  };
  const names = targets.map((one) => one.name);
  // Whoever follows comes before the first file.
  const found = turn().then(async () => {
    const { checkerAt } = await import('./checker.ts');
    const elsewhere = checkerAt(program, { project, targets: names });
    return valid(project, targets, undefined, { told, pause: turn, elsewhere });
  });
  found.catch(() => undefined);
  return {
    found,
    follow: (target, tell) => {
      followers.set(target, tell);
      tell(known.get(target) ?? []);
    },
  };
}

/** The turn of everything that waits now. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

async function valid(
  project: Project,
  targets: readonly Target[],
  files: 'may-be-empty' | undefined,
  watch: Pick<ValidateOptions, 'told' | 'pause' | 'elsewhere'> = {},
): Promise<FoundManifests> {
  const names = targets.map((one) => one.name);
  const found = await validateProject({ project, kinds, kindsOf, targets: names, ...watch });
  const { manifests } = found;
  const diagnostics = found.diagnostics.filter(({ code }) => files === undefined || code !== 'empty-glob');
  if (diagnostics.some((one) => one.severity === 'error')) throw new InvalidInput(diagnostics, project.root);
  return { manifests, warnings: diagnostics };
}
