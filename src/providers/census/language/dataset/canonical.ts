import { censusDatasetTraits } from '../../../../generated/census-dataset-traits.ts';
import type { Json, Spec } from '../../../../model/json.ts';
import { asNumber, without } from '../../../../wire/json.ts';

/** Keys that are accepted and dropped: only the server sets them. */
const serverKeys: readonly string[] = Object.entries(censusDatasetTraits.spec.fields ?? {})
  .filter(([, field]) => field.server === true)
  .map(([key]) => key);

/** The one form in which manifests and live answers are compared. Null stays null (it clears). Idempotent. */
export function canonicalDataset(spec: Spec): Spec {
  const result: Record<string, Json | undefined> = { ...without(spec, serverKeys) };
  if (spec.source_id !== undefined) result.source_id = asNumber(spec.source_id);
  if (typeof spec.query === 'string') result.query = canonicalQuery(spec.query);
  return result;
}

/** A query with LF, and without a newline at its end: files have one, and services may or may not keep it. */
function canonicalQuery(query: string): string {
  return query.replace(/\r\n?/g, '\n').replace(/\n+$/, '');
}
