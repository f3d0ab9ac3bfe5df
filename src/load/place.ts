import { basename } from 'node:path';
import type { Origin } from '../model/diagnostic.ts';
import { type Pointer, pointer, tokens, valueAt } from '../model/json.ts';
import type { Fleet, Project } from '../model/project.ts';
import type { LineColumn } from './line-column.ts';
import { locate } from './locate.ts';

/** Where a value (or, with `at: 'key'`, its key) of the project file stands; of a target of a fleet, in the fleet file. */
export type ProjectPlace = (path: Pointer, at: 'key' | 'value') => Origin;

/** Where a value of a project that has been loaded stands, by its pointer in the project file. Reads that file again. */
export function placeInProject(project: Project, path: Pointer, at: 'key' | 'value'): Origin {
  const file = basename(project.file);
  const own = (here: Pointer, end: 'key' | 'value') => locate(project.root, file, 0, here, end);
  return placer(file, own, project.fleet)(path, at);
}

/** `own`: finds places in the project file itself. */
export function placer(
  file: string,
  own: (path: Pointer, at: 'key' | 'value') => LineColumn,
  fleet: Fleet | undefined,
): ProjectPlace {
  const here: ProjectPlace = (path, at) => {
    const { line, column } = own(path, at);
    return { file, line, column };
  };
  if (fleet === undefined) return here;
  return (path, at) => {
    const [head, name = '', ...rest] = tokens(path);
    const row = fleet.places.get(pointer(['targets', name]));
    if (head !== 'targets' || row === undefined) return here(path, at);
    for (let length = rest.length; length > 0; length--) {
      const steps = rest.slice(0, length);
      const end = length === rest.length ? at : 'value';
      const place = fleet.places.get(pointer(['targets', name, ...steps]));
      if (place !== undefined) return { file: fleet.file, ...place[end] };
      if (valueAt(fleet.defaults, pointer(steps)) !== undefined)
        return here(pointer(['targets_from', 'defaults', ...rest]), at);
    }
    return { file: fleet.file, ...row.value };
  };
}
