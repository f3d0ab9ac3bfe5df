import type { Json, Spec } from '../../model/json.ts';
import { equal } from './equal.ts';

/**
 * The same spec, with every top-level value that equals its counterpart in `twin` replaced by that very object. In most plans
 * nearly everything is equal on all sides: sharing keeps it in memory once, and comparing it later costs nothing.
 */
export function share(spec: Spec, twin: Spec | undefined): Spec {
  if (twin === undefined || spec === twin) return spec;
  const shared: Record<string, Json | undefined> = {};
  for (const key in spec) {
    const value = spec[key];
    const other = twin[key];
    shared[key] = typeof value === 'object' && value !== other && equal(value, other) ? other : value;
  }
  return shared;
}
