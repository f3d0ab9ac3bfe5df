import { exitOfMany } from '../../core/exit.ts';
import type { TargetRequest } from '../../engine/request.ts';
import { guardAddresses, statusTarget } from '../../engine/status.ts';
import type { ExitCode } from '../../model/errors.ts';
import type { ToldFailure } from '../../model/failed.ts';
import type { RetirementNote } from '../../model/retirement.ts';
import type { StatusReport } from '../../model/status.ts';
import { forTerminal } from '../../render/escape.ts';
import { statusJson } from '../../render/status/json.ts';
import { statusText } from '../../render/status/text.ts';
import { calendarOf, sayCalendar } from '../calendar.ts';
import type { Execute, InvocationOf, Renderers } from '../invocation.ts';
import { globsOf } from '../part.ts';
import { openBoard } from '../progress.ts';
import { chooseTargets, openManifests } from '../project.ts';
import { credentialsApart, unlessStopped, withTarget } from '../reach.ts';
import { sessionOf } from '../session.ts';
import { failuresOf, sayLost, sideBySide } from '../several.ts';

/** Shows what is declared, bound and live, targets side by side. Sends reads only. */
export const execute: Execute<'status'> = async (invocation) => {
  const { io, format, colour, positionals } = invocation;
  const session = sessionOf(invocation);
  const { project } = session;
  const targets = chooseTargets(project, invocation);
  const manifests = await openManifests(project, targets, invocation);
  const options = { ...globsOf(invocation, manifests), addresses: positionals };
  const board = openBoard(invocation);
  const { reaches, lost: unreachable } = credentialsApart(project, targets, invocation);
  const { done, lost: failing } = await sideBySide(reaches, (reach) => {
    const { name } = reach.target;
    const { progress, end } = board.of(name);
    const act = (request: TargetRequest) => unlessStopped(invocation, statusTarget({ ...request, progress }, options));
    return withTarget(reach, session, manifests.get(name) ?? [], invocation, act).finally(end);
  });
  const lost = [...unreachable, ...failing];
  // Where a target could not be asked, an address may be one of its own.
  if (lost.length === 0) guardAddresses(positionals, [...new Set(done.flatMap(({ known }) => known))]);
  const failed = await failuresOf(lost);
  const exit = exitOfMany([], failed);
  const reports = done.map(({ report }) => report);
  if (format === 'json') sayNotes(reports, invocation);
  const about = {
    calendar: calendarOf(targets),
    colour,
    exit,
    failed,
    width: io.stdout.isTTY === true ? (io.stdout.columns ?? Number.POSITIVE_INFINITY) : undefined,
  };
  if (reports.length > 0 || format !== 'text') io.stdout.write(renderers[format](reports, about));
  sayCalendar(targets, invocation, failed);
  await sayLost(lost, targets.length > 1, invocation);
  return exit;
};

interface About {
  readonly calendar: readonly RetirementNote[];
  readonly colour: boolean;
  readonly exit: ExitCode;
  readonly failed: readonly ToldFailure[];
  readonly width: number | undefined;
}

const renderers: Renderers<'status', readonly StatusReport[], About> = { text: statusText, json: statusJson };

/** JSON has no room for what could not be told; whoever reads the log should know of it. */
function sayNotes(reports: readonly StatusReport[], { io, options }: InvocationOf<'status'>): void {
  if (options.flag('quiet')) return;
  for (const { target, notes } of reports)
    for (const note of notes) io.stderr.write(`${forTerminal(`${target}: ${note}`)}\n`);
}
