import type { Ledger, Run } from '../../model/ledger.ts';
import type { Project } from '../../model/project.ts';
import { leaseClock, lockedError, newLock } from '../lock.ts';
import { type Holder, type LedgerStore, nothingDeclared } from '../store.ts';
import { named } from './chain.ts';
import { type ChainContext, chainContext, type GitLedgerOptions } from './context.ts';
import { type Found, readChain } from './found.ts';
import { runsOn } from './history.ts';
import { dropJournal, newJournal, pathOfJournal } from './journals.ts';
import { lockOf, unlock } from './locks.ts';
import { openChain } from './run-chain.ts';
import { openSession } from './session.ts';
import type { Tree } from './tree.ts';
import { writeChain } from './write.ts';

/** `ledger: git`: a chain of commits under a ref of its own, shared through the remote of the repository. */
export function gitLedger(project: Project, target: string, options: GitLedgerOptions): LedgerStore {
  const context = chainContext(project, target, options);
  let last: Found | undefined;

  const read: LedgerStore['read'] = async (declared) => {
    const { found, stored } = await readChain(context, declared);
    last = found;
    return stored;
  };

  /** What a write goes on from: what was read last, or else is read now. */
  const found = async (): Promise<Found> => {
    if (last === undefined) await read(nothingDeclared);
    return free(last);
  };

  return {
    kind: 'git',
    place: context.place,
    read,
    begin: async (ledger, holder) => begin(context, await found(), ledger, holder),
    save: async (ledger) => {
      await save(context, await found(), ledger);
      last = undefined;
    },
    runs: () => runsOf(context),
    lock: () => lockOf(context),
    unlock: (shown) => unlock(context, shown),
  };
}

/** What may be written over. @throws SynclineError where nothing may be, or somebody held the lock when it was read */
function free(found: Found | undefined): Found {
  if (found === undefined) throw new Error('Nothing was read.');
  if (found.refusal !== undefined) throw found.refusal;
  if (found.lock?.state === 'held') throw lockedError(found.lock.lock);
  return found;
}

async function begin(context: ChainContext, found: Found, ledger: Ledger, holder: Holder) {
  const { place, project, now } = context;
  const here = await context.repository();
  const path = pathOfJournal(here, place, holder.run);
  const clock = leaseClock(now);
  const lock = await newLock(holder, path, now());
  const tree = { ledger: named(here, project, ledger), lock };
  // The journal comes first: a run that has begun must never be without one.
  const journal = await newJournal(path);
  try {
    const next = await writeChain(context, found, { tree, what: `begin ${holder.run}`, actor: holder.actor });
    const whole = (one: Tree) => lastRunOf({ ...one, ledger: named(here, project, one.ledger) });
    const chain = openChain(next, lastRunOf(tree), holder.actor, now, whole);
    return openSession({ chain, tree, journal, path, now, clock });
  } catch (error) {
    await journal.end();
    await dropJournal(lock);
    throw error;
  }
}

async function save(context: ChainContext, found: Found, ledger: Ledger): Promise<void> {
  const tree = { ledger: named(found.head.repository, context.project, ledger), lock: undefined };
  const run = ledger.runs.at(-1);
  const what = run === undefined ? 'save' : `end ${run.run}`;
  await writeChain(context, found, { tree, what, actor: run?.actor ?? 'syncline' });
}

async function* runsOf({ head, file, place, warn }: ChainContext): AsyncGenerator<Run> {
  const { repository, commit, warnings } = await head();
  for (const warning of warnings) warn(warning);
  if (commit === undefined) yield* file.runs();
  else yield* runsOn(repository.git, commit, place);
}

/** The tree as the chain has it after it was written: earlier runs stand in earlier commits. */
function lastRunOf(tree: Tree): Tree {
  return { ...tree, ledger: { ...tree.ledger, runs: tree.ledger.runs.slice(-1) } };
}
