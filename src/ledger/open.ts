import type { Project, Target } from '../model/project.ts';
import { fileLedger } from './file.ts';
import type { Environment } from './git/git.ts';
import { isInWorkTree } from './git/repository.ts';
import { gitLedger } from './git/store.ts';
import { noLedger } from './none.ts';
import type { LedgerStore } from './store.ts';

export interface LedgerOptions {
  /** Default: the system's clock. */
  readonly now?: () => Date;
  /** What git is started with. Default: the environment of this process. */
  readonly environment?: Environment;
}

/** The store that the project asks for; where it asks for none, `git` inside a Git work tree and `file` elsewhere. */
export function openLedger(project: Project, target: Target, options: LedgerOptions = {}): LedgerStore {
  const { now = () => new Date(), environment } = options;
  switch (project.ledger ?? (isInWorkTree(project.root) ? 'git' : 'file')) {
    case 'none':
      return noLedger();
    case 'git':
      return gitLedger(project, target.name, { now, environment });
    default:
      return fileLedger(project.root, target.name, { now });
  }
}
