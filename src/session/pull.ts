import { type PullWishes, pullTarget } from '../engine/pull/pull.ts';
import type { RunIdentity, TargetRequest } from '../engine/request.ts';
import { validateProject } from '../engine/validate/validate.ts';
import { Exit } from '../model/errors.ts';
import type { PullReport } from '../model/pull.ts';
import { kinds, kindsOf } from '../providers/index.ts';
import { writeFiles } from './write-files.ts';

/** Brings what is live into the files of a target of this project, and says what that has come to. See `pullTarget`. */
export async function pull(request: TargetRequest, wishes: PullWishes, identity: RunIdentity): Promise<PullReport> {
  const { project, target } = request;
  return pullTarget(request, wishes, {
    kinds: kindsOf(target),
    identity,
    everywhere: async () => [...(await validateProject({ project, kinds, kindsOf })).manifests.values()].flat(),
    write: (files) => writeFiles(project.root, files, unfinished),
  });
}

const unfinished = {
  hint: 'Nothing live was changed; mend that and run `syncline pull` again, which writes what is missing.',
  exit: Exit.partial,
} as const;
