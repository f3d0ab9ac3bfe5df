import type { Declaration, Finding, Names } from '../../../../model/catalogue.ts';
import { type Place, warning } from '../checks/problem.ts';

/** A name that the catalogue does not have. */
export function missing(
  names: Pick<Names<unknown>, 'hint'>,
  name: string,
  place: Place,
  message: string,
  unless?: Declaration,
): Finding {
  const found = warning('not-in-catalogue', place, message, names.hint(name));
  return unless === undefined ? found : { ...found, unless };
}
