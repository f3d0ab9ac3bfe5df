import { basename } from 'node:path';
import { equal } from '../core/spec/equal.ts';
import { byCodePoint } from '../core/stable.ts';
import type { Since } from '../engine/request.ts';
import { validateProject } from '../engine/validate/validate.ts';
import type { Environment } from '../ledger/git/environment.ts';
import { type Laid, withLaid } from '../ledger/git/lay.ts';
import { openPast, type PastFile } from '../ledger/git/past.ts';
import { maxFileBytes } from '../load/files.ts';
import { isManifestFile } from '../load/manifest-globs.ts';
import { loadProject } from '../load/project.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { SynclineError } from '../model/errors.ts';
import type { Json } from '../model/json.ts';
import type { Manifest } from '../model/manifest.ts';
import type { Project, Target } from '../model/project.ts';
import { kinds, kindsOf } from '../providers/index.ts';

/** The commit that a project is compared with. */
export interface Base {
  readonly ref: string;
  /** Is it that commit itself, and not where HEAD and it part? */
  readonly exact?: boolean;
}

export interface ChangedOptions {
  /** For git; undefined: that of this process, as it is. */
  readonly environment: Environment | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Told why a target is looked at whole. */
  readonly warn?: ((message: string) => void) | undefined;
}

/**
 * What these targets declared at a commit, by target. One that is missing must be looked at whole, because something else than
 * its manifests has changed, or nobody can tell what they were; `warn` is told why. The checkout is left as it is.
 * @throws SynclineError (exit 3) where the commit is not here
 */
export async function declaredAt(
  project: Project,
  targets: readonly Target[],
  { ref, exact = false }: Base,
  { environment, signal, warn }: ChangedOptions,
): Promise<ReadonlyMap<string, Since>> {
  const past = openPast(project.root, environment, signal);
  const commit = exact ? await past.commit(ref) : await past.mergeBase(ref);
  const files = await past.files(commit);
  const here = { past, root: project.root, most: maxFileBytes };
  const { manifests, why } = await withLaid(here, (laid) => read(laid, files, project, targets));
  for (const { name } of targets) {
    const reason = why.get(name);
    if (reason === undefined) continue;
    const from = `what differs from commit ${commit.slice(0, 12)}`;
    warn?.(`All of target "${name}" is looked at, and not only ${from}: ${reason}.`);
  }
  return new Map([...manifests].map(([name, list]) => [name, { commit, manifests: list }]));
}

/** What was declared, and for each target of which that is not known, why. */
interface Found {
  readonly manifests: ReadonlyMap<string, readonly Manifest[]>;
  readonly why: ReadonlyMap<string, string>;
}

/** First with what is most probably needed, and where something seems to be wrong with that, with everything that there is. */
async function read(
  laid: Laid,
  files: readonly PastFile[],
  project: Project,
  targets: readonly Target[],
): Promise<Found> {
  const config = basename(project.file);
  const isMeant = ({ path, kind }: PastFile) => kind === 'link' || path === config || isUsual(path, project);
  const usual = files.filter(isMeant);
  let wrong: readonly Diagnostic[] = [];
  for (const part of usual.length === files.length ? [files] : [usual, files]) {
    const stop = await addTo(laid, part);
    if (stop !== undefined) return wholly(targets, stop);
    const found = await readLaid(laid.folder, project, targets);
    if ('why' in found) return found;
    wrong = found;
  }
  const reason = files.some((one) => one.path === config) ? invalid(wrong) : `${config} was not there`;
  return wholly(targets, reason);
}

function wholly(targets: readonly Target[], reason: string): Found {
  return { manifests: new Map(), why: new Map(targets.map(({ name }) => [name, reason])) };
}

/** Why the files of a commit cannot lie on this disk: it may tell no letters apart that names differ in, or be full. */
async function addTo(laid: Laid, files: readonly PastFile[]): Promise<string | undefined> {
  try {
    await laid.add(files);
    return undefined;
  } catch (error) {
    if (error instanceof SynclineError || !(error instanceof Error) || !('code' in error)) throw error;
    return `its files cannot be laid out here (${String(error.code)})`;
  }
}

/** Manifests, and what manifests are made of. */
function isUsual(path: string, project: Project): boolean {
  return /\.(ya?ml|json|sql|csv)$/i.test(path) || isManifestFile(project, path);
}

/** What is wrong with it, where it is not valid. */
async function readLaid(
  folder: string,
  now: Project,
  targets: readonly Target[],
): Promise<Found | readonly Diagnostic[]> {
  const { project: before, diagnostics: wrong } = loadProject({ directory: folder, config: basename(now.file) });
  if (before === undefined) return wrong;
  const reasons = targets.map((target) => [target.name, otherwise(target, now, before)] as const);
  const why = new Map(reasons.flatMap(([name, reason]) => (reason === undefined ? [] : [[name, reason] as const])));
  const names = targets.map((one) => one.name).filter((name) => !why.has(name));
  if (names.length === 0) return { manifests: new Map(), why };
  const { manifests, diagnostics } = await validateProject({ project: before, kinds, kindsOf, targets: names });
  const errors = diagnostics.filter((one) => one.severity === 'error');
  return errors.length > 0 ? errors : { manifests, why };
}

/** What is not as it was about a target, beside its manifests; undefined where everything is. What variables and globs come to, manifests show. */
function otherwise(target: Target, now: Project, before: Project): string | undefined {
  const was = before.targets.find((one) => one.name === target.name);
  if (was === undefined) return 'the target was not there';
  const [facts, old] = [factsOf(target, now), factsOf(was, before)];
  const changed = Object.keys({ ...old, ...facts }).filter((key) => !equal(facts[key] ?? null, old[key] ?? null));
  return changed.length === 0 ? undefined : `not only its manifests have changed (${changed.join(', ')})`;
}

function factsOf(
  { name: _, manifests: _manifests, vars: _vars, written: _written, protect, ...rest }: Target,
  { name, ledger }: Project,
): Readonly<Record<string, Json>> {
  const facts = { ...rest, protect: protect.toSorted(byCodePoint), 'project name': name, ledger };
  const known = Object.entries(facts).flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const]));
  return Object.fromEntries(known.map(([key, value]) => [key.replaceAll('_', ' '), asJson(value)]));
}

/** A target is made of JSON; its interfaces only lack the index signature that says so. */
function asJson(value: object | string | number): Json {
  return value as Json;
}

function invalid([first]: readonly Diagnostic[]): string {
  if (first === undefined) return 'the project was not valid';
  return `the project was not valid (${first.code}, ${first.file}:${first.line}: ${first.message.replace(/\.$/, '')})`;
}
