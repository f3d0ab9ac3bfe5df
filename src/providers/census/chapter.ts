import { Exit } from '../../model/errors.ts';
import type { Chapter, Stage, Step } from '../../model/service.ts';

const steps: readonly Step[] = [
  {
    remark: 'A repository holds syncs as YAML. Checking them needs no network and no token.',
    line: 'validate',
    exit: Exit.ok,
  },
  {
    remark: 'What would have to be done? The plan is saved; exit code 2 says that there are changes.',
    line: 'plan --out plan.json --exit-code',
    exit: Exit.changes,
  },
  { remark: 'The server checks what it can, and writes nothing.', line: 'apply --dry-run', exit: Exit.ok },
  { remark: 'The saved plan is performed: this and nothing else.', line: 'apply plan.json', exit: Exit.ok },
  { remark: 'Now what is live is as the manifests say.', line: 'plan --exit-code', exit: Exit.ok },
  { remark: 'Somebody changes a sync in the web app, behind the back of Git…', byHand: true },
  { remark: '…and a nightly job finds out.', line: 'drift', exit: Exit.changes },
  {
    remark: 'Applying again puts it back; the plan says what that costs.',
    line: 'apply --auto-approve',
    exit: Exit.ok,
  },
  { remark: 'Every run is recorded.', line: 'log --limit 2', exit: Exit.ok },
  { remark: 'Was the change right after all? The last run is undone…', line: 'undo RUN --auto-approve', exit: Exit.ok },
  { remark: '…until the manifests are applied again.', line: 'apply --auto-approve', exit: Exit.ok },
  { remark: 'Nothing is left to do.', line: 'plan --exit-code', exit: Exit.ok },
];

async function open(): Promise<Stage> {
  const { startCensusV1 } = await import('../../emulator/census-v1/server.ts');
  const emulator = await startCensusV1();
  const { url, token, close } = emulator;
  // What a colleague might do: another operation for one of the syncs that the demo has made.
  const meddle = () => {
    const sync = emulator.syncs().find((one) => one.label === 'Users to CRM contacts');
    emulator.mutate(Number(sync?.id), { operation: 'update' });
  };
  return { url, token, meddle, close };
}

/** What the demo shows of Census. */
export const chapter: Chapter = {
  folder: '.',
  variables: { url: 'CENSUS_URL', token: 'CENSUS_TOKEN' },
  steps,
  open,
};
