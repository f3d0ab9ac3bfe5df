import { mostShards } from '../../core/partition.ts';
import { Exit, SynclineError } from '../../model/errors.ts';
import type { Project, Target } from '../../model/project.ts';
import { matrixJson, matrixText, type ToldShard } from '../../render/fleet/matrix.ts';
import { changedTargets, shardsOf } from '../../session/fleet.ts';
import type { Execute, InvocationOf, Renderers } from '../invocation.ts';
import { sinceOf } from '../part.ts';
import { chooseTargets, openManifests } from '../project.ts';
import { sessionOf } from '../session.ts';

/** Prints the targets as shards, a job for each. Sends nothing, and reads no more of the manifests than how many there are, unless it is asked what has changed. */
export const execute: Execute<'fleet'> = async (invocation) => {
  refuseOthers(invocation);
  const { project } = sessionOf(invocation);
  const most = mostOf(invocation);
  const targets = await choose(project, invocation);
  const shards = shardsOf(project, targets, most);
  const told = shards.map(({ targets: own, manifests }, index): ToldShard => {
    return { shard: `${index + 1}/${shards.length}`, targets: own.map(({ name }) => name), manifests };
  });
  invocation.io.stdout.write(renderers[invocation.format](told));
  return Exit.ok;
};

const renderers: Renderers<'fleet', readonly ToldShard[]> = { json: matrixJson, text: matrixText };

function refuseOthers({ positionals: [what = ''] }: InvocationOf<'fleet'>): void {
  if (what === 'matrix') return;
  throw new SynclineError(
    'usage',
    `\`fleet\` does not know "${what}".`,
    'Write `syncline fleet matrix`.',
    Exit.invalid,
  );
}

/** GitHub refuses a matrix of more jobs, so whoever allows more gets as many as there may be. */
function mostOf({ options }: InvocationOf<'fleet'>): number {
  const most = options.count('max') ?? mostShards;
  if (most > 0) return Math.min(most, mostShards);
  const hint = 'Write --max N with the number of jobs that may run, from 1 on.';
  throw new SynclineError('usage', '--max 0 leaves no job to do anything.', hint, Exit.invalid);
}

/** The targets of the matrix. @throws InvalidInput for wrong manifests, where they are needed */
async function choose(project: Project, invocation: InvocationOf<'fleet'>): Promise<readonly Target[]> {
  const targets = chooseTargets(project, invocation);
  const ref = invocation.options.text('changed');
  if (ref === undefined) return targets;
  const manifests = await openManifests(project, targets, invocation);
  const since = await sinceOf(project, targets, ref, false, invocation);
  return changedTargets(targets, manifests, since);
}
