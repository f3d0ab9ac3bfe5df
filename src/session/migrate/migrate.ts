import { basename } from 'node:path';
import { pairsToKeep, recordedPairs } from '../../core/migrate/kept.ts';
import { planDifferences } from '../../core/migrate/plans.ts';
import { keptOf, newerMeta, newerTarget, olderMeta, withMigration, withMove } from '../../engine/migrate/meta.ts';
import { withTarget } from '../../engine/migrate/project-file.ts';
import { type Proof, prove, type Side } from '../../engine/migrate/prove.ts';
import { planTarget } from '../../engine/plan.ts';
import type { RunIdentity } from '../../engine/request.ts';
import { clockError } from '../../ledger/lock.ts';
import type { Stored } from '../../ledger/store.ts';
import { readWhole } from '../../load/files.ts';
import { Exit, InvalidInput, SynclineError } from '../../model/errors.ts';
import type { MigrationRecord } from '../../model/ledger.ts';
import type { MigrationReport } from '../../model/migration.ts';
import type { Plan } from '../../model/plan.ts';
import type { Project, Target } from '../../model/project.ts';
import type { Reached } from '../../model/service.ts';
import type { ConnectOptions } from '../../providers/index.ts';
import type { Place } from '../check.ts';
import { type Outside, openSession, type Session } from '../session.ts';
import { meantTargets } from '../targets.ts';
import { writeFiles } from '../write-files.ts';
import { nothingToDo, reportOf } from './report.ts';
import { newerOf, olderOf, type Route, routeOf } from './route.ts';
import { groupsOf, openSide, type Shared, unseen, within } from './sides.ts';

/** A move of a target from one API of its service to another. */
export interface MigrateRequest {
  readonly place: Place;
  readonly outside: Outside;
  /** The target, and no more than one; may be left out where the project has one. */
  readonly targets: readonly string[];
  /** The API to go to. */
  readonly to: string;
  /** Prove only, and write nothing. */
  readonly check: boolean;
  /** The variable that holds the token at the API that the project file does not say; undefined: the same one. */
  readonly variable: string | undefined;
  /** `KIND/ID` of what a person vouches for. */
  readonly accepted: ReadonlySet<string>;
  /** Credentials and address of a target, from the environment. */
  readonly reach: (project: Project, target: Target) => Reached<ConnectOptions>;
  /** Asked before the first write. @throws SynclineError where somebody has stopped it */
  readonly mayWrite: () => void;
  readonly identity: (project: Project) => Promise<RunIdentity>;
}

/** So often it is tried again where somebody changes things meanwhile. */
const mostAttempts = 3;

/**
 * Proves that a target means the same at another API, and moves it there: the memory first, then the project file, then the proof once
 * more from what is on disk. A move that was stopped is ended. Nothing is sent to the service but reads.
 * @throws InvalidInput, SynclineError, ProviderError
 */
export async function migrateTarget(request: MigrateRequest): Promise<MigrationReport> {
  const session = openSession(request.place, request.outside);
  const target = meantTarget(session.project, request.targets);
  const store = session.store(target);
  const stored = await store.read(Promise.resolve(() => undefined));
  if (stored?.refusal !== undefined && !request.check) throw stored.refusal;
  const route = await routeOf(target, request.to, stored);
  if (route.isThere) return nothingToDo(route);
  for (let attempt = 1; ; attempt += 1) {
    const result = await attemptMove(request, session, route, stored);
    if (result !== undefined) return result;
    if (attempt < mostAttempts) continue;
    const message = `What target "${target.name}" holds was changed each time while it was compared, ${mostAttempts} times in a row.`;
    throw new SynclineError('still-changing', message, 'Run again when nobody applies or edits.', Exit.refused);
  }
}

/** A proof is of one target, and whoever moves has to look at it: several are never moved in one go. */
function meantTarget(project: Project, names: readonly string[]): Target {
  const [target, ...others] = meantTargets(project, names, '--target');
  if (target === undefined) throw new Error('A project has a target.');
  if (others.length === 0) return target;
  const message = `One target is moved at a time, and ${1 + others.length} are named.`;
  const hint = `Begin with \`--target ${target.name}\`, and run again for each of the others.`;
  throw new SynclineError('usage', message, hint, Exit.invalid);
}

interface Ends {
  readonly lives: Side;
  readonly other: Side;
  readonly older: Side;
  readonly newer: Side;
  /** What to say where a name means nothing at the newer API. */
  readonly remark: string | undefined;
}

/** One reading of both APIs, and the move where it proves that nothing changes; undefined where somebody was faster. */
async function attemptMove(
  request: MigrateRequest,
  session: Session,
  route: Route,
  stored: Stored | undefined,
): Promise<MigrationReport | undefined> {
  const ends = await openEnds(request, session, route, stored);
  try {
    const wrongClock = clockError(stored?.lock, ends.lives.request.provider.skew());
    if (wrongClock !== undefined && !request.check) throw wrongClock;
    const { grammars } = route.migration;
    const workspace = await ends.older.request.provider.identify();
    const kept = stored?.ledger.meta.v1 ?? keptOf(ends.older.request.target);
    const proof = await prove({
      from: ends.lives,
      to: ends.other,
      grammarOf: (kind) => grammars[kind] ?? { references: [], own: [] },
      metaOf: (meta) =>
        ends.other === ends.newer
          ? newerMeta(meta, ends.newer.request.provider, kept)
          : olderMeta(meta, ends.older.request.provider, workspace),
      accepted: request.accepted,
      recorded: stored === undefined ? new Set() : recordedPairs(stored.ledger),
    }).catch((error: unknown) => {
      if (error instanceof InvalidInput && ends.remark !== undefined) request.outside.warn?.(ends.remark);
      throw error;
    });
    if (proof.hasMoved) return undefined;
    const report = reportOf(route, proof, session.store(route.written).kind === 'none');
    if (request.check || !report.proved) return report;
    return await move(request, session, route, { ends, proof, stored, report });
  } finally {
    await Promise.all([ends.older.request.provider.close(), ends.newer.request.provider.close()]);
  }
}

