import { didYouMean } from '../../core/suggest.ts';
import { declaredIn } from '../../load/declared.ts';
import { type FoundFiles, findFiles, type Reach } from '../../load/files.ts';
import { locate } from '../../load/locate.ts';
import { type Selection, selectFiles } from '../../load/select.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { Project } from '../../model/project.ts';
import { at, ofFile } from './diagnostics.ts';

/** What there is to read. */
export interface ManifestFiles {
  /** Sorted; relative to the project, with `/`. */
  readonly files: readonly string[];
  /** Named by the user and matched by no glob: files of manifests only if they say so. Sorted. */
  readonly extra: readonly string[];
  readonly isReported: (file: string) => boolean;
  /** Did the user name this file, or a folder that it is in? Whoever names the text of a manifest asks about that manifest. */
  readonly isNamed: (file: string) => boolean;
  readonly diagnostics: readonly Diagnostic[];
  /** What is wrong with the paths that the user gave, once it is known which files hold text of manifests. */
  readonly ofPaths: (used: ReadonlySet<string>) => readonly Diagnostic[];
}

/** The files that the globs of a project match, and those the user named. A glob that matches nothing is an error. */
export function manifestFiles(project: Project, paths: readonly string[], kinds: readonly string[]): ManifestFiles {
  const found = filesOf(project);
  const globs = [
    ...onlyNegative(project),
    ...found.unmatched.map((index) => emptyGlob(project, index, found.overruled.has(index))),
  ];
  if (paths.length === 0) {
    const strays = found.strays.filter((file) => declaredIn(project.root, file, kinds).length > 0).map(unmatched);
    const diagnostics = [...globs, ...found.problems.map((one) => ofFile(one)), ...strays];
    return {
      files: found.files,
      extra: [],
      isReported: () => true,
      isNamed: () => false,
      diagnostics,
      ofPaths: () => [],
    };
  }
  const matched = [...found.files, ...found.problems.map((one) => one.file)];
  const selected = selectFiles(project.root, project.file, paths, matched);
  const problems = found.problems.filter((one) => selected.files.has(one.file));
  return {
    files: found.files,
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

/** What the globs of a project find. */
export function filesOf(project: Project, reach?: Reach): FoundFiles {
  const globs = project.manifests.map((glob) => (leavesProject(glob) ? '' : glob));
  const found = findFiles(project.root, globs, reach);
  // A glob for all there is means manifests, and not the file that it stands in.
  const own = projectFileOf(project);
  return found.files.includes(own) ? { ...found, files: found.files.filter((file) => file !== own) } : found;
}

function leavesProject(glob: string): boolean {
  return (
    glob.startsWith('/') || glob.includes('\\') || /^!?[A-Za-z]:/.test(glob) || glob.split(/[/{},]/).includes('..')
  );
}

/** Nothing is left of nothing: that no manifest is meant must be said. */
function onlyNegative(project: Project): Diagnostic[] {
  const globs = project.manifests;
  if (globs.length === 0 || globs.some((glob) => !glob.startsWith('!'))) return [];
  const place = locate(project.root, projectFileOf(project), 0, '/manifests', 'value');
  const message = 'The globs of `manifests` only leave files out, and none of them finds one.';
  return [at({ severity: 'error', code: 'empty-glob', message, hint: `Add a glob that finds files; ${none}.` }, place)];
}

const none = 'if you want no manifests, write `manifests: []`';

function emptyGlob(project: Project, index: number, overruled: boolean): Diagnostic {
  const glob = project.manifests[index] ?? '';
  const place = locate(project.root, projectFileOf(project), 0, `/manifests/${index}`, 'value');
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
    return [at(problem, locate(project.root, projectFileOf(project), 0, '/targets', 'key'))];
  });
}

/** The project file as diagnostics name it. */
export function projectFileOf(project: Project): string {
  return project.file.slice(Math.max(project.file.lastIndexOf('/'), project.file.lastIndexOf('\\')) + 1);
}
