import type { PlanOptions } from '../engine/request.ts';
import type { Manifest } from '../model/manifest.ts';
import type { Invocation } from './command.ts';
import { commitOf, withFiles } from './identity.ts';

/**
 * What the command line asks of a plan, and the commit that its manifests are at. `commit`: what `commitOf` says, where it has been
 * asked already.
 */
export async function wishesOf(
  { options, io }: Invocation,
  root: string,
  manifests: readonly Manifest[],
  commit: Promise<string | null> = commitOf(io.env, root),
): Promise<PlanOptions> {
  return {
    prune: options.flag('prune'),
    only: options.text('only'),
    forceDeletes: options.count('force-deletes'),
    forceCreates: options.count('force-creates'),
    commit: await withFiles(await commit, manifests, io.env, root),
  };
}
