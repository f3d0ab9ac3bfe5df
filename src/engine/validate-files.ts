import { byCodePoint } from '../core/stable.ts';
import { didYouMean } from '../core/suggest.ts';
import { findFiles } from '../load/files.ts';
import { locate } from '../load/locate.ts';
import { selectFiles } from '../load/select.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { Project } from '../model/project.ts';
import { at, ofFile } from './validate-diagnostics.ts';

/** What there is to read. */
export interface ManifestFiles {
  /** Sorted; relative to the project, with `/`. */
  readonly files: readonly string[];
  readonly isReported: (file: string) => boolean;
  /** Named by the user and matched by no glob: a file of manifests only if it says so. */
  readonly isExtra: (file: string) => boolean;
  readonly diagnostics: readonly Diagnostic[];
}

/** The files that the globs of a project match, and those the user named. A glob that matches nothing is an error. */
export function manifestFiles(project: Project, paths: readonly string[]): ManifestFiles {
  const usable = project.manifests.map((glob) => (leavesProject(glob) ? '' : glob));
  const found = findFiles(project.root, usable);
  const globs = found.unmatched.map((index) => emptyGlob(project, index));
  if (paths.length === 0) {
    const diagnostics = [...globs, ...found.problems.map((one) => ofFile(one))];
    return { files: found.files, isReported: () => true, isExtra: () => false, diagnostics };
  }
  const matched = [...found.files, ...found.problems.map((one) => one.file)];
  const selected = selectFiles(project.root, project.file, paths, matched);
  const problems = [...found.problems.filter((one) => selected.files.has(one.file)), ...selected.problems];
  return {
    files: [...found.files, ...selected.extra].sort(byCodePoint),
    isReported: (file) => selected.files.has(file),
    isExtra: (file) => selected.extra.includes(file),
    diagnostics: [...globs, ...problems.map((one) => ofFile(one)), ...selected.extra.map(unmatched)],
  };
}

function leavesProject(glob: string): boolean {
  return (
    glob.startsWith('/') || glob.includes('\\') || /^!?[A-Za-z]:/.test(glob) || glob.split(/[/{},]/).includes('..')
  );
}

function emptyGlob(project: Project, index: number): Diagnostic {
  const glob = project.manifests[index] ?? '';
  const place = locate(project.root, fileOf(project), 0, `/manifests/${index}`, 'value');
  if (leavesProject(glob)) {
    const hint = 'Write a path relative to the project file, with "/" between folders and without "..".';
    return at(
      { severity: 'error', code: 'bad-glob', message: `The glob "${glob}" is no path within the project.`, hint },
      place,
    );
  }
  const message = `The glob "${glob}" matches no file.`;
  const hint = 'Correct it or remove it; folders and names that start with a dot, and node_modules, must be named.';
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
    return [at(problem, locate(project.root, fileOf(project), 0, '/targets', 'key'))];
  });
}

/** The project file as diagnostics name it. */
function fileOf(project: Project): string {
  return project.file.slice(Math.max(project.file.lastIndexOf('/'), project.file.lastIndexOf('\\')) + 1);
}
