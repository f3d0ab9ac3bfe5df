import { Exit, SynclineError } from '../model/errors.ts';
import type { Project, Target } from '../model/project.ts';
import { fileLedger } from './file.ts';
import { noLedger } from './none.ts';
import type { LedgerStore } from './store.ts';

/** The store that the project asks for; `file` where it asks for none. */
export function openLedger(project: Project, target: Target): LedgerStore {
  switch (project.ledger) {
    case 'none':
      return noLedger();
    case 'git':
      throw new SynclineError(
        'ledger-unsupported',
        'This version has no Git ledger yet.',
        'Use `ledger: file` or `ledger: none` in syncline.yaml.',
        Exit.invalid,
      );
    default:
      return fileLedger(project.root, target.name);
  }
}
