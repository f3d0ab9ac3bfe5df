import { rename } from 'node:fs/promises';
import type { SynclineError } from '../../model/errors.ts';
import type { Ledger, Run } from '../../model/ledger.ts';
import type { FoundLock } from '../../model/lock.ts';
import type { Project } from '../../model/project.ts';
import { lockUnreadable } from '../decode.ts';
import { fileLedger } from '../file.ts';
import { parseJournal } from '../journal.ts';
import { lastApplyIn } from '../last-apply.ts';
import { judge, leaseClock, lockedError, movedError, newLock } from '../lock.ts';
import { lock as lockShape } from '../records.ts';
import type { Declared, Holder, LedgerStore, Stored } from '../store.ts';
import { draftsTo, findChain, guardProject, named, refOf } from './chain.ts';
import type { Environment } from './environment.ts';
import { openGit } from './git.ts';
import { type Head, isUnsaved, prepare, publish } from './head.ts';
import { runsOn } from './history.ts';
import { dropJournal, journalOf, newJournal, pathOfJournal } from './journals.ts';
import { readRecord, readTree } from './objects.ts';
import { unreachable } from './remote.ts';
import { openRepository, type Repository } from './repository.ts';
import { openChain } from './run-chain.ts';
import { openSession } from './session.ts';
import { paths, type Tree } from './tree.ts';

export interface GitLedgerOptions {
  readonly now: () => Date;
  /** For git; undefined: that of this process, as it is. */
  readonly environment: Environment | undefined;
  /** Once aborted, nobody waits for what is only read. */
  readonly signal: AbortSignal | undefined;
  /** Told what the reader of `runs` should know. */
  readonly warn: (message: string) => void;
}

/** What `read` has found, and what a write must go on from. */
interface Found {
  readonly head: Head;
  /** undefined where there is no chain yet. */
  readonly tree: Tree | undefined;
  readonly lock: FoundLock | undefined;
  /** Of a run that did not come to its end, where it is at hand. */
  readonly journal: string | undefined;
  /** There is no chain yet, and this is what the project remembered before in a file. */
  readonly imported: Stored | undefined;
  /** Why nothing may be written that goes by it. */
  readonly refusal: SynclineError | undefined;
}

