import { statSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import { isManifestFile } from '../load/manifest-globs.ts';
import { Exit, SynclineError } from '../model/errors.ts';
import type { Project } from '../model/project.ts';
import { pathFrom, readIfThere } from './files.ts';
import type { Invocation } from './invocation.ts';

/**
 * Where `--out` writes the plan; undefined where nobody asked. Known before anything is read from a service.
 * @throws SynclineError (exit 3) for a place that is a manifest's, and for a file that holds anything but a plan.
 */
export function planOut(invocation: Invocation<'out'>, project: Project): string | undefined {
  const name = invocation.options.text('out');
  if (name === undefined) return undefined;
  const path = pathFrom(invocation, name);
  const inside = relative(project.root, path).split(sep).join('/');
  if (path === resolve(project.file)) throw taken(name, 'is the project file');
  if (project.fleet?.file === inside) throw taken(name, 'is the fleet file');
  if (isManifestFile(project, inside)) throw taken(name, 'is where manifests are read from');
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats?.isDirectory() === true) throw taken(name, 'is a folder');
  if (stats?.isFile() === true && stats.size > 0 && !holdsPlan(path))
    throw taken(name, 'holds something that is no plan');
  return path;
}

/** An old plan may be replaced, one that was edited or cut off too. */
function holdsPlan(path: string): boolean {
  return /^\s*\{\s*"version":\s*\d+,\s*"plans":/.test(readIfThere(path) ?? '');
}

function taken(name: string, why: string): SynclineError {
  const message = `The plan cannot be written to ${name}: it ${why}.`;
  return new SynclineError('plan-out', message, 'Choose another file for --out.', Exit.invalid);
}
