export const operations = ['append', 'insert', 'mirror', 'update', 'upsert'];
export const frequencies = ['never', 'continuous', 'quarter_hourly', 'hourly', 'daily', 'weekly', 'expression'];
export const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
export const recordTypes = [
  'source_record_count',
  'records_updates',
  'records_deletes',
  'records_invalid',
  'records_processed',
  'records_updated',
  'records_failed',
];
export const basicTypes = ['text', 'number', 'boolean', 'datetime'];

/** Destinations whose objects are file paths, and spreadsheets, whose objects are JSON texts. */
export const fileTypes = ['s3', 'sftp', 'google_cloud_storage', 'azure_blob_storage', 'google_drive', 'sharepoint'];
export const sheetsType = 'google_sheets';
export const brazeType = 'braze';

/** How a plain top-level field is checked. */
export type Plain =
  | { readonly kind: 'text' | 'boolean' | 'object' }
  | { readonly kind: 'number'; readonly from: number; readonly to: number }
  | { readonly kind: 'enum'; readonly values: readonly string[] };

/** Optional fields that stand for themselves, with what an answer says where nothing was sent. */
export const plainFields: Readonly<
  Record<string, { readonly is: Plain; readonly default: string | number | boolean | null }>
> = {
  label: { is: { kind: 'text' }, default: null },
  paused: { is: { kind: 'boolean' }, default: false },
  field_behavior: {
    is: { kind: 'enum', values: ['sync_all_properties', 'specific_properties'] },
    default: 'specific_properties',
  },
  field_normalization: {
    is: {
      kind: 'enum',
      values: ['start_case', 'lower_case', 'upper_case', 'camel_case', 'snake_case', 'match_source_names'],
    },
    default: null,
  },
  field_order: {
    is: { kind: 'enum', values: ['alphabetical_column_name', 'mapping_order', 'source_column_order'] },
    default: null,
  },
  sync_behavior_family: { is: { kind: 'enum', values: ['activateEvents', 'mapRecords'] }, default: null },
  high_water_mark_attribute: { is: { kind: 'text' }, default: null },
  historical_sync_operation: {
    is: { kind: 'enum', values: ['skip_current_records', 'backfill_all_records'] },
    default: null,
  },
  mirror_strategy: {
    is: { kind: 'enum', values: ['sync_updates_and_deletes', 'sync_updates_and_nulls', 'upload_and_swap'] },
    default: null,
  },
  failed_run_notifications_enabled: { is: { kind: 'boolean' }, default: true },
  failed_record_notifications_enabled: { is: { kind: 'boolean' }, default: true },
  failed_record_notifications_threshold_percent: { is: { kind: 'number', from: 0, to: 100 }, default: 75 },
};

/**
 * Fields that only some operations have; elsewhere they are null, and anything else is refused. The reference calls high-water
 * marks a thing of appends, and prints a mirror that has one.
 */
export const operationOnly: Readonly<Record<string, readonly string[]>> = {
  high_water_mark_attribute: ['append', 'mirror'],
  high_water_mark_attributes: ['append', 'mirror'],
  historical_sync_operation: ['append'],
  mirror_strategy: ['mirror'],
};

export const requiredFields = ['operation', 'source_attributes', 'destination_attributes', 'mappings'];
export const nestedFields = ['mode', 'alert_attributes', 'advanced_configuration', 'high_water_mark_attributes'];
/** The older, flat way to write a mode; it counts only where no `mode` stands beside it. */
export const flatFields = [
  'schedule_frequency',
  'schedule_day',
  'schedule_hour',
  'schedule_minute',
  'cron_expression',
  'triggers',
];
/** Keys of answers, passed over in requests. */
export const answerFields = [
  'id',
  'status',
  'created_at',
  'updated_at',
  'resource_identifier',
  'lead_union_insert_to',
  'validate_only',
];
