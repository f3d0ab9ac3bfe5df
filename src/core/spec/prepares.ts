import { type Pointer, tokens } from '../../model/json.ts';
import type { KindTraits } from '../../model/traits.ts';

/** Has the service to work out anew what others need of a thing, after a change at this place? */
export function prepares({ spec }: KindTraits, path: Pointer): boolean {
  return spec.fields?.[tokens(path)[0] ?? '']?.prepares === true;
}
