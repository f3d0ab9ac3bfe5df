import { describe, expect, test } from 'vitest';
import type { JsonObject, Spec } from '../../../src/model/json.ts';
import { valueAt } from '../../../src/model/json.ts';
import { rules } from '../../../src/providers/fabra/language/rules.ts';
import { answer, documented, documentedAnswer, spec } from './build.ts';

/** `error code /path` or `warning code /path`, in the order of the rules. */
function problems(given: Spec): string[] {
  const valid = rules.validate({ kind: 'FabraSync', name: 'one', spec: given });
  expect(valid ? [] : rules.validate.errors).toEqual([]);
  const found = rules.check(given, { liquid: undefined });
  for (const one of found) {
    expect(one.path.startsWith('/spec')).toBe(true);
    expect(valueAt({ spec: given }, one.path)).toBeDefined();
    expect(one.message).toMatch(/\.$/);
    expect(one.hint).toMatch(/\.$/);
  }
  return found.map((one) => `${one.severity} ${one.code} ${one.path.slice('/spec'.length)}`);
}

const cursor = 'updated_at';
const hourly = { recurring: true, frequency: 1, frequency_units: 'hours' };
const to = (target: JsonObject, source = 'id') => ({ source_field_name: source, ...target });
const mapped = (...field_mappings: readonly JsonObject[]) => spec({ field_mappings });
const joined = (custom_join: string, sync_mode = 'incremental_append') =>
  spec({ custom_join, sync_mode, source_cursor_field: cursor });

const rows: readonly (readonly [name: string, given: Spec, expected: readonly string[]])[] = [
  ['a plain sync', spec(), []],
  ['the body of the API reference', documented, []],
  ['the answer of the API reference', documentedAnswer, ['warning server-field /id']],
  [
    'an answer of the server',
    answer,
    [
      'warning server-field /id',
      'warning server-field /organization_id',
      'warning server-field /cursor_position',
      'warning server-field /next_run_time',
      'warning server-field /sync_runs',
      'warning answer-form /recurring',
      'warning server-field /field_mappings/0/destination_field_type',
      'warning id-and-name /field_mappings/0/destination_field_name',
    ],
  ],

  ['a namespace alone', spec({ table_name: null }), ['error table-pair /namespace']],
  ['a table alone', spec({ namespace: null }), ['error table-pair /table_name']],
  [
    'a table alone, beside a join',
    spec({ namespace: null, custom_join: 'select 1' }),
    ['error table-pair /table_name'],
  ],
  ['neither table nor join', spec({ namespace: null, table_name: null }), ['error nothing-to-read ']],
  ['a join alone', spec({ namespace: null, table_name: null, custom_join: 'select 1' }), []],

  [
    'a cursor in two spellings that differ',
    spec({ cursor_field: 'a', source_cursor_field: 'b' }),
    ['error two-spellings /cursor_field'],
  ],
  [
    'a primary key in two spellings that differ',
    spec({ primary_key: 'a', source_primary_key: 'b' }),
    ['error two-spellings /primary_key'],
  ],
  ['two spellings that agree', spec({ primary_key: 'a', source_primary_key: 'a' }), []],
  ['an empty spelling beside a full one', spec({ primary_key: null, source_primary_key: 'a' }), []],

  ['hourly', spec(hourly), []],
  ['recurring without anything', spec({ recurring: true }), ['warning recurring-needs-frequency /recurring']],
  ['without units', spec({ ...hourly, frequency_units: null }), ['warning recurring-needs-frequency /recurring']],
  ['every half hour', spec({ recurring: true, frequency: 30, frequency_units: 'minutes' }), []],
  [
    'more often than that',
    spec({ recurring: true, frequency: 29, frequency_units: 'minutes' }),
    ['error frequency-too-short /frequency'],
  ],
  [
    'if the object says so',
    spec({ frequency: 29, frequency_units: 'minutes' }),
    ['warning frequency-too-short /frequency'],
  ],
  [
    'but not where it never runs by the clock',
    spec({ recurring: false, frequency: 29, frequency_units: 'minutes' }),
    [],
  ],
  ['a paused one that is recurring: whether it is new only a plan knows', spec({ ...hourly, status: 'paused' }), []],
  ['a paused one that is not', spec({ status: 'paused', recurring: false }), []],

  ['an incremental mode without a cursor', spec({ sync_mode: 'incremental_update' }), ['warning no-cursor /sync_mode']],
  ['with a cursor in the documented spelling', spec({ sync_mode: 'incremental_update', cursor_field: cursor }), []],
  ['a whole mode needs none', spec({ sync_mode: 'full_overwrite' }), []],
  ['a semicolon at the end', joined('select 1 from a; \n'), ['warning join-semicolon /custom_join']],
  ['a semicolon elsewhere', joined("select ';' from a"), []],
  ['a WHERE of its own', joined('select 1 from a\nWhere b > 1'), ['warning join-where /custom_join']],
  [
    'a WHERE after parentheses',
    joined('select 1 from (select 2) as a where true'),
    ['warning join-where /custom_join'],
  ],
  ['a WHERE inside of parentheses', joined('select 1 from (select 2 from a where (b > 1)) as rows'), []],
  [
    'a WHERE in texts, names and comments',
    joined(`select 'where', "where", 'it''s where' -- where\n from a /* where */`),
    [],
  ],
  ['a name that only begins so', joined('select whereabouts from a'), []],
  ['in a whole mode the text is sent as it is', joined('select 1 from a where true;', 'full_overwrite'), []],

  [
    'two mappings of one field, by id',
    mapped(to({ destination_field_id: 11 }), to({ destination_field_id: 11 }, 'b')),
    ['error duplicate-mapping /field_mappings/1/destination_field_id'],
  ],
  [
    'two mappings of one field, by name, one of them into JSON',
    mapped(to({ destination_field_name: 'a', is_json_field: true }), to({ destination_field_name: 'a' }, 'b')),
    ['error duplicate-mapping /field_mappings/1/destination_field_name'],
  ],
  [
    'several columns in one JSON field',
    mapped(
      to({ destination_field_name: 'a', is_json_field: true }),
      to({ destination_field_name: 'a', is_json_field: true }, 'b'),
    ),
    [],
  ],
  [
    'a field by id and by name',
    mapped(to({ destination_field_id: 11, destination_field_name: 'a' })),
    ['warning id-and-name /field_mappings/0/destination_field_name'],
  ],
  ['one column in two fields', mapped(to({ destination_field_id: 11 }), to({ destination_field_id: 12 })), []],
];

describe('offline checks', () => {
  test.each(rows)('%s', (_name, given, expected) => {
    expect(problems(given)).toEqual(expected);
  });
});
