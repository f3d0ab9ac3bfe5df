import type { LastApply, Run } from '../model/ledger.ts';

/**
 * What a ledger says of its last apply that was written before there was a record of its own for it: the last run, if it had a
 * plan. One without (adopt, forget) says nothing of the files.
 */
export function lastApplyIn(run: Run | undefined): LastApply | undefined {
  if (run === undefined || run.commit === null || run.digest === null) return undefined;
  const { run: name, at, actor, commit } = run;
  return { run: name, at, actor, commit };
}
