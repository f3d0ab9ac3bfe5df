import { worstExit } from '../../core/exit.ts';
import { driftTarget } from '../../engine/drift.ts';
import type { TargetRequest } from '../../engine/request.ts';
import type { DriftReport } from '../../model/drift.ts';
import { Exit, type ExitCode, SynclineError } from '../../model/errors.ts';
import { driftGithub } from '../../render/drift/github.ts';
import { driftJson } from '../../render/drift/json.ts';
import { driftMarkdown } from '../../render/drift/markdown.ts';
import { driftText } from '../../render/drift/text.ts';
import { forTerminal } from '../../render/escape.ts';
import type { Execute, FormatOf, InvocationOf, Renderers } from '../invocation.ts';
import { ticker } from '../progress.ts';
import { chooseTargets, openManifests } from '../project.ts';
import { credentials, unlessStopped, withTarget } from '../reach.ts';
import { placeInRepository } from '../repository.ts';
import { sessionOf } from '../session.ts';

/** Compares the live side with what was applied last, target by target. Sends reads only. */
export const execute: Execute<'drift'> = async (invocation) => {
  const { options } = invocation;
  const session = sessionOf(invocation);
  const { project } = session;
  const targets = chooseTargets(project, invocation);
  const manifests = await openManifests(project, targets, invocation);
  const only = options.text('only');
  const reports: DriftReport[] = [];
  const lost: SynclineError[] = [];
  for (const reach of credentials(project, targets, invocation)) {
    const { name } = reach.target;
    const progress = ticker(invocation, 0);
    progress.stage?.('reading', name);
    const act = (request: TargetRequest) => unlessStopped(invocation, driftTarget(request, only));
    const work = withTarget(reach, session, manifests.get(name) ?? [], invocation, act);
    try {
      reports.push(await work.finally(progress.end));
    } catch (error) {
      // A target without a memory hides no drift of another.
      if (!(error instanceof SynclineError) || error.code !== 'no-ledger') throw error;
      lost.push(error);
    }
  }
  if (reports.length > 0) say(reports, project.root, invocation);
  const changed = reports.some((report) => report.drift.length > 0) ? Exit.changes : Exit.ok;
  return worstExit([changed, ...(await sayLost(lost, invocation))]);
};

/** Which targets have no ledger to compare with; their exit codes. */
async function sayLost(
  lost: readonly SynclineError[],
  invocation: InvocationOf<'drift'>,
): Promise<readonly ExitCode[]> {
  if (lost.length === 0) return [];
  const { io, colour, options } = invocation;
  const { reportFailure } = await import('../failure.ts');
  return lost.map((error) => reportFailure(error, io, { colour, verbose: options.flag('verbose') }));
}

function say(reports: readonly DriftReport[], root: string, invocation: InvocationOf<'drift'>): void {
  const { io, format, colour } = invocation;
  if (!hasNotes[format]) sayNotes(reports, invocation);
  io.stdout.write(renderers[format](reports, { root, colour }));
}

const renderers: Renderers<'drift', readonly DriftReport[], { readonly root: string; readonly colour: boolean }> = {
  text: driftText,
  json: driftJson,
  markdown: driftMarkdown,
  github: (reports, { root }) => driftGithub(reports, { base: placeInRepository(root) }),
};

/** Does the format itself say what could not be told? */
const hasNotes: Readonly<Record<FormatOf<'drift'>, boolean>> = {
  text: true,
  json: false,
  markdown: true,
  github: false,
};

/** Formats for machines have no room for what could not be told; whoever reads the log should know of it. */
function sayNotes(reports: readonly DriftReport[], { io, options }: InvocationOf<'drift'>): void {
  if (options.flag('quiet')) return;
  for (const { target, notes } of reports)
    for (const note of notes) io.stderr.write(`${forTerminal(`${target}: ${note}`)}\n`);
}
