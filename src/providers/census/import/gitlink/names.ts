import type { ImportSide } from '../../../../model/import.ts';
import type { Json } from '../../../../model/json.ts';

/** What became of an identifier: the id of the one thing that it means, or why there is none. */
export type Meaning =
  | { readonly id: Json }
  | { readonly code: 'unknown-name' | 'ambiguous-name'; readonly why: string };

/**
 * The id of the thing that an identifier such as `destination:salesforce-prod` stands for: the one whose name gives that slug. Of several
 * the one counts that is live there (`held`); so it does where the API has no list.
 */
export async function meaningOf(
  side: ImportSide,
  identifier: string,
  place: { readonly collection: string; readonly within?: Json | undefined; readonly held?: Json | undefined },
): Promise<Meaning> {
  const things = await side.named(place.collection, place.within);
  const { held } = place;
  if (things === undefined) {
    if (held !== undefined) return { id: held };
    return { code: 'unknown-name', why: `and the ${place.collection} cannot be listed` };
  }
  const slug = slugOf(bare(identifier));
  const found = things.filter(({ name }) => slugOf(name) === slug);
  const [only] = found;
  if (only !== undefined && found.length === 1) return { id: only.id };
  const same = found.find(({ id }) => String(id) === String(held));
  if (same !== undefined) return { id: same.id };
  if (only === undefined)
    return { code: 'unknown-name', why: `and none of the ${place.collection} has a name like that` };
  const names = found.map(({ id, name }) => `"${name}" (${String(id)})`).join(', ');
  return { code: 'ambiguous-name', why: `and several ${place.collection} have a name like that: ${names}` };
}

/** The part after the colon: `salesforce-prod`. */
export function bare(identifier: string): string {
  return identifier.slice(identifier.indexOf(':') + 1);
}

/** A name as identifiers have it. */
export function slugOf(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}
