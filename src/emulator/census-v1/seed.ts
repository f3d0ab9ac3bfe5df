import type { JsonObject } from '../json.ts';

/** A column, or just its name (then its type is `text`). */
export type SeedColumn = string | { readonly name: string; readonly type: string };

interface SeedTable {
  readonly id: number;
  readonly table_catalog: string;
  readonly table_schema: string;
  readonly table_name: string;
  /** Where no table of the source has any, the source takes every table that is fully named. */
  readonly columns?: readonly SeedColumn[];
}

export interface SeedModel {
  readonly id: number;
  readonly name: string;
  readonly query: string;
  readonly description?: string;
  readonly columns?: readonly SeedColumn[];
}

/** Cut out of a dataset of the same source. */
export interface SeedSegment {
  readonly id: number;
  readonly name: string;
  readonly dataset_id: number;
  readonly molecules?: JsonObject;
  readonly record_count?: number;
}

export interface SeedSource {
  readonly id: number;
  readonly name: string;
  readonly type: string;
  readonly sync_engine?: string;
  readonly connection_details?: JsonObject;
  readonly tables?: readonly SeedTable[];
  readonly models?: readonly SeedModel[];
  readonly segments?: readonly SeedSegment[];
  readonly topics?: readonly { readonly id: number; readonly name: string }[];
  readonly cohorts?: readonly { readonly id: number; readonly dataset_id: number }[];
}

export interface SeedDataset {
  readonly id: number;
  readonly source_id: number;
  readonly name: string;
  readonly type?: string;
  readonly query?: string;
  readonly description?: string;
  readonly columns?: readonly SeedColumn[];
  readonly cached_record_count?: number;
  /** What its column refresh ends with, instead of with columns. */
  readonly refresh_failure?: string;
}

/** A field of a destination object. What is left out: a writable text field that can be an identifier. */
export interface SeedField {
  readonly full_name: string;
  readonly label?: string;
  readonly type?: string;
  readonly createable?: boolean;
  readonly updateable?: boolean;
  readonly array?: boolean;
  readonly operations?: readonly string[];
  readonly preserve_values_supported?: boolean;
  readonly required_for_mapping?: boolean;
  readonly can_be_upsert_key?: boolean;
  readonly can_be_update_key?: boolean;
  readonly can_be_insert_key?: boolean;
  readonly can_be_reference_key?: boolean;
  readonly lookup_object?: string;
}

export interface SeedObject {
  readonly full_name: string;
  readonly label?: string;
  readonly supported_operations?: readonly string[];
  readonly allow_custom_fields?: boolean;
  readonly allow_case_sensitive_field_names?: boolean;
  readonly supports_field_ordering?: boolean;
  readonly can_be_sync_destination?: boolean;
  readonly primary_identifier_mapping_attributes?: JsonObject;
  readonly advanced_configuration_field_definitions?: readonly JsonObject[];
  /** The identifier that the server makes by itself, out of the columns mapped to `fields`. Not part of answers. */
  readonly compound_key?: { readonly to: string; readonly fields: readonly string[] };
  /** Fields, or just their names. None: every field is taken. */
  readonly fields?: readonly (string | SeedField)[];
}

export interface SeedDestination {
  readonly id: number;
  readonly name: string;
  readonly type: string;
  readonly connection_details?: JsonObject;
  /** None: every object is taken. */
  readonly objects?: readonly SeedObject[];
  /** What may be done to files and spreadsheets; none: anything. */
  readonly path_operations?: readonly string[];
}

/**
 * A sync: the body of a create, with `id`, and if need be `status`, `created_at` and `updated_at`. With
 * `verbatim: true` it is an answer instead, given back as it stands until a PATCH writes a key: that is how syncs from
 * before modes existed, and captured answers, are seeded.
 */
export type SeedSync = JsonObject & { readonly id: number; readonly verbatim?: boolean };

export interface SeedContent {
  readonly sources?: readonly SeedSource[];
  readonly datasets?: readonly SeedDataset[];
  readonly destinations?: readonly SeedDestination[];
  readonly syncs?: readonly SeedSync[];
}

export interface SeedWorkspace extends SeedContent {
  readonly id: number;
  readonly name: string;
  readonly organization_id?: number;
  readonly api_key?: string;
  readonly notification_emails?: readonly string[];
}

/**
 * What an emulated account holds when it starts.
 *
 * Either `workspaces`, each with its own content (what is left out is empty), or the content of one workspace at the
 * top level: `sources`, `datasets`, `destinations`, `syncs` (what is left out comes from the default seed, so
 * `{"syncs": []}` is the default account without syncs). `workspace` renames that one workspace.
 *
 * Ids are positive whole numbers. Sources and destinations share one id space in the service.
 */
export interface CensusSeed extends SeedContent {
  readonly workspaces?: readonly SeedWorkspace[];
  readonly workspace?: { readonly id?: number; readonly name?: string };
}
