import { expect, test } from 'vitest';
import type { Json } from '../../../src/model/json.ts';
import { canonical } from '../../../src/providers/census/language/canonical.ts';
import { written } from '../../../src/providers/census/language/written.ts';

const constant = (value: Json, basic_type: string) => ({ type: 'constant_value', data: { value, basic_type } });

const forms: readonly (readonly [string, Json, Json])[] = [
  ['a column', { type: 'column', data: 'EMAIL' }, 'EMAIL'],
  ['a text', constant('x', 'text'), { constant: 'x' }],
  ['a text of digits', constant('007', 'text'), { constant: '007' }],
  ['a number', constant('5', 'number'), { constant: 5 }],
  [
    'a number that a double does not hold',
    constant('12345678901234567890', 'number'),
    { constant: '12345678901234567890', basic_type: 'number' },
  ],
  ['a flag', constant('true', 'boolean'), { constant: true }],
  ['another type', constant('2026-01-01', 'date'), { constant: '2026-01-01', basic_type: 'date' }],
  ['metadata', { type: 'sync_metadata', data: 'sync_run_id' }, { sync_metadata: 'sync_run_id' }],
  ['a segment', { type: 'segment_membership', data: { identify_by: 'name' } }, { segment_membership: 'name' }],
  ['a template', { type: 'liquid_template', data: '{{ a }}' }, { liquid_template: '{{ a }}' }],
  ['what has no short form', { type: 'hash', data: { column: 'EMAIL' } }, { type: 'hash', data: { column: 'EMAIL' } }],
];

test.each(forms)('%s is written short, and means the same', (_title, from, short) => {
  const spec = { mappings: [{ from, to: 'Field', is_primary_identifier: true }] };
  expect(written(spec)).toEqual({ mappings: [{ from: short, to: 'Field', primary: true }] });
  expect(canonical(written(spec))).toEqual(spec);
});
