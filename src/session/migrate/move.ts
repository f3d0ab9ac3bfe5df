import { basename } from 'node:path';
import { pairsToKeep } from '../../core/migrate/kept.ts';
import { planDifferences } from '../../core/migrate/plans.ts';
import { movedLedger, withMigration } from '../../engine/migrate/meta.ts';
import { withTarget } from '../../engine/migrate/project-file.ts';
import type { Proof } from '../../engine/migrate/prove.ts';
import { planTarget } from '../../engine/plan.ts';
import type { RunIdentity } from '../../engine/request.ts';
import { nothingDeclared, type Stored } from '../../ledger/store.ts';
import { readWhole } from '../../load/files.ts';
import { projectFrom } from '../../load/project.ts';
import { Exit, SynclineError } from '../../model/errors.ts';
import type { MigrationRecord } from '../../model/ledger.ts';
import type { MigrationReport } from '../../model/migration.ts';
import { moveLine } from '../../model/move-line.ts';
import type { Plan } from '../../model/plan.ts';
import type { Project } from '../../model/project.ts';
import { openSession, type Session } from '../session.ts';
import { writeFiles } from '../write-files.ts';
import type { Ends, MigrateRequest } from './migrate.ts';
import type { Route } from './route.ts';
import { openSide, type Shared } from './sides.ts';

/** A proof, and what it was made from. */
export interface Proved {
  readonly ends: Ends;
  readonly proof: Proof;
  readonly stored: Stored | undefined;
  readonly report: MigrationReport;
  /** The text of the project file as it is to be; undefined where it stays. */
  readonly file: string | undefined;
}

/**
 * Writes the memory, the project file and, once both are read again and plan the same, that the move is done: what has come of it.
 * @throws SynclineError (exit 5) where it was stopped after the first write
 */
export async function move(
  request: MigrateRequest,
  session: Session,
  route: Route,
  proved: Proved,
): Promise<MigrationReport> {
  const { ends, proof, stored, report, file } = proved;
  const store = session.store(route.written);
  const isMoved = route.lives === route.to;
  const ledger = stored === undefined ? null : isMoved ? proof.before : proof.ledger;
  const identity = await request.identity(session.project);
  const record = openRecord(route, proved, identity);
  request.mayWrite();
  if (ledger !== null && !isMoved) await store.save({ ...ledger, meta: withMigration(ledger.meta, record) });
  const goal = route.to === route.migration.newer ? ends.newer : ends.older;
  const { token_variable: token, personal_access_token_variable: personal } = goal.request.target;
  const again = againHint(route, ledger === null ? token : null);
  try {
    await writeProject(session.project, file, again);
    await proveAgain(request, route, isMoved ? proof.from : proof.to, again);
    if (ledger !== null) await store.save(movedLedger(ledger, record));
  } catch (error) {
    throw request.outside.signal?.aborted === true ? stoppedBetween(again) : error;
  }
  return {
    ...report,
    moved: true,
    file: basename(session.project.file),
    rewritten: file !== undefined,
    variable: token ?? personal ?? null,
  };
}

/** What ends a move that has begun to write. `token`: its variable, where no memory keeps it. */
function againHint({ to, written }: Route, token: string | null | undefined): string {
  return `The move has begun: mend that and run ${moveLine(to, { target: written.name, token })} again, which ends it.`;
}

/** Whatever failed after Ctrl-C has failed because of it. */
function stoppedBetween(hint: string): SynclineError {
  return new SynclineError(
    'stopped',
    'Stopped in the middle of the move.',
    hint.replace('mend that and ', ''),
    Exit.partial,
  );
}

/** What the memory says of the move: a rerun goes on with the one that was begun, or that has moved the memory. */
function openRecord(
  route: Route,
  { ends, proof, stored }: Proved,
  { run, actor, commit }: RunIdentity,
): MigrationRecord {
  const begun = stored?.ledger.meta.migration;
  if (begun?.to === route.to && (begun.state === 'open' || route.lives === route.to)) return begun;
  const { provider, now } = ends.lives.request;
  const pairs = pairsToKeep(proof.pairing.pairs, new Set(provider.resources.keys()));
  const { token_variable: token } = ends.newer.request.target;
  return {
    ...{ state: 'open', from: route.from, to: route.to, at: now().toISOString(), run, commit, actor },
    ...(token !== undefined && { token }),
    ...(pairs.length > 0 && { pairs }),
  };
}

/**
 * The text of the project file once the target is moved; undefined where it says the other API already.
 * @throws SynclineError (exit 4) where that text would be no valid project, as where another target has a group of it
 */
export function movedFile(project: Project, { written, to, migration }: Route, ends: Ends): string | undefined {
  if (written.api === to) return undefined;
  const text = readWhole(project.root, basename(project.file));
  const hint = `Nothing was written; mend that and run ${moveLine(to, { target: written.name })} again.`;
  if (typeof text !== 'string') throw new SynclineError('unwritten', text.message, hint, Exit.refused);
  const goal = to === migration.newer ? ends.newer : ends.older;
  const next = withTarget(text, written.name, written, goal.request.target);
  const [wrong] = projectFrom(project.file, next).diagnostics;
  if (wrong === undefined) return next;
  const message = `With \`api: ${to}\` the project file would not be valid: ${wrong.message}`;
  throw new SynclineError(wrong.code, message, `${wrong.hint} ${hint}`, Exit.refused);
}

/** Writes the project file, unless it says the other API already. */
async function writeProject(project: Project, text: string | undefined, hint: string): Promise<void> {
  if (text === undefined) return;
  const file = { file: basename(project.file), text, isNew: false };
  await writeFiles(project.root, [file], { hint, exit: Exit.partial });
}

/** Plans once more from what is on disk. @throws SynclineError (exit 5) where that is not what was proved */
async function proveAgain(request: MigrateRequest, route: Route, expected: Plan, hint: string): Promise<void> {
  // Once something is written, git is no longer cut off by Ctrl-C: it is brought to its end.
  const again = openSession(request.place, { ...request.outside, signal: undefined });
  const target = again.project.targets.find((one) => one.name === route.written.name);
  const wrong = (what: string) =>
    new SynclineError('migration-unproved', `After the move, ${what}.`, hint, Exit.partial);
  if (target === undefined || target.api !== route.to)
    throw wrong(`the project file does not say \`api: ${route.to}\``);
  const store = again.store(target);
  const stored = await store.read(nothingDeclared);
  const { now = () => new Date(), warn } = request.outside;
  const shared: Shared = { project: again.project, store, stored, now, warn };
  const side = await openSide(shared, target, request.reach(again.project, target), []);
  try {
    const { plan } = await planTarget(side.request, { prune: false });
    const { grammars } = route.migration;
    const same = { idOf: (_: string, id: string) => id, knows: () => false, keeps: () => true };
    const grammarOf = (kind: string) => grammars[kind] ?? { references: [], own: [] };
    const [first] = planDifferences(expected, plan, { grammarOf, dictionary: same });
    if (first !== undefined) throw wrong(`the plan differs from the one before: ${first.address} ${first.path}`);
  } finally {
    await side.request.provider.close();
  }
}
