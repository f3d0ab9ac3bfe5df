import { join } from 'node:path';
import { exitOfMany } from '../core/exit.ts';
import type { TargetRequest } from '../engine/request.ts';
import { isThere } from '../load/files.ts';
import { Exit, type ExitCode, SynclineError } from '../model/errors.ts';
import { catalogueJson } from '../render/catalogue/json.ts';
import { catalogueText } from '../render/catalogue/text.ts';
import { writeCatalogue } from '../session/catalogue.ts';
import { editorFolder } from '../write/schema-line.ts';
import type { InvocationOf } from './invocation.ts';
import { openBoard } from './progress.ts';
import { chooseTargets } from './project.ts';
import { credentialsApart, unlessStopped, withTarget } from './reach.ts';
import { sessionOf } from './session.ts';
import { failuresOf, sayLost, sideBySide } from './several.ts';

const others = ['drifted', 'id', 'layout', 'only', 'exclude'] as const;

/** Writes the catalogue of each target, side by side, and nothing else: neither manifests nor ledgers are looked at. */
export async function pullCatalogues(invocation: InvocationOf<'pull'>): Promise<ExitCode> {
  guardAlone(invocation);
  const { io, format } = invocation;
  const session = sessionOf(invocation);
  const { project } = session;
  const targets = chooseTargets(project, invocation);
  const board = openBoard(invocation);
  const { reaches, lost: unreachable } = credentialsApart(project, targets, invocation);
  const { done, lost: failing } = await sideBySide(reaches, (reach) => {
    const { progress, end } = board.of(reach.target.name);
    const act = (request: TargetRequest) => unlessStopped(invocation, writeCatalogue({ ...request, progress }));
    return withTarget(reach, session, [], invocation, act).finally(end);
  });
  const lost = [...unreachable, ...failing];
  const failed = await failuresOf(lost);
  const hasEditor = isThere(join(project.root, editorFolder));
  io.stdout.write(format === 'json' ? catalogueJson(done, failed) : catalogueText(done, hasEditor));
  await sayLost(lost, targets.length > 1, invocation);
  return exitOfMany([Exit.ok], failed);
}

function guardAlone({ options }: InvocationOf<'pull'>): void {
  const given = others.find((name) =>
    name === 'drifted'
      ? options.flag(name)
      : name === 'id' || name === 'layout'
        ? options.text(name) !== undefined
        : options.texts(name).length > 0,
  );
  if (given === undefined) return;
  const message = `--catalogue writes what the workspace has, and --${given} chooses what is pulled into manifests.`;
  throw new SynclineError('usage', message, 'Run them one after the other.', Exit.invalid);
}
