import { existsSync, statSync } from 'node:fs';
import { relative, sep } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import { jsonFile, yamlFolder } from '../../engine/import/files.ts';
import type { ImportWishes } from '../../engine/import/import.ts';
import { Exit, SynclineError } from '../../model/errors.ts';
import type { ImportReport } from '../../model/import.ts';
import type { Target } from '../../model/project.ts';
import { importerOf } from '../../providers/index.ts';
import { forTerminal } from '../../render/escape.ts';
import { importJson } from '../../render/import/json.ts';
import { importText } from '../../render/import/text.ts';
import { importFrom } from '../../session/import.ts';
import { pathFrom, readIfThere } from '../files.ts';
import { identify } from '../identity.ts';
import type { Execute, InvocationOf, Renderers } from '../invocation.ts';
import { layoutOf } from '../layout.ts';
import { openBoard } from '../progress.ts';
import { chooseNamedTargets, openManifests } from '../project.ts';
import { credentials, withTarget } from '../reach.ts';
import { sessionOf } from '../session.ts';

/** Takes over what another tool manages into the files of one target. The service is only read. */
export const execute: Execute<'import'> = async (invocation) => {
  const session = sessionOf(invocation);
  const { project } = session;
  const [target, other] = chooseNamedTargets(project, invocation);
  if (target === undefined || other !== undefined) throw severalTargets();
  const wishes = await wishesOf(invocation, target);
  const manifests = await openManifests(project, [target], invocation, 'may-be-empty');
  const [reach] = credentials(project, [target], invocation);
  if (reach === undefined) throw severalTargets();
  const { progress, end } = openBoard(invocation).of(target.name);
  const report = await withTarget(reach, session, manifests.get(target.name) ?? [], invocation, async (request) =>
    importFrom(
      { ...request, progress },
      wishes,
      await identify(invocation.io, project, request.now(), request.manifests),
    ),
  ).finally(end);
  const { io, format, options } = invocation;
  if (format === 'json' && !options.flag('quiet'))
    for (const note of report.notes) io.stderr.write(`${forTerminal(`${report.target}: ${note}`)}\n`);
  io.stdout.write(renderers[format]([report]));
  return report.left.length > 0 ? Exit.refused : Exit.ok;
};

const renderers: Renderers<'import', readonly ImportReport[]> = {
  text: importText,
  json: (reports) => importJson(reports, { failed: [] }),
};

function severalTargets(): SynclineError {
  return new SynclineError('usage', 'An import belongs to one target.', 'Choose one with --target.', Exit.invalid);
}

/** Reads the files of the other tool. @throws SynclineError (exit 3) for a tool that nothing reads, and for files that are not there */
async function wishesOf(invocation: InvocationOf<'import'>, target: Target): Promise<ImportWishes> {
  const [tool = '', path = ''] = invocation.positionals;
  const load = importerOf(target, tool);
  if (load === undefined) throw unknownTool(tool, target);
  const importer = await load();
  const layout = layoutOf(invocation.options.text('layout'));
  const root = invocation.directory;
  const shown = shownPath(invocation, path);
  if (importer.reads === 'json-file') {
    const text = path === '-' ? await textOf(invocation.io.stdin) : fileText(invocation, path);
    return { importer, root, layout, ...jsonFile(path === '-' ? 'stdin' : shown, text) };
  }
  const folder = pathFrom(invocation, path);
  if (!existsSync(folder) || !statSync(folder).isDirectory()) throw noFolder(path);
  const read = yamlFolder(folder, shown === '' ? '' : `${shown}/`);
  if (read.files.length === 0 && read.problems.length === 0) throw noFolder(path, 'holds no YAML file');
  return { importer, root, layout, ...read };
}

function fileText(invocation: InvocationOf<'import'>, path: string): string {
  const text = readIfThere(pathFrom(invocation, path));
  if (text !== undefined) return text;
  throw new SynclineError('file', `There is no file ${path}.`, 'Check the path, or write - for stdin.', Exit.invalid);
}

/** A path as it is named to the user: from the folder of work, and what lies outside of it as it was written. */
function shownPath(invocation: InvocationOf<'import'>, path: string): string {
  const own = relative(invocation.directory, pathFrom(invocation, path)).split(sep).join('/');
  return own.startsWith('../') || own === '..' ? path.replace(/\/+$/, '') : own;
}

function unknownTool(tool: string, { name, provider, api }: Target): SynclineError {
  const message = `Nothing imports from "${tool}" into target "${name}" (${provider} ${api}).`;
  const hint =
    'Write `syncline import terraform FILE` or `syncline import gitlink DIR`, for a target whose service these tools manage.';
  return new SynclineError('usage', message, hint, Exit.invalid);
}

function noFolder(path: string, why = 'is no folder'): SynclineError {
  return new SynclineError('file', `${path} ${why}.`, 'Give the folder that holds the files.', Exit.invalid);
}
