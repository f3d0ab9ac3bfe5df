import type { Problem } from '../../model/diagnostic.ts';
import type { Pointer } from '../../model/json.ts';
import type { SchemaProblem } from '../schema/errors.ts';

/**
 * What rules find in a spec, without what may be no more than an echo of what is wrong with its shape: a problem at, in or around a
 * broken value, and one of an object that lacks a key.
 */
export function withoutRelated(found: readonly Problem[], told: readonly (Problem | SchemaProblem)[]): Problem[] {
  if (told.length === 0) return [...found];
  const broken = new Set<Pointer>();
  const around = new Set<Pointer>();
  const lacking = new Set<Pointer>();
  for (const one of told) {
    if ('missing' in one && one.missing.length > 0) lacking.add(one.path);
    else broken.add(one.path);
    if (one.code === 'unknown-field' && one.hint.startsWith('Did you mean')) lacking.add(parentOf(one.path));
  }
  for (const path of broken) for (const above of pathsTo(path)) around.add(above);
  return found.filter(({ path }) => {
    const own = [...pathsTo(path)];
    return !(
      around.has(path) ||
      own.some((above) => broken.has(above)) ||
      lacking.has(path) ||
      lacking.has(parentOf(path))
    );
  });
}

/** The path itself and every path above it, the document aside. */
function* pathsTo(path: Pointer): Generator<Pointer> {
  for (let here = path; here !== ''; here = parentOf(here)) yield here;
}

function parentOf(path: Pointer): Pointer {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
