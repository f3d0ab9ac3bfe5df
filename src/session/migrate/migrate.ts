import { recordedPairs } from '../../core/migrate/kept.ts';
import { guardApi } from '../../engine/ledger-guard.ts';
import { keptOf, newerMeta, newerTarget, olderMeta } from '../../engine/migrate/meta.ts';
import { prove, type Side } from '../../engine/migrate/prove.ts';
import type { RunIdentity } from '../../engine/request.ts';
import { clockError } from '../../ledger/lock.ts';
import { nothingDeclared, type Stored } from '../../ledger/store.ts';
import { cleanCommit } from '../../model/checkout.ts';
import { Exit, InvalidInput, SynclineError } from '../../model/errors.ts';
import { pointer } from '../../model/json.ts';
import type { MigrationReport } from '../../model/migration.ts';
import type { Project, Target } from '../../model/project.ts';
import type { Reached } from '../../model/service.ts';
import type { ConnectOptions } from '../../providers/index.ts';
import type { Place } from '../check.ts';
import { type Outside, openSession, type Session } from '../session.ts';
import { meantTargets } from '../targets.ts';
import { checkAccepted } from './accepted.ts';
import { move, movedFile } from './move.ts';
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
  if (!request.check) refuseRow(session.project, target);
  const store = session.store(target);
  const stored = await store.read(nothingDeclared);
  if (stored?.refusal !== undefined && !request.check) throw stored.refusal;
  const route = await routeOf(target, request.to, stored);
  if (route.isThere) return nothingToDo(route);
  await refuseMoved(request, session.project, route, stored, store.place);
  for (let attempt = 1; ; attempt += 1) {
    const result = await attemptMove(request, session, route, stored);
    if (result !== undefined) return result;
    if (attempt < mostAttempts) continue;
    const message = `What target "${target.name}" holds was changed each time while it was compared, ${mostAttempts} times in a row.`;
    throw new SynclineError('still-changing', message, 'Run again when nobody applies or edits.', Exit.refused);
  }
}

/**
 * A move that has come to its end elsewhere is merged and not made again: this checkout may be older in more than that. One of the same
 * commit is not, and has lost its edit of the project file or never had it.
 * @throws SynclineError (exit 4) `moved-to-v2`, `not-migrated`
 */
async function refuseMoved(
  { identity }: MigrateRequest,
  project: Project,
  { written, to, lives }: Route,
  stored: Stored | undefined,
  place: string,
): Promise<void> {
  const last = stored?.ledger.meta.migration;
  if (stored === undefined || last?.state !== 'done' || written.api === to || lives !== to) return;
  const { commit } = await identity(project);
  if (commit !== null && last.commit !== null && cleanCommit(commit) === cleanCommit(last.commit)) return;
  const { name, api, groups, token_variable: token } = written;
  guardApi(stored.ledger, { target: name, api, grouped: groups !== undefined, place, token });
}

/** A proof is of one target, and whoever moves has to look at it: several are never moved in one go. */
function meantTarget(project: Project, names: readonly string[]): Target {
  const targets = meantTargets(project, names, '--target');
  const first = targets.at(0);
  if (first !== undefined && targets.length === 1) return first;
  const message = `One target is moved at a time, and ${targets.length} are named.`;
  const hint = `Begin with \`--target ${first?.name ?? 'NAME'}\`, and run again for each of the others.`;
  throw new SynclineError('usage', message, hint, Exit.invalid);
}

/** Both sides of a move. */
export interface Ends {
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
    const kept = keptOf(ends.older.request.target);
    const proof = await prove({
      from: ends.lives,
      to: ends.other,
      grammarOf: (kind) => grammars[kind] ?? { references: [], own: [] },
      metaOf: (meta) =>
        ends.other === ends.newer
          ? newerMeta(meta, ends.newer.request.provider, kept)
          : olderMeta(meta, ends.older.request.provider, workspace, kept),
      accepted: request.accepted,
      recorded: stored === undefined ? new Set() : recordedPairs(stored.ledger),
    }).catch((error: unknown) => {
      if (error instanceof InvalidInput && ends.remark !== undefined) request.outside.warn?.(ends.remark);
      throw error;
    });
    if (proof.hasMoved) return undefined;
    checkAccepted(request, proof);
    const report = reportOf(route, proof, stored, session.store(route.written).kind === 'none');
    if (!report.proved) return report;
    const file = isRow(session.project, route.written) ? undefined : movedFile(session.project, route, ends);
    if (request.check) return report;
    return await move(request, session, route, { ends, proof, stored, report, file });
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

function isRow({ fleet }: Project, { name }: Target): boolean {
  return fleet?.places.has(pointer(['targets', name])) === true;
}

/** @throws SynclineError (exit 4) for a target that a fleet file makes: its API may be said by a row, or by the defaults of all of them */
function refuseRow(project: Project, target: Target): void {
  if (!isRow(project, target)) return;
  const message = `Target "${target.name}" is a row of ${project.fleet?.file}, which \`syncline migrate api\` does not edit.`;
  const hint = 'Move it to `targets` of the project file and run it again; with --check it runs as it is.';
  throw new SynclineError('fleet-target', message, hint, Exit.refused);
}
