import type { PlanOptions } from '../engine/request.ts';
import type { Manifest } from '../model/manifest.ts';
import type { Project } from '../model/project.ts';
import { commitOf, withFiles } from '../session/commit.ts';
import type { Invocation } from './invocation.ts';

/**
 * What the command line asks of a plan, and the commit that its manifests are at. `commit`: what `commitOf` says, where it has been
 * asked already.
 */
export async function wishesOf(
  invocation: Invocation<'prune' | 'force-deletes' | 'force-creates'>,
  project: Pick<Project, 'root' | 'fleet'>,
  manifests: readonly Manifest[],
  commit: Promise<string | null> = commitOf(project.root, invocation.io.env),
): Promise<PlanOptions> {
  const { options, io } = invocation;
  return {
    prune: options.flag('prune'),
    forceDeletes: options.count('force-deletes'),
    forceCreates: options.count('force-creates'),
    commit: await withFiles(await commit, manifests, project, io.env),
  };
}
