import type { SchemaProblem } from '../../core/schema/errors.ts';
import { patchedAt } from '../../load/merge-patch.ts';
import type { Problem } from '../../model/diagnostic.ts';
import { isObject, type JsonObject, type Pointer, pointer, tokens, valueAt } from '../../model/json.ts';
import type { Variant } from './variants.ts';

/** The problem at its place: that of a value that an override brought in (or took away) stands in the override. */
export function inOverride(
  problem: Problem | SchemaProblem,
  { patch, targets, document: merged }: Variant,
  document: unknown,
): Problem {
  const { severity, code, message, hint, path, at } = problem;
  const plain = { severity, code, message, hint, path, at };
  const [target] = targets;
  if (patch === undefined || target === undefined || !path.startsWith('/spec')) return plain;
  const place = path.slice('/spec'.length);
  const missing = 'missing' in problem ? problem.missing : [];
  const removed = missing.map((key) => place + pointer([key])).find((one) => valueAt(patch, one) === null);
  const override = pointer(['overrides', target.name]);
  if (removed !== undefined) return { ...removal(plain, removed), path: override + removed };
  const isMerged = isObject(valueAt(merged, path));
  return place !== '' && isBrought(place, patch, document, isMerged) ? { ...plain, path: override + place } : plain;
}

/** Who writes null may mean to clear a field; in an override it takes the key away. */
function removal(problem: Problem, removed: Pointer): Problem {
  const key = tokens(removed).at(-1) ?? '';
  const message = `null in an override removes the key, and the API needs "${key}".`;
  const hint = `Give it a value, or leave "${key}" out of the override to keep that of spec.`;
  return { ...problem, message, hint, at: 'key' };
}

/**
 * Where the spec and the override both have an object, the two are merged, and the spec is where one looks first. Two objects that
 * name files come to the text of the second one.
 */
function isBrought(place: Pointer, patch: JsonObject, document: unknown, isMerged: boolean): boolean {
  const inSpec = isObject(document) ? valueAt(document.spec, place) : undefined;
  return patchedAt(patch, tokens(place)) && !(isMerged && isObject(valueAt(patch, place)) && isObject(inSpec));
}
