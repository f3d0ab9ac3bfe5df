import { censusSyncTraits } from '../../../../generated/census-sync-traits.ts';
import type { JsonObject } from '../../../../model/json.ts';
import { legacyModeKeys } from '../../language/canonical.ts';

/** Keys of syncs that this version does not know (A21): they are told once, and neither compared nor changed. */
export interface UnknownKeys {
  seenIn(sync: JsonObject): void;
}

/** What v1 and v2 are known to answer. */
const known: ReadonlySet<string> = new Set([
  ...Object.keys(censusSyncTraits.spec.fields ?? {}),
  ...legacyModeKeys,
  ...['activation_id', 'group_id', 'lead_union_insert_to', 'live', 'match_rate_details', 'resource_identifier'],
]);

export function unknownKeys(warn: ((message: string) => void) | undefined): UnknownKeys {
  const told = new Set<string>();
  return {
    seenIn: (sync) => {
      const fresh = Object.keys(sync).filter((key) => !known.has(key) && !told.has(key));
      if (fresh.length === 0 || warn === undefined) return;
      for (const key of fresh) told.add(key);
      const names = fresh.map((key) => `\`${key}\``).join(', ');
      warn(
        `The API shows fields of syncs that this version does not know: ${names}. They are neither compared nor changed.`,
      );
    },
  };
}
