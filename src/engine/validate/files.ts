import { byCodePoint } from '../../core/stable.ts';
import { didYouMean } from '../../core/suggest.ts';
import { declaredIn } from '../../load/declared.ts';
import { type FoundFiles, findFiles, type Reach } from '../../load/files.ts';
import { type GlobList, globLists, isManifestFile, listsRead } from '../../load/manifest-globs.ts';
import { placeInProject } from '../../load/place.ts';
import { type Selection, selectFiles } from '../../load/select.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { Project, Target } from '../../model/project.ts';
import { at, ofFile } from './diagnostics.ts';

/** What there is to read. */
export interface ManifestFiles {
  /** Sorted; relative to the project, with `/`. */
  readonly files: readonly string[];
  /** Whose globs have found them: those that were asked for, and who shares their globs. */
  readonly targets: readonly Target[];
  /** Named by the user and matched by no glob: files of manifests only if they say so. Sorted. */
  readonly extra: readonly string[];
  readonly isReported: (file: string) => boolean;
  /** Did the user name this file, or a folder that it is in? Whoever names the text of a manifest asks about that manifest. */
  readonly isNamed: (file: string) => boolean;
  readonly diagnostics: readonly Diagnostic[];
  /** What is wrong with the paths that the user gave, once it is known which files hold text of manifests. */
  readonly ofPaths: (used: ReadonlySet<string>) => readonly Diagnostic[];
}

/**
 * The files that the globs of these targets find (of all, where none is named), and those the user named. A glob that matches nothing is
 * an error.
 */
export function manifestFiles(
  project: Project,
  paths: readonly string[],
  kinds: readonly string[],
  targets: readonly string[] = [],
): ManifestFiles {
  const lists = listsRead(project, targets);
  const found = filesOf(project, lists);
  const read = new Set(lists.flatMap((list) => list.targets));
  const globs = found.byList.flatMap(({ list, unmatched, overruled }) => [
    ...onlyNegative(project, list),
    ...unmatched.map((glob) => emptyGlob(project, list, glob, overruled.has(glob))),
  ]);
  if (paths.length === 0) {
    const strays = found.strays.filter((file) => declaredIn(project.root, file, kinds).length > 0).map(unmatched);
    const diagnostics = [...globs, ...found.problems.map((one) => ofFile(one)), ...strays];
    return {
      files: found.files,
      targets: project.targets.filter((one) => read.has(one)),
      extra: [],
      isReported: () => true,
      isNamed: () => false,
      diagnostics,
      ofPaths: () => [],
    };
  }
  const matched = [...found.files, ...found.problems.map((one) => one.file)];
  const selected = selectFiles(project.root, ownFiles(project), paths, matched);
  const problems = found.problems.filter((one) => selected.files.has(one.file));
  return {
    files: found.files,
    targets: project.targets.filter((one) => read.has(one)),
    extra: selected.extra,
    isReported: (file) => selected.files.has(file),
    isNamed: selected.isNamed,
    diagnostics: [...globs, ...problems.map((one) => ofFile(one))],
    ofPaths: (used) => pathDiagnostics(selected, used),
  };
}

/** A path that leads to the text of a manifest leads to that manifest. */
function pathDiagnostics({ extra, problems }: Selection, used: ReadonlySet<string>): Diagnostic[] {
  const leadsOn = (path: string) => used.has(path) || [...used].some((file) => file.startsWith(`${path}/`));
  return [
    ...problems.filter((one) => !leadsOn(one.file)).map((one) => ofFile(one)),
    ...extra.filter((file) => !used.has(file)).map(unmatched),
  ];
}

/** What some lists of globs find together. */
interface FoundByLists extends Pick<FoundFiles, 'files' | 'problems' | 'strays'> {
  readonly byList: readonly (Pick<FoundFiles, 'unmatched' | 'overruled'> & { readonly list: GlobList })[];
}

