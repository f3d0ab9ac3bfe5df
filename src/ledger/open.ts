import { existsSync } from 'node:fs';
import { Exit, SynclineError } from '../model/errors.ts';
import type { Project, Target } from '../model/project.ts';
import { besideGit, type Neighbourhood } from './beside-git.ts';
import { fileLedger } from './file/store.ts';
import type { Environment } from './git/environment.ts';
import { isInWorkTree } from './git/repository.ts';
import { gitLedger } from './git/store.ts';
import { noLedger } from './none.ts';
import type { LedgerStore } from './store.ts';

export interface LedgerOptions {
  /** Default: the system's clock. */
  readonly now?: (() => Date) | undefined;
  /** What git is started with. Default: the environment of this process. */
  readonly environment?: Environment | undefined;
  /** Once aborted, nobody waits for what is only read. */
  readonly signal?: AbortSignal | undefined;
  /** Told what the reader of a log should know, such as a remote that could not be asked. */
  readonly warn?: ((message: string) => void) | undefined;
}

/** The store that the project asks for; where it asks for none, `git` inside a Git work tree and `file` elsewhere. */
export function openLedger(project: Project, target: Target, options: LedgerOptions = {}): LedgerStore {
  const { now = () => new Date(), environment, signal, warn = () => undefined } = options;
  switch (project.ledger ?? (isInWorkTree(project.root) ? 'git' : 'file')) {
    case 'none':
      return noLedger();
    case 'git':
      return gitLedger(project, target.name, { now, environment, signal, warn });
    default:
      return inFile(project, target.name, { now, environment, signal, warn });
  }
}

function inFile(
  project: Project,
  target: string,
  { now, ...around }: Pick<Neighbourhood, 'environment' | 'signal' | 'warn'> & { readonly now: () => Date },
): LedgerStore {
  const store = notInGit(fileLedger(project.root, target, { now }));
  return isInWorkTree(project.root) ? besideGit(store, { project, target, ...around }) : store;
}

/** A memory that has gone into Git must not be begun anew beside it without anybody noticing. */
function notInGit(store: LedgerStore): LedgerStore {
  const read: LedgerStore['read'] = async (declared) => {
    const stored = await store.read(declared);
    const imported = `${store.place}.imported`;
    if (stored !== undefined || !existsSync(imported)) return stored;
    throw new SynclineError(
      'ledger-in-git',
      `The ledger of this target was moved into Git; the old file is now ${imported}.`,
      'Write `ledger: git` in syncline.yaml; or, if that file is the right one, rename it back.',
      Exit.refused,
    );
  };
  return { ...store, read };
}
