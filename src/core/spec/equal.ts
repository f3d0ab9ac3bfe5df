import fastEqual from 'fast-deep-equal';
import type { Json } from '../../model/json.ts';
import { stableJson } from '../stable.ts';

/**
 * Deep equality of JSON values; key order never matters. The library asks a value for its `valueOf` and `toString`, and a
 * service may well hold free keys of these names: then their text decides.
 */
export function equal(first: Json | undefined, second: Json | undefined): boolean {
  try {
    return fastEqual(first, second);
  } catch {
    return stableJson(first) === stableJson(second);
  }
}
