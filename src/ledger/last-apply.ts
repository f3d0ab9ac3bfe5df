import type { LastApply, LedgerMeta, Run } from '../model/ledger.ts';

/**
 * What a ledger says of its last apply. Format 1 has no record of its own for it: there it is the last run, if it had a plan. One
 * without (adopt, forget) says nothing of the files. Format 2 has that record wherever a run has applied all that a commit said.
 */
export function lastApplyIn({ format, last_apply: last }: LedgerMeta, run: Run | undefined): LastApply | undefined {
  if (last !== undefined || format !== 1) return last;
  if (run === undefined || run.commit === null || run.digest === null) return undefined;
  const { run: name, at, actor, commit } = run;
  return { run: name, at, actor, commit };
}
