import type { Run } from '../../model/ledger.ts';
import type { Git } from './git.ts';

/**
 * A warning where the last run applied a commit that this checkout does not contain: manifests that others have changed since
 * would be taken back. A shallow clone cannot tell.
 */
export async function oldCheckout(git: Git, run: Run | undefined): Promise<string[]> {
  if (run?.commit == null) return [];
  const [commit = ''] = run.commit.split('-');
  if ((await git.try(['merge-base', '--is-ancestor', commit, 'HEAD'])).code === 0) return [];
  if ((await git.text(['rev-parse', '--is-shallow-repository'])) === 'true') return [];
  return [
    `${run.actor} applied commit ${commit.slice(0, 7)} last (run ${run.run}), and this checkout does not contain it: pull first, or what was changed there is taken back.`,
  ];
}