/** `ledger: git`: a chain of commits under a ref of its own, shared through the remote of the repository. */
export function gitLedger(project: Project, target: string, options: GitLedgerOptions): LedgerStore {
  const { now } = options;
  const place = refOf(project.name, target);
  const file = fileLedger(project.root, target, { now });
  const reading = new AbortController();
  let writing = false;
  let opened: Promise<Repository> | undefined;
  let last: Found | undefined;

  function repository(): Promise<Repository> {
    if (opened === undefined) {
      const stop = () => writing || reading.abort();
      options.signal?.addEventListener('abort', stop, { once: true });
      if (options.signal?.aborted) stop();
      opened = openRepository(openGit(project.root, options.environment, reading.signal));
    }
    return opened;
  }

  async function head(): Promise<Head> {
    return findChain(await repository(), project, target);
  }

  async function read(declared: Promise<Declared>): Promise<Stored | undefined> {
    const end = await head();
    if (end.commit === undefined) {
      const imported = await file.read(declared);
      const { lock, refusal } = imported ?? { lock: undefined, refusal: undefined };
      last = { head: end, tree: undefined, lock, journal: undefined, imported, refusal };
      return imported === undefined ? undefined : { ...imported, unsaved: true };
    }
    const { git } = end.repository;
    const { tree, last: run, refusal: unreadable } = await readTree(git, end.commit, place, await declared);
    guardProject(end.repository, project, tree.ledger.meta, place);
    // Whether its holder is dead is asked first: only then is its journal known to have come to its end.
    const lock = tree.lock === undefined ? undefined : await judge(tree.lock, now());
    const journal = await journalOf(tree);
    const refusal = unread(end) ?? unreadable;
    last = { head: end, tree, lock, journal, imported: undefined, refusal };
    const { lines, whole } = parseJournal(journal ?? '', tree.lock?.journal ?? place);
    return {
      ledger: tree.ledger,
      journal: lines,
      complete: tree.ledger.runs.length === 0 || (journal !== undefined && whole),
      lock,
      unsaved: isUnsaved(end),
      last: tree.ledger.meta.last_apply ?? lastApplyIn(run),
      refusal,
      warnings: [...end.warnings, ...(unreadable === undefined ? [] : [unreadable.message])],
    };
  }

  /** What a write goes on from. Throws where somebody held the lock when it was read. */
  async function free(): Promise<Found> {
    if (last === undefined) await read(Promise.resolve(() => undefined));
    if (last === undefined) throw new Error('Nothing was read.');
    if (last.refusal !== undefined) throw last.refusal;
    if (last.lock?.state === 'held') throw lockedError(last.lock.lock);
    return last;
  }

  async function write(found: Found, tree: Tree, what: string, actor: string): Promise<Head> {
    // From here on everything is brought to its end.
    writing = true;
    const past = found.imported === undefined ? [] : await pastRuns();
    const whole = { ...tree, ledger: { ...tree.ledger, runs: [...past, ...tree.ledger.runs] } };
    // A holder whose lease has run out, or was broken, may still have had answers to add.
    const journal = found.tree === undefined ? undefined : await journalOf(found.tree);
    if (journal !== found.journal) throw await firstComer();
    const commit = await prepare(found.head, draftsTo(found.tree, whole, what, actor, now()));
    const next = await publish(found.head, commit);
    if (next === 'moved') throw await firstComer();
    if (found.imported !== undefined) await rename(file.place, `${file.place}.imported`).catch(() => undefined);
    await dropJournals(found);
    return next;
  }

  /** Of runs that are recorded now: the one that was unfinished, and one whose end had been kept in this clone alone. */
  async function dropJournals({ head: { repository: here, commit, shared }, tree }: Found): Promise<void> {
    const kept = shared === undefined || shared === commit ? undefined : shared;
    const reading = kept === undefined ? undefined : readRecord(here.git, kept, paths.lock, place, lockShape);
    // Whatever it is, it is not ours to mend.
    const lock = await reading?.catch(() => undefined);
    for (const one of [tree?.lock, lock]) await dropJournal(one);
  }

  /** Runs that ended before the ledger came into Git, oldest first. */
  async function pastRuns(): Promise<Run[]> {
    const runs: Run[] = [];
    for await (const run of file.runs()) if (run.status !== 'running') runs.unshift(run);
    return runs;
  }

  async function firstComer(): Promise<Error> {
    const lock = await lockAt(await head());
    return lock?.state === 'held' ? lockedError(lock.lock) : movedError(place);
  }

  async function lockAt({ repository: { git }, commit }: Head): Promise<FoundLock | undefined> {
    if (commit === undefined) return file.lock();
    const lock = await readRecord(git, commit, paths.lock, place, lockShape, lockUnreadable);
    return lock === undefined ? undefined : judge(lock, now());
  }

  async function begin(ledger: Ledger, holder: Holder) {
    const found = await free();
    const here = await repository();
    const path = pathOfJournal(here, place, holder.run);
    const clock = leaseClock(now);
    const lock = await newLock(holder, path, now());
    const tree = { ledger: named(here, project, ledger), lock };
    // The journal comes first: a run that has begun must never be without one.
    const journal = await newJournal(path);
    try {
      const next = await write(found, tree, `begin ${holder.run}`, holder.actor);
      const whole = (one: Tree) => lastRunOf({ ...one, ledger: named(here, project, one.ledger) });
      const chain = openChain(next, lastRunOf(tree), holder.actor, now, whole);
      return openSession({ chain, tree, journal, path, now, clock });
    } catch (error) {
      await journal.end();
      await dropJournal(lock);
      throw error;
    }
  }

  async function* runs(): AsyncGenerator<Run> {
    const { repository: here, commit, warnings } = await head();
    for (const warning of warnings) options.warn(warning);
    if (commit === undefined) yield* file.runs();
    else yield* runsOn(here.git, commit, place);
  }

  /** Takes a lock away that nobody can read; the run that it was of is settled by the next. */
  async function dropLock(end: Head, refusal: SynclineError | undefined): Promise<void> {
    if (refusal === undefined) throw movedError(place);
    const draft = { message: 'unlock', actor: 'syncline', at: now(), edits: new Map([[paths.lock, null]]) };
    if ((await publish(end, await prepare(end, [draft]))) === 'moved') throw movedError(place);
  }

  return {
    kind: 'git',
    place,
    read,
    begin,
    save: async (ledger) => {
      const found = await free();
      const tree = { ledger: named(found.head.repository, project, ledger), lock: undefined };
      const run = ledger.runs.at(-1);
      await write(found, tree, run === undefined ? 'save' : `end ${run.run}`, run?.actor ?? 'syncline');
      last = undefined;
    },
    runs,
    lock: async () => lockAt(known(await head())),
    unlock: async (shown) => {
      const end = await head();
      if (end.commit === undefined) return file.unlock(shown);
      const { tree, refusal } = await readTree(end.repository.git, end.commit, place, () => undefined);
      if (shown === undefined) return dropLock(end, refusal);
      if (tree.lock?.run !== shown.run || tree.lock.at !== shown.at) throw movedError(place);
      const time = now();
      // A lease that has run out before did not last until now.
      const until = Date.parse(tree.lock.until) < time.getTime() ? tree.lock.until : time.toISOString();
      const broken = { ...tree, lock: { ...tree.lock, until, broken: true as const } };
      const next = await publish(
        end,
        await prepare(end, draftsTo(tree, broken, `unlock ${shown.run}`, 'syncline', time)),
      );
      if (next === 'moved') throw movedError(place);
    },
  };
}

/** Who holds the lock only the remote knows. @throws SynclineError (exit 4) where it cannot be asked */
function known(head: Head): Head {
  const error = unread(head);
  if (error !== undefined) throw error;
  return head;
}

/** Why the remote could not be asked; undefined where it was. */
function unread({ repository, unreachable: words }: Head): SynclineError | undefined {
  return repository.remote === undefined || words === undefined ? undefined : unreachable(repository.remote, words);
}

/** The tree as the chain has it after it was written: earlier runs stand in earlier commits. */
function lastRunOf(tree: Tree): Tree {
  return { ...tree, ledger: { ...tree.ledger, runs: tree.ledger.runs.slice(-1) } };
}
