import { Exit } from '../../model/errors.ts';
import type { Chapter, Stage, Step } from '../../model/service.ts';

const steps: readonly Step[] = [
  {
    remark: 'The second service: Fabra, which can only make, pause and delete a sync.',
    line: 'validate',
    exit: Exit.ok,
  },
  { remark: 'What would Syncline do?', line: 'plan --exit-code', exit: Exit.changes },
  {
    remark: 'It cannot check without writing, so its published conditions are checked here.',
    line: 'apply --dry-run',
    exit: Exit.ok,
  },
  { remark: 'The same command makes the syncs.', line: 'apply --auto-approve', exit: Exit.ok },
  { remark: 'Nothing is left to do.', line: 'plan --exit-code', exit: Exit.ok },
];

async function open(): Promise<Stage> {
  const { startFabra } = await import('../../emulator/fabra/server.ts');
  const { url, token, close } = await startFabra();
  return { url, token, meddle: () => undefined, close };
}

/** What the demo shows of Fabra. */
export const chapter: Chapter = {
  folder: 'fabra',
  variables: { url: 'FABRA_URL', token: 'FABRA_TOKEN' },
  steps,
  open,
};
