import { type Formatting, formatManifests } from '../engine/format.ts';
import { loadProject } from '../load/project.ts';
import { Exit } from '../model/errors.ts';
import { kinds } from '../providers/index.ts';
import type { Place } from './check.ts';
import { writeFiles } from './write-files.ts';

/** What to look at, and whether to write. */
export interface FormatOptions {
  /** Files and folders; none: all manifests of the project. */
  readonly paths: readonly string[];
  /** Only look, and write nothing. */
  readonly check: boolean;
}

/** The result of formatting, and the folder that its files are seen from. */
export interface Formatted extends Formatting {
  /** Absolute path. */
  readonly root: string;
}

/** Puts the manifests of a project into canonical form. Reads no environment variable. @throws SynclineError for what cannot be written */
export async function formatProject(place: Place, { paths, check }: FormatOptions): Promise<Formatted> {
  const { project, diagnostics, root } = loadProject(place);
  if (project === undefined) return { root, changes: [], files: 0, diagnostics };
  const names = kinds.map((one) => one.kind);
  const found = formatManifests(project, names, paths);
  if (!check) await writeFiles(root, found.changes, unfinished);
  return { root, ...found };
}

const unfinished = { hint: 'Fix that and run `syncline fmt` again.', exit: Exit.invalid } as const;
