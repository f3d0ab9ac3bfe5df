import { didYouMean, listed } from '../core/suggest.ts';
import { placeInProject } from '../load/place.ts';
import { Exit, InvalidInput, SynclineError } from '../model/errors.ts';
import { type Pointer, pointer } from '../model/json.ts';
import type { Project, Target } from '../model/project.ts';

/** The targets with these names, in the order of the project; all of them where there is no name. @throws InvalidInput */
export function namedTargets(project: Project, names: readonly string[]): readonly Target[] {
  const declared = project.targets.map((one) => one.name);
  for (const name of names) {
    if (declared.includes(name)) continue;
    const hint = didYouMean(name, declared, 'Declare it in syncline.yaml.');
    const error = new SynclineError('unknown-target', `The project has no target "${name}".`, hint, Exit.invalid);
    throw atProjectFile(error, project, pointer(['targets']), 'key');
  }
  return names.length === 0 ? project.targets : project.targets.filter((one) => names.includes(one.name));
}

/**
 * As `namedTargets`, where more than one is never meant by silence. `option`: what the caller names them with.
 * @throws InvalidInput, SynclineError (exit 3) `no-target`
 */
export function meantTargets(project: Project, names: readonly string[], option: string): readonly Target[] {
  const targets = namedTargets(project, names);
  if (targets.length === 1 || names.length > 0) return targets;
  const hint = `Choose with ${option}: ${listed(targets.map((one) => one.name))}.`;
  throw new SynclineError('no-target', 'The project has several targets.', hint, Exit.invalid);
}

/** A mistake that shows only now, at the place of the project file that it has to do with. */
export function atProjectFile(
  error: SynclineError,
  project: Project,
  path: Pointer,
  at: 'key' | 'value',
): InvalidInput {
  const { code, message, hint } = error;
  const place = placeInProject(project, path, at);
  return new InvalidInput(
    [
      {
        severity: 'error',
        code,
        message,
        hint,
        ...place,
        ...(place.file === project.fleet?.file && { unquoted: true }),
      },
    ],
    project.root,
  );
}
