import { basename } from 'node:path';
import { didYouMean, listed } from '../core/suggest.ts';
import { validateProject } from '../engine/validate.ts';
import { locate } from '../load/locate.ts';
import { loadProject } from '../load/project.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { Exit, InvalidInput, SynclineError } from '../model/errors.ts';
import { type Pointer, pointer } from '../model/json.ts';
import type { Manifest } from '../model/manifest.ts';
import type { Project, Target } from '../model/project.ts';
import { kinds, kindsOf } from '../providers/index.ts';
import { diagnosticText } from '../render/diagnostics/text.ts';
import type { Invocation } from './command.ts';

/** The project file of this invocation. Throws InvalidInput with everything that is wrong in it. */
export async function openProject({ options, directory }: Invocation): Promise<Project> {
  const { project, diagnostics } = await loadProject({ directory, config: options.text('config') });
  if (project === undefined) throw new InvalidInput(diagnostics);
  return project;
}

/** The targets that `--target` names, or all. */
export function chooseTargets(project: Project, { options }: Invocation): readonly Target[] {
  const names = options.texts('target');
  const declared = project.targets.map((one) => one.name);
  for (const name of names) {
    if (declared.includes(name)) continue;
    const hint = didYouMean(name, declared, 'Declare it in syncline.yaml.');
    const error = new SynclineError('unknown-target', `The project has no target "${name}".`, hint, Exit.invalid);
    throw atProjectFile(error, project, pointer(['targets']), 'key');
  }
  return names.length === 0 ? project.targets : project.targets.filter((one) => names.includes(one.name));
}

/** A mistake that shows only now, at the place of the project file that it has to do with. */
export function atProjectFile(
  error: SynclineError,
  project: Project,
  path: Pointer,
  at: 'key' | 'value',
): InvalidInput {
  const { code, message, hint } = error;
  const place = locate(project.root, basename(project.file), 0, path, at);
  return new InvalidInput([{ severity: 'error', code, message, hint, ...place }]);
}

/** For commands that write: more than one target is never meant by silence. */
export function chooseNamedTargets(project: Project, invocation: Invocation): readonly Target[] {
  const targets = chooseTargets(project, invocation);
  if (targets.length === 1 || invocation.options.texts('target').length > 0) return targets;
  const names = listed(targets.map((one) => one.name));
  throw new SynclineError(
    'no-target',
    'The project has several targets.',
    `Choose with --target: ${names}.`,
    Exit.invalid,
  );
}

/** The manifests of each target. Throws InvalidInput where any manifest of the project is invalid; says warnings on stderr. */
export async function openManifests(
  project: Project,
  targets: readonly Target[],
  invocation: Invocation,
): Promise<ReadonlyMap<string, readonly Manifest[]>> {
  const names = targets.map((one) => one.name);
  const { manifests, diagnostics } = await validateProject({ project, kinds, kindsOf, targets: names });
  if (diagnostics.some((one) => one.severity === 'error')) throw new InvalidInput(diagnostics);
  warn(diagnostics, invocation);
  return manifests;
}

/** More warnings of one code than this are counted, not shown. */
const mostWarnings = 10;

function warn(diagnostics: readonly Diagnostic[], { io, options, colour }: Invocation): void {
  if (options.flag('quiet')) return;
  const byCode = new Map<string, Diagnostic[]>();
  for (const one of diagnostics) {
    const alike = byCode.get(one.code);
    if (alike === undefined) byCode.set(one.code, [one]);
    else alike.push(one);
  }
  for (const [code, all] of byCode) {
    if (all.length > mostWarnings)
      io.stderr.write(`warning ${code}: ${all.length} of them, see \`syncline validate\`\n\n`);
    else for (const one of all) io.stderr.write(`${diagnosticText(one, { colour })}\n`);
  }
}