async function openEnds(
  request: MigrateRequest,
  session: Session,
  route: Route,
  stored: Stored | undefined,
): Promise<Ends> {
  const { project } = session;
  const { migration, written, lives } = route;
  const plain = { older: olderOf(route, stored, request.variable), newer: newerOf(route, stored, request.variable) };
  const reached = { older: request.reach(project, plain.older), newer: request.reach(project, plain.newer) };
  const survey = await migration.survey(reached.older, reached.newer);
  const known = written.api === migration.newer ? written.groups : stored?.ledger.meta.groups;
  const groups = known ?? groupsOf(migration, survey, written.name);
  const newerPlain =
    written.api === migration.newer
      ? plain.newer
      : newerTarget(written, migration.newer, groups, plain.newer.token_variable);
  const { now = () => new Date(), warn } = request.outside;
  const shared: Shared = { project, store: session.store(written), stored, now, warn };
  const older = await openSide(shared, plain.older, reached.older, survey.older);
  const newer = await openSide(shared, newerPlain, reached.newer, within(groups, survey.newer));
  const both = { older, newer, remark: unseen(migration, survey) };
  return lives === migration.older ? { ...both, lives: older, other: newer } : { ...both, lives: newer, other: older };
}

interface Proved {
  readonly ends: Ends;
  readonly proof: Proof;
  readonly stored: Stored | undefined;
  readonly report: MigrationReport;
}

/** Writes the memory, the project file and, once both are read again and plan the same, that the move is done. */
async function move(request: MigrateRequest, session: Session, route: Route, proved: Proved): Promise<MigrationReport> {
  const { ends, proof, stored, report } = proved;
  const store = session.store(route.written);
  const isMoved = route.lives === route.to;
  const ledger = stored === undefined ? null : isMoved ? proof.before : proof.ledger;
  const identity = await request.identity(session.project);
  const record = openRecord(route, proved, identity);
  request.mayWrite();
  if (ledger !== null && !isMoved) await store.save({ ...ledger, meta: withMigration(ledger.meta, record) });
  const goal = route.to === route.migration.newer ? ends.newer : ends.older;
  const file = await writeProject(session.project, route, goal.request.target);
  const expected = isMoved ? proof.from : proof.to;
  await proveAgain(request, route, expected);
  if (ledger !== null) await store.save({ ...ledger, meta: withMove(ledger.meta, record) });
  return {
    ...report,
    moved: true,
    file,
    variable: goal.request.target.token_variable ?? goal.request.target.personal_access_token_variable ?? null,
  };
}

/** What the memory says of the move: a rerun goes on with the one that was begun. */
function openRecord(
  route: Route,
  { ends, proof, stored }: Proved,
  { run, actor, commit }: RunIdentity,
): MigrationRecord {
  const begun = stored?.ledger.meta.migration;
  if (begun?.state === 'open' && begun.to === route.to) return begun;
  const { provider, now } = ends.lives.request;
  const pairs = pairsToKeep(proof.pairing.pairs, new Set(provider.resources.keys()));
  const { token_variable: token } = ends.lives.request.target;
  const isBack = route.to === route.migration.older;
  return {
    ...{ state: 'open', from: route.from, to: route.to, at: now().toISOString(), run, commit, actor },
    ...(isBack && token !== undefined && { token }),
    ...(pairs.length > 0 && { pairs }),
  };
}

/** The project file that says the other API, where it was written. */
async function writeProject(project: Project, { written, to }: Route, target: Target): Promise<string | null> {
  if (written.api === to) return null;
  const file = basename(project.file);
  const text = readWhole(project.root, file);
  if (typeof text !== 'string') throw new SynclineError('unwritten', text.message, rerun(to), Exit.partial);
  const next = withTarget(text, written.name, written, target);
  await writeFiles(project.root, [{ file, text: next, isNew: false }], { hint: rerun(to), exit: Exit.partial });
  return file;
}

function rerun(to: string): string {
  return `The ledger has moved already: mend that and run \`syncline migrate api --to ${to}\` again, which ends it.`;
}

/** Plans once more from what is on disk. @throws SynclineError (exit 5) where that is not what was proved */
async function proveAgain(request: MigrateRequest, route: Route, expected: Plan): Promise<void> {
  const again = openSession(request.place, request.outside);
  const target = again.project.targets.find((one) => one.name === route.written.name);
  const wrong = (what: string) =>
    new SynclineError('migration-unproved', `After the move, ${what}.`, rerun(route.to), Exit.partial);
  if (target === undefined || target.api !== route.to)
    throw wrong(`the project file does not say \`api: ${route.to}\``);
  const store = again.store(target);
  const stored = await store.read(Promise.resolve(() => undefined));
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
