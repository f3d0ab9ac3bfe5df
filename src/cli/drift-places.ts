import { filesLocator } from '../load/locate.ts';
import { placeInProject } from '../load/place.ts';
import { isList, isObject, type Json, pointer, type Spec, tokens } from '../model/json.ts';
import type { Manifest } from '../model/manifest.ts';
import type { Project } from '../model/project.ts';
import type { PlaceOf } from '../render/drift/sarif.ts';

/** Where fields are declared, by what their manifests say. Reads a file when it is first asked for. */
export function placesIn(project: Project, manifests: ReadonlyMap<string, readonly Manifest[]>): PlaceOf {
  const find = filesLocator(project.root);
  const known = new Map<string, ReadonlyMap<string, Manifest>>();
  return (target, address, path) => {
    const own = known.get(target) ?? new Map(manifests.get(target)?.map((one) => [one.address, one]));
    known.set(target, own);
    const manifest = own.get(address);
    if (manifest === undefined) return placeInProject(project, pointer(['targets', target]), 'key');
    if (path === '') return manifest.origin;
    return find(manifest.origin.file, manifest.document, pointer(['spec', ...stepsIn(manifest.spec, path)]), 'key');
  };
}

/** A report names an item of a list by its key, and a file by its place. */
function stepsIn(spec: Spec, path: string): readonly (string | number)[] {
  let here: Json | undefined = spec;
  return tokens(path).map((step) => {
    if (!isList(here)) {
      here = isObject(here) ? here[step] : undefined;
      return step;
    }
    const index = here.findIndex((item) => isObject(item) && Object.values(item).includes(step));
    here = here[index];
    return index < 0 ? step : index;
  });
}
