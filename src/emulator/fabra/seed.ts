import type { JsonObject } from '../json.ts';
import type { Destination, Mapping, Source, Sync, Target, TargetField } from './state.ts';

/**
 * A sync that is there from the start: what a read shows and `organization_id` (default 1), `deactivated` (default
 * false). One with `scheduled: false` is listed and has no schedule: a ghost, or one that was deleted.
 */
export type SeedSync = Pick<Sync, 'id' | 'end_customer_id' | 'display_name' | 'source_id' | 'object_id'> &
  Partial<Omit<Sync, 'field_mappings' | 'sync_runs'>> & {
    readonly field_mappings?: readonly (Pick<Mapping, 'source_field_name' | 'destination_field_id'> &
      Partial<Mapping>)[];
    readonly sync_runs?: readonly JsonObject[];
    readonly scheduled?: boolean;
  };

type WithDefaults<T extends { readonly organization_id: number }> = Omit<T, 'organization_id'> & {
  readonly organization_id?: number;
};

/**
 * What an emulated service holds when it starts. With `keys` it is the whole of it, and what is left out is empty;
 * without, what is left out comes from the default seed, so that `{"syncs": []}` is the default one without syncs.
 */
export interface FabraSeed {
  /** Raw API key to the id of its organisation; the first one is the emulator's `token`. */
  readonly keys?: Readonly<Record<string, number>>;
  readonly destinations?: readonly WithDefaults<Destination>[];
  readonly objects?: readonly (WithDefaults<
    Pick<Target, 'id' | 'organization_id' | 'display_name' | 'destination_id'>
  > &
    Partial<Omit<Target, 'organization_id'>>)[];
  readonly object_fields?: readonly (Pick<TargetField, 'id' | 'object_id' | 'name' | 'type'> & Partial<TargetField>)[];
  readonly sources?: readonly WithDefaults<Source>[];
  readonly syncs?: readonly SeedSync[];
  /** The id of the next sync; the one after the last where it is absent. */
  readonly next_sync_id?: number;
}
