import type { Mapping, Sync } from '../state.ts';

/** The widths of the columns, in characters. */
const widths = {
  display_name: 255,
  end_customer_id: 256,
  namespace: 255,
  table_name: 255,
  custom_join: Infinity,
  source_cursor_field: 255,
  source_primary_key: 255,
  sync_mode: 32,
  frequency_units: 32,
} as const;

type Row = Pick<Sync, keyof typeof widths | 'frequency'>;

/** Whether the database takes the row: texts by width and without NUL, the frequency by 32 bits. */
export function fitsColumns(row: Row): boolean {
  return (
    fitsText(row.display_name, widths.display_name) &&
    fitsText(row.end_customer_id, widths.end_customer_id) &&
    fitsText(row.namespace, widths.namespace) &&
    fitsText(row.table_name, widths.table_name) &&
    fitsText(row.custom_join, widths.custom_join) &&
    fitsText(row.source_cursor_field, widths.source_cursor_field) &&
    fitsText(row.source_primary_key, widths.source_primary_key) &&
    fitsText(row.sync_mode, widths.sync_mode) &&
    fitsText(row.frequency_units, widths.frequency_units) &&
    (row.frequency === null || (row.frequency | 0) === row.frequency)
  );
}

export function fitsMapping(mapping: Mapping): boolean {
  return fitsText(mapping.source_field_name, 255) && fitsText(mapping.source_field_type, 128);
}

function fitsText(text: string | null, width: number): boolean {
  return text === null || (!text.includes('\0') && (text.length <= width || [...text].length <= width));
}
