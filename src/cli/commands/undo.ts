import { exitOfMany, exitOfReport } from '../../core/exit.ts';
import { listed } from '../../core/suggest.ts';
import { assertFree } from '../../engine/apply.ts';
import type { TargetRequest } from '../../engine/request.ts';
import { type FoundRun, findRun, isStillDeclared, planUndo } from '../../engine/undo.ts';
import type { Address } from '../../model/address.ts';
import { Exit, type ExitCode } from '../../model/errors.ts';
import type { Manifest } from '../../model/manifest.ts';
import type { ApplyReport } from '../../model/outcome.ts';
import { forTerminal } from '../../render/escape.ts';
import { undoText } from '../../render/log/undo.ts';
import { commitOf, withFiles } from '../../session/commit.ts';
import type { Session } from '../../session/session.ts';
import { approve } from '../approve.ts';
import { carryOut } from '../carry-out.ts';
import type { Execute, InvocationOf } from '../invocation.ts';
import { openBoard } from '../progress.ts';
import { chooseTargets, openManifests } from '../project.ts';
import { credentials, unlessStopped, withTarget } from '../reach.ts';
import { faultsOf, sayReports } from '../report.ts';
import { sessionOf } from '../session.ts';
import { failuresOf, sayLost } from '../several.ts';

/** Puts back what a run has changed: plans it, shows it, asks, and carries it out as `apply` would. */
export const execute: Execute<'undo'> = async (invocation) => {
  const session = sessionOf(invocation);
  const { project } = session;
  const found = await find(session, invocation);
  const targets = project.targets.filter((one) => one.name === found.target);
  const manifests = await openManifests(project, targets, invocation);
  let exit: ExitCode = Exit.ok;
  for (const reach of credentials(project, targets, invocation)) {
    const act = (request: TargetRequest) => undo(request, found.run, invocation);
    exit = await withTarget(reach, session, manifests.get(reach.target.name) ?? [], invocation, act);
  }
  return exit;
};

/** A run belongs to one target, so its id says which one is meant. */
async function find({ project, store }: Session, invocation: InvocationOf<'undo'>): Promise<FoundRun> {
  const targets = chooseTargets(project, invocation);
  const logs = targets.map((target) => ({ target: target.name, store: store(target) }));
  return findRun(logs, invocation.positionals[0] ?? '');
}

async function undo(request: TargetRequest, run: string, invocation: InvocationOf<'undo'>): Promise<ExitCode> {
  const { io, options, format, colour } = invocation;
  const { root } = request.project;
  const target = request.target.name;
  const commit = await withFiles(await commitOf(root, io.env), request.manifests, request.project, io.env);
  const wishes = { forceDeletes: options.count('force-deletes'), commit };
  const board = openBoard(invocation);
  const reading = board.of(target);
  const planned = await unlessStopped(
    invocation,
    planUndo({ ...request, progress: reading.progress }, run, wishes),
  ).finally(reading.end);
  const { plan, snapshot } = planned;
  if (plan.changes.length > 0) assertFree(request, snapshot);
  const asked = format !== 'json' || !options.flag('auto-approve');
  if (asked || plan.blocked.length > 0)
    (format === 'json' ? io.stderr : io.stdout).write(`${undoText(plan, run, { colour })}\n`);
  if (plan.changes.length > 0) await approve(`Undo run ${run} on ${plan.target}?`, invocation);
  // Whoever was asked may have taken an hour to answer: then everything is read again.
  const work = board.of(target);
  const current = options.flag('auto-approve') ? snapshot : undefined;
  const report = await carryOut({ ...request, progress: work.progress }, plan, current, invocation, {
    takesBack: true,
  }).finally(work.end);
  const faults = faultsOf([report]);
  const failed = await failuresOf(faults);
  const code = exitOfMany([exitOfReport(report)], failed, report.wrote);
  const exit = code === Exit.ok && plan.blocked.length > 0 ? Exit.refused : code;
  sayReports([report], { dryRun: false, notes: false, exit, failed }, [request.target], invocation);
  await sayLost(faults, false, invocation);
  if (await isStillDeclared(request, planned, appliedBy(report)))
    advise(
      `The manifests still say what run ${run} applied: revert them too, or the next apply does it again.`,
      invocation,
    );
  const orphans = madeAgain(report, request.manifests);
  if (orphans.length > 0) advise(orphanWords(orphans), invocation);
  return exit;
}

/** What is there again, and no manifest declares. */
function madeAgain({ outcomes }: ApplyReport, manifests: readonly Manifest[]): readonly Address[] {
  const declared = new Set(manifests.map((one) => one.address));
  const made = outcomes.filter((one) => one.action === 'create' && one.status === 'applied');
  return made.map((one) => one.address).filter((address) => !declared.has(address));
}

function orphanWords(addresses: readonly Address[]): string {
  const [one, ...others] = addresses;
  if (others.length === 0)
    return `No manifest declares ${one} yet: put its manifest back and apply. Until then it is protected. It has a new id, and no history.`;
  return `No manifest declares ${listed(addresses)} yet: put their manifests back and apply. Until then they are protected. They have new ids, and no history.`;
}

function advise(words: string, { io, options, format }: InvocationOf<'undo'>): void {
  const advice = `${forTerminal(words)}\n`;
  if (format !== 'json') io.stdout.write(advice);
  else if (!options.flag('quiet')) io.stderr.write(advice);
}

function appliedBy({ outcomes }: ApplyReport): ReadonlySet<Address> {
  return new Set(outcomes.filter((one) => one.status === 'applied').map((one) => one.address));
}
