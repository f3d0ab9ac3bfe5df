import { isList, isObject, type Json, type JsonObject } from '../../../../model/json.ts';
import { isSet, sameJson } from '../../../../wire/json.ts';
import { canonicalAlert } from '../../language/canonical.ts';
import { encodeAlert } from './encode.ts';

/**
 * The alerts of an update. Each takes over the id of the live alert that it continues (the same type, best with the same
 * options), because the API makes a new alert of anything without an id; what nothing continues is left out and so removed.
 */
export function encodeAlerts(live: Json | undefined, desired: readonly Json[]): readonly Json[] {
  const ids = continuedIds(isList(live) ? live.filter(isObject) : [], desired);
  return desired.map((alert, index) => {
    const encoded = encodeAlert(alert);
    const id = ids.get(index);
    return id === undefined || !isObject(encoded) ? encoded : { id, ...encoded };
  });
}

/** By index in `desired`. Each live id is used once: first where the options are equal, then by what is left of the type. */
function continuedIds(live: readonly JsonObject[], desired: readonly Json[]): ReadonlyMap<number, Json> {
  const free = new Set(live.filter((alert) => isSet(alert.id)));
  const ids = new Map<number, Json>();
  const take = (fits: (before: JsonObject, after: JsonObject) => boolean): void => {
    for (const [index, after] of desired.entries()) {
      if (!isObject(after) || ids.has(index)) continue;
      const found = [...free].find((before) => before.type === after.type && fits(before, after));
      if (found?.id === undefined) continue;
      free.delete(found);
      ids.set(index, found.id);
    }
  };
  take((before, after) => sameJson(optionsOf(before), optionsOf(after)));
  take(() => true);
  return ids;
}

function optionsOf(alert: JsonObject): Json | undefined {
  const clean = canonicalAlert(alert);
  return isObject(clean) ? clean.options : undefined;
}
