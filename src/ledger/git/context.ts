import type { Project } from '../../model/project.ts';
import { fileLedger } from '../file/store.ts';
import type { LedgerStore } from '../store.ts';
import { findChain, refOf } from './chain.ts';
import type { Environment } from './environment.ts';
import { openGit } from './git.ts';
import type { Head } from './head.ts';
import { openRepository, type Repository } from './repository.ts';

export interface GitLedgerOptions {
  readonly now: () => Date;
  /** For git; undefined: that of this process, as it is. */
  readonly environment: Environment | undefined;
  /** Once aborted, nobody waits for what is only read. */
  readonly signal: AbortSignal | undefined;
  /** Told what the reader of `runs` should know. */
  readonly warn: (message: string) => void;
}

/** Where the chain of a target lives, and what came before it. */
export interface ChainContext {
  readonly project: Project;
  /** The ref of the chain. */
  readonly place: string;
  readonly now: () => Date;
  readonly warn: (message: string) => void;
  /** What the project remembered in a file before there was a chain. */
  readonly file: LedgerStore;
  repository(): Promise<Repository>;
  /** The end of the chain as it is now. */
  head(): Promise<Head>;
  /** From here on everything is brought to its end, whoever aborts. */
  writes(): void;
}

/** The context of a target's chain; the repository is opened when it is first asked for. */
export function chainContext(project: Project, target: string, options: GitLedgerOptions): ChainContext {
  const { now, warn, environment, signal } = options;
  const reading = new AbortController();
  let writing = false;
  let opened: Promise<Repository> | undefined;

  function open(): Promise<Repository> {
    const stop = () => writing || reading.abort();
    signal?.addEventListener('abort', stop, { once: true });
    if (signal?.aborted) stop();
    return openRepository(openGit(project.root, environment, reading.signal));
  }

  function repository(): Promise<Repository> {
    opened ??= open();
    return opened;
  }

  return {
    project,
    place: refOf(project.name, target),
    now,
    warn,
    file: fileLedger(project.root, target, { now }),
    repository,
    head: async () => findChain(await repository(), project, target),
    writes: () => {
      writing = true;
    },
  };
}
