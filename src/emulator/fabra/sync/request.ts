import { decodeBody, type Fields, fieldsOf } from '../decode.ts';
import type { Mapping } from '../state.ts';

/** The body of a create, decoded: null where nothing was sent, except where a missing value is an empty one. */
export interface SyncRequest {
  readonly display_name: string;
  readonly end_customer_id: string | null;
  readonly source_id: number;
  readonly object_id: number;
  readonly namespace: string | null;
  readonly table_name: string | null;
  readonly custom_join: string | null;
  readonly source_cursor_field: string | null;
  readonly source_primary_key: string | null;
  readonly sync_mode: string | null;
  readonly recurring: boolean | null;
  readonly frequency: number | null;
  readonly frequency_units: string | null;
  readonly field_mappings: readonly Mapping[];
}

/** Throws DecodeError. */
export function readSyncRequest(text: string): SyncRequest {
  const body = decodeBody(text);
  return {
    display_name: body.text('display_name') ?? '',
    end_customer_id: body.text('end_customer_id'),
    source_id: body.whole('source_id') ?? 0,
    object_id: body.whole('object_id') ?? 0,
    namespace: body.text('namespace'),
    table_name: body.text('table_name'),
    custom_join: body.text('custom_join'),
    source_cursor_field: body.text('source_cursor_field'),
    source_primary_key: body.text('source_primary_key'),
    sync_mode: body.text('sync_mode'),
    recurring: body.flag('recurring'),
    frequency: body.whole('frequency'),
    frequency_units: body.text('frequency_units'),
    field_mappings: (body.list('field_mappings') ?? []).map((item) => mappingOf(fieldsOf(item))),
  };
}

function mappingOf(item: Fields): Mapping {
  return {
    source_field_name: item.text('source_field_name') ?? '',
    source_field_type: item.text('source_field_type') ?? '',
    destination_field_id: item.whole('destination_field_id') ?? 0,
    is_json_field: item.flag('is_json_field') ?? false,
  };
}
