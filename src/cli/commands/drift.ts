import { exitOfMany } from '../../core/exit.ts';
import { driftTarget } from '../../engine/drift.ts';
import type { TargetRequest } from '../../engine/request.ts';
import type { DriftReport } from '../../model/drift.ts';
import { Exit, type ExitCode } from '../../model/errors.ts';
import type { ToldFailure } from '../../model/failed.ts';
import type { RetirementNote, ToldEnd } from '../../model/retirement.ts';
import { tool } from '../../model/version.ts';
import { driftGithub } from '../../render/drift/github.ts';
import { driftJson } from '../../render/drift/json.ts';
import { calendarMarkdown, driftMarkdown } from '../../render/drift/markdown.ts';
import { driftSarif, type PlaceOf } from '../../render/drift/sarif.ts';
import { driftText } from '../../render/drift/text.ts';
import { forTerminal } from '../../render/escape.ts';
import { calendarOf, sayCalendar, toldCalendar } from '../calendar.ts';
import { placesIn } from '../drift-places.ts';
import type { Execute, FormatOf, InvocationOf, Renderers } from '../invocation.ts';
import { globsOf } from '../part.ts';
import { openBoard } from '../progress.ts';
import { openManifests } from '../project.ts';
import { credentialsApart, unlessStopped, withTarget } from '../reach.ts';
import { placeInRepository } from '../repository.ts';
import { sessionOf } from '../session.ts';
import { failuresOf, sayLost, sideBySide } from '../several.ts';
import { chooseShare } from '../shard.ts';

/** Compares the live side with what was applied last, targets side by side. Sends reads only. */
export const execute: Execute<'drift'> = async (invocation) => {
  const session = sessionOf(invocation);
  const { project } = session;
  const targets = chooseShare(project, invocation);
  const manifests = await openManifests(project, targets, invocation);
  const globs = globsOf(invocation, manifests);
  const board = openBoard(invocation);
  const { reaches, lost: unreachable } = credentialsApart(project, targets, invocation);
  const work = sideBySide(reaches, (reach) => {
    const { name } = reach.target;
    const { progress, end } = board.of(name);
    const act = (request: TargetRequest) => unlessStopped(invocation, driftTarget({ ...request, progress }, globs));
    return withTarget(reach, session, manifests.get(name) ?? [], invocation, act).finally(end);
  });
  const { done: reports, lost: failing } = await work;
  const lost = [...unreachable, ...failing];
  const failed = await failuresOf(lost);
  const changed = reports.some((report) => report.drift.length > 0) ? Exit.changes : Exit.ok;
  const exit = exitOfMany([changed], failed);
  const { io, format, colour } = invocation;
  if (!hasNotes[format]) sayNotes(reports, invocation);
  const beside = { calendar: calendarOf(targets), told: toldCalendar(targets, invocation) };
  io.told?.({ drift: { reports, failed, calendar: beside.told } });
  const about = {
    ...beside,
    base: placeInRepository(project.root),
    colour,
    exit,
    failed,
    isShare: invocation.options.given('shard'),
    placeOf: placesIn(project, manifests),
  };
  if (reports.length > 0 || format !== 'text') io.stdout.write(renderers[format](reports, about));
  sayCalendar(targets, invocation, failed);
  await sayLost(lost, targets.length > 1, invocation);
  return exit;
};

interface About {
  readonly base: string;
  readonly colour: boolean;
  readonly exit: ExitCode;
  readonly failed: readonly ToldFailure[];
  readonly isShare: boolean;
  readonly placeOf: PlaceOf;
  readonly calendar: readonly RetirementNote[];
  /** The same for people. */
  readonly told: readonly ToldEnd[];
}

const renderers: Renderers<'drift', readonly DriftReport[], About> = {
  text: driftText,
  json: driftJson,
  markdown: (reports, { failed, isShare, told }) =>
    `${driftMarkdown(reports, failed, isShare)}${calendarMarkdown(told)}`,
  github: (reports, about) => driftGithub(reports, { ...about, calendar: about.told }),
  sarif: (reports, about) => driftSarif(withEnds(reports, about.told), { ...about, tool }),
};

/** Reports with what ends among their notes. */
function withEnds(reports: readonly DriftReport[], told: About['told']): readonly DriftReport[] {
  return reports.map((report) => {
    const own = told.filter(({ names }) => names.includes(report.target)).map(({ message }) => message);
    return { ...report, notes: [...report.notes, ...own] };
  });
}

/** Does the format itself say what could not be told? */
const hasNotes: Readonly<Record<FormatOf<'drift'>, boolean>> = {
  text: true,
  json: false,
  markdown: true,
  github: false,
  sarif: true,
};

/** Formats for machines have no room for what could not be told; whoever reads the log should know of it. */
function sayNotes(reports: readonly DriftReport[], { io, options }: InvocationOf<'drift'>): void {
  if (options.flag('quiet')) return;
  for (const { target, notes } of reports)
    for (const note of notes) io.stderr.write(`${forTerminal(`${target}: ${note}`)}\n`);
}
