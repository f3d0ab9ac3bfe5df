import { expect, test } from 'vitest';
import { normalise } from '../../../src/core/spec/normalise.ts';
import type { JsonObject, Spec } from '../../../src/model/json.ts';
import { canonical } from '../../../src/providers/fabra/language/canonical.ts';
import { fabraSync } from '../../../src/providers/fabra/language/kind.ts';
import { rules } from '../../../src/providers/fabra/language/rules.ts';
import { answer, documented, spec } from './build.ts';

type Row = readonly [name: string, given: Spec, expected: JsonObject];

const { cursor_field, primary_key, ...common } = documented;
const mapping = { source_field_name: 'id', destination_field_id: 11 };

const rows: readonly Row[] = [
  [
    'the body of the API reference, in the words of the server',
    documented,
    { ...common, source_cursor_field: cursor_field, source_primary_key: primary_key },
  ],
  [
    'an answer without what only the server sets, and without what it says of every sync',
    answer,
    {
      status: 'active',
      end_customer_id: 'acme',
      display_name: 'a',
      source_id: 4,
      object_id: 2,
      namespace: 'public',
      table_name: 'orders',
      source_cursor_field: 'updated_at',
      source_primary_key: 'id',
      sync_mode: 'incremental_append',
      frequency: 1,
      field_mappings: [
        {
          source_field_name: 'id',
          source_field_type: 'INTEGER',
          destination_field_id: 11,
          destination_field_name: 'order_id',
          is_json_field: false,
        },
      ],
    },
  ],
  [
    'names stay names',
    spec({ source_id: null, source: 'Acme Postgres', destination: 'Warehouse', object_id: null, object: 'Orders' }),
    {
      display_name: 'Orders',
      end_customer_id: 'acme',
      source: 'Acme Postgres',
      destination: 'Warehouse',
      object: 'Orders',
      namespace: 'public',
      table_name: 'orders',
      field_mappings: [mapping],
    },
  ],
  [
    'null stays where it clears, and means "inherit" everywhere else',
    spec({
      namespace: null,
      table_name: null,
      custom_join: null,
      status: null,
      sync_mode: null,
      source_cursor_field: null,
      source_primary_key: null,
      recurring: null,
      frequency: null,
      frequency_units: null,
      destination_id: null,
      field_mappings: [{ ...mapping, source_field_type: null, is_json_field: null, destination_field_name: null }],
    }),
    spec({ namespace: null, table_name: null, custom_join: null }),
  ],
  [
    'both spellings: the one of the server counts',
    spec({ cursor_field: 'a', source_cursor_field: 'a', primary_key: 'k', source_primary_key: null }),
    spec({ source_cursor_field: 'a', source_primary_key: 'k' }),
  ],
];

test.each(rows)('%s', (_name, given, expected) => {
  const valid = rules.validate({ kind: 'FabraSync', name: 'one', spec: given });
  expect(valid ? [] : rules.validate.errors).toEqual([]);
  const once = canonical(given);
  expect(once).toEqual(expected);
  expect(canonical(once)).toEqual(once);
  // Every key is one that the core knows.
  expect(new Set(Object.keys(normalise(fabraSync.traits, once)))).toEqual(new Set(Object.keys(expected)));
});

test('an answer without mappings says null, which is none', () => {
  expect(canonical({ ...answer, field_mappings: null }).field_mappings).toEqual([]);
});
