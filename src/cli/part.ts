import { optionsAs } from '../engine/against.ts';
import { planFor } from '../engine/plan-file.ts';
import type { GlobWishes, PlanOptions, Since } from '../engine/request.ts';
import { matches } from '../model/address.ts';
import type { Manifest } from '../model/manifest.ts';
import type { Project, Target } from '../model/project.ts';
import type { Session } from '../session/session.ts';
import type { Invocation } from './invocation.ts';
import { warner } from './notice.ts';
import type { SavedFile } from './saved-plan.ts';
import { stopped } from './stopped.ts';

/** Of each target, its manifests. */
type Manifests = ReadonlyMap<string, readonly Manifest[]>;

/** The parts that saved plans are about, by target. @throws SynclineError (exit 3) for a commit that is not here */
export async function partsAs(
  { name, file }: SavedFile,
  { project }: Session,
  targets: readonly Target[],
  invocation: Invocation,
): Promise<(target: string) => Omit<PlanOptions, 'commit'>> {
  const wishes = new Map<string, Omit<PlanOptions, 'commit'>>();
  for (const target of targets) {
    const then = planFor(file, target.name, name);
    const since = await sinceOf(project, [target], then.selection.changed, true, invocation);
    wishes.set(target.name, optionsAs(then, since.get(target.name)));
  }
  return (target) => wishes.get(target) ?? { prune: false };
}

/** The part of a target that is asked for. */
export interface Part extends GlobWishes {
  readonly since?: Since | undefined;
}

/** The globs of the command line. One that means something on one target means nothing on the others, and that is no mistake. */
export function globsOf({ options }: Invocation<'only' | 'exclude'>, manifests: Manifests): GlobWishes {
  const [only, exclude] = [options.texts('only'), options.texts('exclude')];
  const all = [...manifests.values()].flat();
  const known = [...only, ...exclude].filter((glob) => all.some((one) => matches(one.address, glob)));
  return { only, exclude, elsewhere: new Set(known) };
}

/**
 * The part of each target that the command line asks for.
 * @throws SynclineError (exit 3) for a commit that is not here
 */
export async function partsOf(
  invocation: Invocation<'only' | 'exclude' | 'changed'>,
  { project }: Session,
  targets: readonly Target[],
  manifests: Manifests,
): Promise<(target: string) => Part> {
  const globs = globsOf(invocation, manifests);
  const ref = invocation.options.text('changed');
  const since = await sinceOf(project, targets, ref ?? null, false, invocation);
  return (target) => ({ ...globs, since: since.get(target) });
}

/**
 * What targets declared at a commit, as far as a part of them is to be looked at. `exact`: that commit itself is meant, and not where
 * HEAD and it part. @throws SynclineError (exit 3) for a commit that is not here
 */
export async function sinceOf(
  project: Project,
  targets: readonly Target[],
  ref: string | null,
  exact: boolean,
  invocation: Invocation,
): Promise<ReadonlyMap<string, Since>> {
  if (ref === null || targets.length === 0) return new Map();
  const { declaredAt } = await import('../session/changed.ts');
  const { env: environment, signal } = invocation.io;
  const options = { environment, signal, warn: warner(invocation) };
  try {
    return await declaredAt(project, targets, { ref, exact }, options);
  } catch (error) {
    // Git that was stopped says less than that it was.
    throw signal.aborted ? stopped() : error;
  }
}
