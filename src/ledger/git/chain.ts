import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Exit, SynclineError } from '../../model/errors.ts';
import type { Ledger, LedgerMeta, Run } from '../../model/ledger.ts';
import type { Project } from '../../model/project.ts';
import type { Draft } from './commit.ts';
import { type Head, headOf, leadsTo, look, type Sight } from './head.ts';
import { readMeta } from './objects.ts';
import { unreachable } from './remote.ts';
import { pathInside, type Repository } from './repository.ts';
import { editsBetween, paths, type Tree } from './tree.ts';

/** The ref of a target's ledger. Projects that share a repository have names, and a level of their own. */
export function refOf(name: string | undefined, target: string): string {
  return name === undefined ? `refs/syncline/${target}` : `refs/syncline/@${name}/${target}`;
}

/**
 * The end of a project's chain; a project that was given a name goes on with the chain that it had without.
 * @throws SynclineError (exit 4) where the remote cannot be read and there is no local copy
 */
export async function findChain(repository: Repository, project: Project, target: string): Promise<Head> {
  const ref = refOf(project.name, target);
  const former = refOf(undefined, target);
  const sight = await look(repository, [...new Set([ref, former])]);
  const own = await headOf(repository, sight, ref);
  const head = ref === former ? own : await withFormer(repository, project, sight, own, former);
  if (head.commit === undefined && head.unreachable !== undefined)
    throw unreachable(repository.remote ?? '', head.unreachable);
  return head;
}

async function withFormer(
  repository: Repository,
  project: Project,
  sight: Sight,
  head: Head,
  ref: string,
): Promise<Head> {
  if (head.commit !== undefined) {
    // Where another clone took the name over, this one still has the old one: nobody must take it for a ledger of its own.
    const left = sight.here.get(ref);
    const ended = left !== undefined && isGone(sight, ref) && (await leadsTo(repository.git, head.commit, left));
    return ended ? { ...head, former: { ref, shared: undefined } } : head;
  }
  const former = await headOf(repository, sight, ref);
  if (former.commit === undefined) return head;
  const known = await readMeta(repository.git, former.commit, ref);
  if (known === undefined || isAnothers(repository, project, known)) return head;
  return { ...former, ref: head.ref, shared: head.shared, former: { ref, shared: former.shared } };
}

/** Does the remote no longer have that ref? */
function isGone({ there }: Sight, ref: string): boolean {
  return there !== undefined && 'refs' in there && !there.refs.has(ref);
}

/** Does a nameless ledger belong to another project of this repository, one that is still there? */
function isAnothers(repository: Repository, project: Project, meta: LedgerMeta): boolean {
  return meta.project !== pathInside(repository, project.file) && existsSync(join(repository.top, meta.project));
}

/** @throws SynclineError (exit 4) where two projects without names would share one ledger */
export function guardProject(repository: Repository, project: Project, meta: LedgerMeta, place: string): void {
  if (project.name !== undefined || !isAnothers(repository, project, meta)) return;
  throw new SynclineError(
    'ledger-taken',
    `The ledger ${place} belongs to another project of this repository, ${meta.project}.`,
    'Give each project a `name:` of its own in its syncline.yaml.',
    Exit.refused,
  );
}

/** The ledger with the name under which this project is known. */
export function named(repository: Repository, project: Project, ledger: Ledger): Ledger {
  const name = project.name ?? pathInside(repository, project.file);
  return ledger.meta.project === name ? ledger : { ...ledger, meta: { ...ledger.meta, project: name } };
}

/** The commits that lead from one tree to the next: one for each run that ended before the last, and then everything. */
export function draftsTo(before: Tree | undefined, after: Tree, what: string, actor: string, at: Date): Draft[] {
  const earlier = after.ledger.runs.slice(0, -1).map((run) => draftOf(run));
  const edits = editsBetween(before, after);
  const last = after.ledger.runs.at(-1);
  return [...earlier, { message: messageOf(what, last), actor, at, edits }];
}

/** A run of the past, with nothing but its record. */
function draftOf(run: Run): Draft {
  const edits = editsBetween(undefined, {
    ledger: { meta: pastMeta, syncs: {}, dead: {}, runs: [run] },
    lock: undefined,
  });
  const record = new Map([...edits].filter(([path]) => path === paths.run));
  return { message: messageOf(`end ${run.run}`, run), actor: run.actor, at: new Date(run.at), edits: record };
}

const pastMeta: LedgerMeta = { format: 2, provider: '', host: '', workspace: null, project: '' };

/** More changes of a run than this are counted in a message, not named. */
const mostNamed = 20;

/** `end RUN: applied`, and a line for each of its changes, for whoever reads `git log`. */
function messageOf(what: string, run: Run | undefined): string {
  if (run === undefined) return what;
  const lines = run.changes.slice(0, mostNamed).map(({ action, address }) => `${action} ${address}`);
  const more = run.changes.length - lines.length;
  const list = [
    ...lines,
    ...(more > 0 ? [`and ${more} more`] : []),
    ...(run.commit === null ? [] : [`commit ${run.commit}`]),
  ];
  return list.length === 0 ? `${what}: ${run.status}` : `${what}: ${run.status}\n\n${list.join('\n')}`;
}
