import { rename } from 'node:fs/promises';
import type { Run } from '../../model/ledger.ts';
import { lock as lockShape } from '../records.ts';
import { draftsTo } from './chain.ts';
import type { ChainContext } from './context.ts';
import type { Found } from './found.ts';
import { type Head, prepare, publish } from './head.ts';
import { dropJournal, journalOf } from './journals.ts';
import { firstComer } from './locks.ts';
import { readRecord } from './objects.ts';
import { paths, type Tree } from './tree.ts';

/** A commit to come. */
export interface Step {
  readonly tree: Tree;
  readonly what: string;
  readonly actor: string;
}

/** Puts a tree at the end of the chain, and what a file remembered before it. @throws SynclineError where somebody was first */
export async function writeChain(context: ChainContext, found: Found, { tree, what, actor }: Step): Promise<Head> {
  const { file, now } = context;
  context.writes();
  const past = found.imported === undefined ? [] : await pastRuns(context);
  const whole = { ...tree, ledger: { ...tree.ledger, runs: [...past, ...tree.ledger.runs] } };
  // A holder whose lease has run out, or was broken, may still have had answers to add.
  const journal = found.tree === undefined ? undefined : await journalOf(found.tree);
  if (journal !== found.journal) throw await firstComer(context);
  const commit = await prepare(found.head, draftsTo(found.tree, whole, what, actor, now()));
  const next = await publish(found.head, commit);
  if (next === 'moved') throw await firstComer(context);
  if (found.imported !== undefined) await rename(file.place, `${file.place}.imported`).catch(() => undefined);
  await dropJournals(context, found);
  return next;
}

/** Of runs that are recorded now: the one that was unfinished, and one whose end had been kept in this clone alone. */
async function dropJournals(
  { place }: ChainContext,
  { head: { repository, commit, shared }, tree }: Found,
): Promise<void> {
  const kept = shared === undefined || shared === commit ? undefined : shared;
  const reading = kept === undefined ? undefined : readRecord(repository.git, kept, paths.lock, place, lockShape);
  // Whatever it is, it is not ours to mend.
  const lock = await reading?.catch(() => undefined);
  for (const one of [tree?.lock, lock]) await dropJournal(one);
}

/** Runs that ended before the ledger came into Git, oldest first. */
async function pastRuns({ file }: ChainContext): Promise<Run[]> {
  const runs: Run[] = [];
  for await (const run of file.runs()) if (run.status !== 'running') runs.unshift(run);
  return runs;
}
