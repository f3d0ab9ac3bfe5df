import { didYouMean } from '../../core/suggest.ts';
import { placeInProject } from '../../load/place.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import { pointer } from '../../model/json.ts';
import type { KindDefinition } from '../../model/kind.ts';
import type { Project, Target } from '../../model/project.ts';
import { compileWildcard } from '../../model/wildcard.ts';
import { at } from './diagnostics.ts';

/** Globs of `protect` that no address of their target can ever match: what they were to shield would go all the same. */
export function protectDiagnostics(project: Project, kinds: readonly KindDefinition[]): Diagnostic[] {
  return project.targets.flatMap((target) => {
    const own = kinds.filter((one) => one.provider === target.provider).map((one) => one.kind);
    return target.protect.flatMap((glob, index) =>
      own.length === 0 || own.some((kind) => canMatch(glob, kind)) ? [] : [useless(project, target, index, glob, own)],
    );
  });
}

/** Can the glob match an address of this kind? A star may stand for the slash and what is around it. */
function canMatch(glob: string, kind: string): boolean {
  const slash = glob.indexOf('/');
  const head = slash < 0 ? glob : glob.slice(0, slash);
  if (slash >= 0 && compileWildcard(head)(kind)) return true;
  const star = head.indexOf('*');
  return star >= 0 && startsAs(`${kind}/`, head.slice(0, star));
}

function startsAs(text: string, pattern: string): boolean {
  return pattern.length <= text.length && compileWildcard(pattern)(text.slice(0, pattern.length));
}

function useless(
  project: Project,
  { name }: Target,
  index: number,
  glob: string,
  kinds: readonly string[],
): Diagnostic {
  const slash = glob.indexOf('/');
  const [kind = ''] = kinds;
  const hint =
    slash < 0
      ? `Write the kind too, as in "${kind}/${glob}".`
      : `${didYouMean(glob.slice(0, slash), kinds, '')} An address is a kind and a name, as in "${kind}/${glob.slice(slash + 1)}".`;
  const problem = {
    severity: 'error',
    code: 'useless-glob',
    message: `The glob "${glob}" matches no address that target "${name}" can have, so it protects nothing.`,
    hint,
  } as const;
  const path = pointer(['targets', name, 'protect', index]);
  return at(problem, placeInProject(project, path, 'value'));
}
