import type { Finding, Known } from '../../../../model/catalogue.ts';
import type { Spec } from '../../../../model/json.ts';
import { isGiven } from '../../../../wire/json.ts';
import { connectionOf } from '../look/source.ts';

/** What a Census dataset names and the catalogue of its workspace does not have. */
export function look({ source, source_id: id }: Spec, known: Known): readonly Finding[] {
  const found: Finding[] = [];
  if (!isGiven(id)) connectionOf(known.sources, source, ['source'], 'source', known, found);
  return found;
}
