import type { Spec } from '../../model/json.ts';
import type { KindTraits } from '../../model/traits.ts';

/** The label of a spec, by which an unbound address finds its sync; undefined where any part of it is missing or empty. */
export function labelOf(traits: KindTraits, spec: Spec): string | undefined {
  const parts: string[] = [];
  for (const field of traits.label) {
    const value = spec[field];
    if (typeof value !== 'string' || value === '') return undefined;
    parts.push(value);
  }
  return parts.join(' / ');
}
