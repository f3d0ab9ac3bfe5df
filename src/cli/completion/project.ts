import { byCodePoint } from '../../core/stable.ts';
import { filesOf } from '../../engine/validate/files.ts';
import { serviceFacts } from '../../generated/services.ts';
import { declaredIn } from '../../load/declared.ts';
import { loadProject } from '../../load/project.ts';

type Place = Parameters<typeof loadProject>[0];

/** The names of the targets; none where the project file is not valid. */
export function targetsIn(place: Place): readonly string[] {
  return loadProject(place).project?.targets.map((one) => one.name) ?? [];
}

/** Nobody waits longer for a list, in milliseconds. */
const patience = 400;

/** The addresses that manifests declare, as far as they are found quickly. */
export function addressesIn(place: Place): readonly string[] {
  const { project } = loadProject(place);
  if (project === undefined) return [];
  const kinds = serviceFacts.flatMap((one) => one.kinds);
  const end = Date.now() + patience;
  const found = new Set<string>();
  for (const file of filesOf(project).files) {
    if (Date.now() > end) break;
    for (const address of declaredIn(project.root, file, kinds)) found.add(address);
  }
  return [...found].sort(byCodePoint);
}
