import type { PlanOptions } from '../engine/request.ts';
import type { Invocation } from './command.ts';
import { commitOf } from './identity.ts';

/** What the command line asks of a plan, and the commit that its manifests are at. */
export async function wishesOf({ options, io }: Invocation, root: string): Promise<PlanOptions> {
  return {
    prune: options.flag('prune'),
    only: options.text('only'),
    forceDeletes: options.count('force-deletes'),
    forceCreates: options.count('force-creates'),
    commit: await commitOf(io.env, root),
  };
}
