import { exitOfMany } from '../../core/exit.ts';
import type { PullWishes } from '../../engine/pull/pull.ts';
import type { TargetRequest } from '../../engine/request.ts';
import { Exit, type ExitCode, SynclineError } from '../../model/errors.ts';
import type { ToldFailure } from '../../model/failed.ts';
import type { Target } from '../../model/project.ts';
import type { PullReport } from '../../model/pull.ts';
import type { RetirementNote } from '../../model/retirement.ts';
import { forTerminal } from '../../render/escape.ts';
import { pullJson } from '../../render/pull/json.ts';
import { pullText } from '../../render/pull/text.ts';
import { pull } from '../../session/pull.ts';
import { calendarOf, sayCalendar } from '../calendar.ts';
import { identify } from '../identity.ts';
import type { Execute, InvocationOf, Renderers } from '../invocation.ts';
import { layoutOf } from '../layout.ts';
import { globsOf } from '../part.ts';
import { openBoard } from '../progress.ts';
import { chooseNamedTargets, openManifests } from '../project.ts';
import { credentials, withTarget } from '../reach.ts';
import { sessionOf } from '../session.ts';
import { failuresOf, type Lost, sayLost } from '../several.ts';

/** Brings what is live into files, one target after the other: what one writes, the next one reads. The service is only read. */
export const execute: Execute<'pull'> = async (invocation) => {
  if (invocation.options.flag('catalogue')) return (await import('../pull-catalogue.ts')).pullCatalogues(invocation);
  const session = sessionOf(invocation);
  const { project } = session;
  const targets = chooseNamedTargets(project, invocation);
  const wishes = wishesOf(invocation, targets);
  const board = openBoard(invocation);
  const done: PullReport[] = [];
  const lost: Lost[] = [];
  for (const reach of credentials(project, targets, invocation)) {
    const { name } = reach.target;
    // Files that another target has changed are read anew.
    const manifests = await openManifests(project, [reach.target], invocation, 'may-be-empty');
    const { progress, end } = board.of(name);
    const act = async (request: TargetRequest) => {
      const identity = await identify(invocation.io, project, request.now(), request.manifests);
      const globs = globsOf(invocation, manifests);
      return pull({ ...request, progress }, { ...wishes, ...globs }, identity);
    };
    try {
      done.push(await withTarget(reach, session, manifests.get(name) ?? [], invocation, act).finally(end));
    } catch (error) {
      if (targets.length === 1) throw error;
      lost.push({ target: name, error });
    }
  }
  const failed = await failuresOf(lost);
  const isLeft = done.some(({ left }) => left.length > 0);
  const { io, format, options } = invocation;
  if (format === 'json' && !options.flag('quiet'))
    for (const { target, notes } of done)
      for (const note of notes) io.stderr.write(`${forTerminal(`${target}: ${note}`)}\n`);
  io.told?.({ pull: { reports: done, failed } });
  io.stdout.write(renderers[format](done, { failed, calendar: calendarOf(targets) }));
  sayCalendar(targets, invocation, failed);
  await sayLost(lost, targets.length > 1, invocation);
  const wrote = done.some(({ manifests, bound }) => manifests.length + bound.length > 0);
  return exitOfMany([isLeft ? Exit.refused : Exit.ok] satisfies ExitCode[], failed, wrote);
};

interface Beside {
  readonly failed: readonly ToldFailure[];
  readonly calendar: readonly RetirementNote[];
}

const renderers: Renderers<'pull', readonly PullReport[], Beside> = {
  text: (reports) => pullText(reports),
  json: pullJson,
};

function wishesOf({ options }: InvocationOf<'pull'>, targets: readonly Target[]): PullWishes {
  const [id, layout] = [options.text('id'), options.text('layout')];
  if (id !== undefined && targets.length > 1) {
    const message = 'An --id belongs to one target, and several are chosen.';
    throw new SynclineError('usage', message, 'Choose one with --target.', Exit.invalid);
  }
  return { drifted: options.flag('drifted'), id, layout: layoutOf(layout) };
}
