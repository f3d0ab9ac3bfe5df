import type { Diagnostic } from '../model/diagnostic.ts';
import type { Manifest } from '../model/manifest.ts';
import type { Project, Target } from '../model/project.ts';
import { diagnosticText } from '../render/diagnostics/text.ts';
import { openManifests as validManifests } from '../session/check.ts';
import { meantTargets, namedTargets } from '../session/targets.ts';
import type { Invocation } from './invocation.ts';

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
): Promise<ReadonlyMap<string, readonly Manifest[]>> {
  const { manifests, warnings } = await validManifests(project, targets);
  warn(warnings, invocation);
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
