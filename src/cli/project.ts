import type { Diagnostic } from '../model/diagnostic.ts';
import type { Manifest } from '../model/manifest.ts';
import type { Project, Target } from '../model/project.ts';
import { diagnosticsOnly } from '../render/diagnostics/text.ts';
import { type Checking, checkManifests, openManifests as validManifests } from '../session/check.ts';
import { meantTargets, namedTargets } from '../session/targets.ts';
import type { Invocation } from './invocation.ts';
import { sourcesIn } from './sources.ts';

/** The targets that `--target` names, or all. */
export function chooseTargets(project: Project, { options }: Invocation): readonly Target[] {
  return namedTargets(project, options.texts('target'));
}

/** For commands that write: more than one target is never meant by silence. */
export function chooseNamedTargets(project: Project, { options }: Invocation): readonly Target[] {
  return meantTargets(project, options.texts('target'), '--target');
}

/** The manifests of each target. Throws InvalidInput where any manifest of the project is invalid; says warnings on stderr. */
export async function openManifests(
  project: Project,
  targets: readonly Target[],
  invocation: Invocation,
  files?: 'may-be-empty',
): Promise<ReadonlyMap<string, readonly Manifest[]>> {
  const { manifests, warnings } = await validManifests(project, targets, files);
  warn(warnings, project.root, invocation);
  return manifests;
}

/** As `openManifests`, begun now: warnings are said once all is known. */
export function beginManifests(project: Project, targets: readonly Target[], invocation: Invocation): Checking {
  const { found, follow } = checkManifests(project, targets, invocation.io.checker);
  const told = found.then((all) => {
    warn(all.warnings, project.root, invocation);
    return all;
  });
  told.catch(() => undefined);
  return { found: told, follow };
}

/** More warnings of one code than this are counted, not shown. */
const mostWarnings = 10;

function warn(diagnostics: readonly Diagnostic[], root: string, { io, options, colour }: Invocation): void {
  if (options.flag('quiet') || diagnostics.length === 0) return;
  const byCode = new Map<string, Diagnostic[]>();
  for (const one of diagnostics) {
    const alike = byCode.get(one.code);
    if (alike === undefined) byCode.set(one.code, [one]);
    else alike.push(one);
  }
  const shown = [...byCode.values()].filter((all) => all.length <= mostWarnings).flat();
  if (shown.length > 0) io.stderr.write(`${diagnosticsOnly(shown, { colour, sources: sourcesIn(root) })}\n`);
  for (const [code, { length }] of byCode) {
    if (length > mostWarnings) io.stderr.write(`warning ${code}: ${length} of them, see \`syncline validate\`\n\n`);
  }
}
