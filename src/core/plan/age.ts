import type { Age } from '../../model/checkout.ts';
import { Exit, SynclineError } from '../../model/errors.ts';
import type { LastApply } from '../../model/ledger.ts';

/** Nothing to compare. */
export const ageless: Age = { relation: 'none', last: undefined };

/** Why an apply is refused whole: what it would write is older than what was applied last. undefined where it is not. */
export function refusalOf({ relation, last }: Age): SynclineError | undefined {
  if (relation !== 'older' || last === undefined) return undefined;
  return new SynclineError(
    'old-checkout',
    `This checkout is older than the last apply: ${applied(last)}, which contains it.`,
    'Apply the newest commit, or newer changes are undone; `--allow-old` applies this one all the same, without deletes.',
    Exit.refused,
  );
}

/** What the reader of a plan must know of its age, as a sentence. */
export function warningOf({ relation, last }: Age): string | undefined {
  if (last === undefined) return undefined;
  if (relation === 'older')
    return `This checkout is older than the last apply: ${applied(last)}, which contains it. Run \`git pull\` first: \`apply\` refuses an older checkout, because it would undo newer changes.`;
  if (relation === 'diverged')
    return `${applied(last)}, and neither that commit nor this checkout contains the other: merge that commit first, or its changes are undone.`;
  return relation === 'unknown' ? unknownAge(last) : undefined;
}

function unknownAge(last: LastApply): string {
  return `${applied(last)}, and Syncline cannot tell whether this checkout contains that commit. Fetch it with its history: \`git fetch\`, in a shallow clone \`git fetch --unshallow\`; if it was never pushed, push it first, or its changes are undone.`;
}

function applied({ actor, commit, run }: LastApply): string {
  return `${actor} applied commit ${commit.slice(0, 7)} (run ${run})`;
}

/** Why deletes of this age are not done, unless `forced` is their exact number; undefined where they may be. */
export function deletesHeldBack(
  { relation, last }: Age,
  deletes: number,
  forced: number | null | undefined,
): string | undefined {
  if (last === undefined) return undefined;
  if (relation === 'older')
    return `This checkout is older than the last apply (${applied(last)}); nothing is deleted from it. Run \`git pull\` first.`;
  if (relation !== 'unknown' || forced === deletes) return undefined;
  return `${unknownAge(last)} If you mean to delete anyway, run with --force-deletes ${deletes}.`;
}
