import type { Run, RunChange } from '../../model/ledger.ts';

/** One run as the log shows it; without the bodies before and after, which are long. */
export interface LogEntry extends Omit<Run, 'changes'> {
  readonly target: string;
  readonly changes: readonly Pick<RunChange, 'action' | 'address' | 'id' | 'status' | 'moved_from'>[];
}

/** The entry of a run of this target. */
export function logEntry(target: string, { run, at, actor, commit, digest, status, migrated, changes }: Run): LogEntry {
  const shown = changes.map(({ action, address, id, status, moved_from: from }) => {
    return { action, address, id, status, ...(from === undefined ? {} : { moved_from: from }) };
  });
  const own = { run, target, at, actor, commit, digest, status };
  return { ...own, ...(migrated !== undefined && { migrated }), changes: shown };
}