/** What the globs of a project find, all of them or those of some lists. */
export function filesOf(project: Project, lists = globLists(project), reach?: Reach): FoundByLists {
  const found = lists.map((list) => {
    const globs = list.patterns.map((glob) => (leavesProject(glob) ? '' : glob));
    return { list, ...findFiles(project.root, globs, reach) };
  });
  const [only] = found;
  // A glob for all there is means manifests, and not the file that it stands in.
  const own = new Set(ownFiles(project));
  const isOther = (file: string) => !own.has(file);
  if (only !== undefined && found.length === 1 && lists.length === globLists(project).length)
    return { ...only, files: only.files.filter(isOther), byList: found };
  const files = new Set(found.flatMap((one) => one.files));
  const problems = new Map(found.flatMap((one) => one.problems.map((problem) => [problem.file, problem] as const)));
  const strays = new Set(found.flatMap((one) => one.strays));
  return {
    files: [...files].filter(isOther).sort(byCodePoint),
    problems: [...problems.values()].sort((one, other) => byCodePoint(one.file, other.file)),
    strays: [...strays].filter((file) => isOther(file) && !isManifestFile(project, file)).sort(byCodePoint),
    byList: found,
  };
}

function leavesProject(glob: string): boolean {
  return (
    glob.startsWith('/') || glob.includes('\\') || /^!?[A-Za-z]:/.test(glob) || glob.split(/[/{},]/).includes('..')
  );
}

/** Nothing is left of nothing: that no manifest is meant must be said. */
function onlyNegative(project: Project, { patterns, path }: GlobList): Diagnostic[] {
  if (patterns.length === 0 || patterns.some((glob) => !glob.startsWith('!'))) return [];
  const place = placeInProject(project, path, 'value');
  const message = 'The globs of `manifests` only leave files out, and none of them finds one.';
  return [at({ severity: 'error', code: 'empty-glob', message, hint: `Add a glob that finds files; ${none}.` }, place)];
}

const none = 'if you want no manifests, write `manifests: []`';

function emptyGlob(project: Project, { patterns, path }: GlobList, index: number, overruled: boolean): Diagnostic {
  const glob = patterns[index] ?? '';
  const place = placeInProject(project, `${path}/${index}`, 'value');
  if (leavesProject(glob)) {
    const hint = 'Write a path relative to the project file, with "/" between folders and without "..".';
    return at(
      { severity: 'error', code: 'bad-glob', message: `The glob "${glob}" is no path within the project.`, hint },
      place,
    );
  }
  const message = overruled
    ? `The glob "${glob}" matches only files that another glob leaves out.`
    : `The glob "${glob}" matches no file.`;
  const names = overruled ? '' : ' folders and names that start with a dot, and node_modules, must be named;';
  const hint = `Correct it or remove it;${names} ${none}.`;
  return at({ severity: 'error', code: 'empty-glob', message, hint }, place);
}

function unmatched(file: string): Diagnostic {
  const message = 'No glob of `manifests` in the project file matches this file, so plan and apply do not see it.';
  return ofFile({ code: 'unmatched-file', message, hint: 'Add a glob for it, or move it.', file }, 'warning');
}

/** Names of targets that the project does not have, said at the project file. */
export function targetDiagnostics(project: Project, names: readonly string[]): Diagnostic[] {
  const known = project.targets.map((target) => target.name);
  return names.flatMap((name) => {
    if (known.includes(name)) return [];
    const hint = didYouMean(name, known, 'Declare it in the project file.');
    const problem = {
      severity: 'error',
      code: 'unknown-target',
      message: `There is no target "${name}".`,
      hint,
    } as const;
    return [at(problem, placeInProject(project, '/targets', 'key'))];
  });
}

/** The files that say what the project is. */
function ownFiles(project: Project): readonly string[] {
  const { fleet } = project;
  return fleet === undefined ? [projectFileOf(project)] : [projectFileOf(project), fleet.file];
}

/** The project file as diagnostics name it. */
function projectFileOf(project: Project): string {
  return project.file.slice(Math.max(project.file.lastIndexOf('/'), project.file.lastIndexOf('\\')) + 1);
}
