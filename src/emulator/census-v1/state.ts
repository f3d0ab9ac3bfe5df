import type { JsonObject } from '../json.ts';
import type { Collection } from './collection.ts';
import type { Quirks } from './quirks.ts';

export interface Column {
  readonly name: string;
  readonly type: string;
}

export interface Table {
  readonly id: number;
  readonly table_catalog: string;
  readonly table_schema: string;
  readonly table_name: string;
  /** Empty: not known, so nothing is checked against it. */
  readonly columns: readonly Column[];
}

interface Made {
  readonly id: number;
  readonly created_at: string;
}

export interface Model extends Made {
  readonly source_object_id: number;
  readonly name: string;
  readonly description: string | null;
  readonly query: string;
  readonly approved: boolean;
  readonly columns: readonly Column[];
  readonly updated_at: string;
}

export interface Segment extends Made {
  readonly source_object_id: number;
  readonly name: string;
  readonly dataset_id: number;
  readonly molecules: JsonObject;
  readonly record_count: number | null;
  readonly updated_at: string;
}

export interface Topic extends Made {
  readonly name: string;
}

interface Cohort {
  readonly id: number;
  readonly dataset_id: number;
  readonly source_object_id: number;
}

export interface Source extends Made {
  readonly name: string;
  readonly type: string;
  readonly sync_engine: string;
  readonly connection_details: JsonObject;
  readonly warehouse_writeback_retention_in_days: number | null;
  /** Empty: not known, so any fully named table is taken. */
  readonly tables: Table[];
  readonly models: Collection<Model>;
  readonly segments: Collection<Segment>;
  readonly topics: Collection<Topic>;
  readonly cohorts: readonly Cohort[];
}

export interface Dataset extends Made {
  readonly source_id: number;
  /** The internal id that syncs show; not the id that syncs are made with. */
  readonly source_object_id: number;
  readonly name: string;
  readonly type: string;
  readonly query: string;
  readonly description: string | null;
  readonly columns: readonly Column[];
  readonly cached_record_count: number | null;
  readonly updated_at: string;
  /** Why its column refresh fails; null where it does not. */
  readonly refresh_failure: string | null;
}

/** Fields are kept as they are answered. */
export interface DestinationField {
  readonly full_name: string;
  readonly operations: readonly string[];
  readonly preserve_values_supported: boolean;
  readonly required_for_mapping: boolean;
  readonly can_be_upsert_key: boolean;
  readonly can_be_update_key: boolean;
  readonly can_be_insert_key: boolean;
  readonly lookup_object: string | null;
  readonly answer: JsonObject;
}

/** A key that the server makes out of several fields by itself. */
interface CompoundKey {
  readonly to: string;
  readonly fields: readonly string[];
}

interface AdvancedSetting {
  readonly name: string;
  readonly default: JsonObject[string];
}

export interface DestinationObject {
  readonly full_name: string;
  readonly supported_operations: readonly string[];
  readonly allow_custom_fields: boolean;
  readonly allow_case_sensitive_field_names: boolean;
  readonly supports_field_ordering: boolean;
  readonly can_be_sync_destination: boolean;
  readonly compound_key: CompoundKey | undefined;
  readonly advanced: readonly AdvancedSetting[];
  /** Empty: not known, so any field is taken. */
  readonly fields: readonly DestinationField[];
  readonly answer: JsonObject;
}

export interface Destination extends Made {
  readonly name: string;
  readonly type: string;
  readonly connection_details: JsonObject;
  /** Empty: not known, so any object is taken. */
  readonly objects: readonly DestinationObject[];
  /** What may be done to objects that are not listed (files, spreadsheets); empty: anything. */
  readonly path_operations: readonly string[];
}

export interface Alert {
  readonly id: number;
  readonly type: string;
  readonly send_for: string;
  readonly should_send_recovery: boolean;
  readonly options: JsonObject;
}

export interface Sync extends Made {
  readonly updated_at: string;
  readonly status: string;
  /** What was asked for, key by key, with names turned into ids; answers are made from it. */
  readonly body: JsonObject;
  readonly alerts: readonly Alert[];
  /** Keys that are answered as they stand, before anything made from the body. */
  readonly verbatim: JsonObject;
  /** Keys of the answer that are made from the body; undefined means all. A sync older than today's shapes starts with none. */
  readonly made: readonly string[] | undefined;
}

export interface Run extends Made {
  readonly sync_id: number;
  readonly full_sync: boolean;
  readonly skipped: boolean;
  readonly canceled: boolean;
  /** Milliseconds since 1970; the run is at work until then. */
  readonly ends: number;
}

export interface Webhook extends Made {
  readonly body: JsonObject;
}

export interface Workspace extends Made {
  readonly name: string;
  readonly organization_id: number;
  readonly notification_emails: readonly string[];
  readonly api_key: string;
  readonly sources: Collection<Source>;
  readonly datasets: Collection<Dataset>;
  readonly destinations: Collection<Destination>;
  readonly syncs: Collection<Sync>;
  readonly runs: Collection<Run>;
  readonly webhooks: Collection<Webhook>;
  readonly jobs: Map<number, { polls: number; readonly finish: () => string | undefined }>;
  /** Moves whenever something changes that answers about syncs are made of. */
  readonly revision: { value: number };
}

export interface World {
  readonly workspaces: Collection<Workspace>;
  readonly personalAccessToken: string;
  readonly quirks: Quirks;
  /** Never the same number twice. */
  nextId(): number;
  /** Now, in milliseconds since 1970. */
  moment(): number;
  /** Now, as answers write it; never the same moment twice. */
  now(): string;
}

/** A workspace with nothing in it. */
export type WorkspaceFacts = Pick<
  Workspace,
  'id' | 'name' | 'organization_id' | 'notification_emails' | 'api_key' | 'created_at'
>;
