import { Exit } from '../../model/errors.ts';
import type { Chapter, Stage, Step } from '../../model/service.ts';

const steps: readonly Step[] = [
  {
    remark: 'A repository holds syncs as YAML. Checking them needs no network and no token.',
    line: 'validate',
    exit: Exit.ok,
  },
  {
    remark: 'What would Syncline do? The plan is saved; exit code 2 means that there are changes.',
    line: 'plan --out plan.json --exit-code',
    exit: Exit.changes,
  },
  { remark: 'The server checks what it can, and writes nothing.', line: 'apply --dry-run', exit: Exit.ok },
  { remark: 'Apply the saved plan, and nothing else.', line: 'apply plan.json', exit: Exit.ok },
  { remark: 'Now everything live matches the manifests.', line: 'plan --exit-code', exit: Exit.ok },
  { remark: 'Somebody changes a sync in the web app, outside Git…', byHand: true },
  { remark: '…and a nightly job finds out.', line: 'drift', exit: Exit.changes },
  {
    remark: 'Applying again puts it back; the plan says what that costs.',
    line: 'apply --auto-approve',
    exit: Exit.ok,
  },
  { remark: 'Every run is recorded.', line: 'log --limit 2', exit: Exit.ok },
  { remark: 'Was that change right after all? Undo the last run…', line: 'undo RUN --auto-approve', exit: Exit.ok },
  { remark: '…and apply the manifests again.', line: 'apply --auto-approve', exit: Exit.ok },
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
