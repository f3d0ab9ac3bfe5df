import { type ImportWishes, importTarget } from '../engine/import/import.ts';
import type { RunIdentity, TargetRequest } from '../engine/request.ts';
import { Exit } from '../model/errors.ts';
import type { ImportReport } from '../model/import.ts';
import { kindsOf } from '../providers/index.ts';
import { writeFiles } from './write-files.ts';

/** Takes over what another tool declares into the files of a target, and says what that has come to. See `importTarget`. */
export async function importFrom(
  request: TargetRequest,
  wishes: ImportWishes,
  identity: RunIdentity,
): Promise<ImportReport> {
  const { project, target } = request;
  return importTarget(request, wishes, {
    kinds: kindsOf(target),
    identity,
    write: (files) => writeFiles(project.root, files, unfinished),
  });
}

const unfinished = {
  hint: 'Nothing live was changed; mend that and run the same import again, which writes what is missing.',
  exit: Exit.partial,
} as const;
