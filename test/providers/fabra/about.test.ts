import { describe, expect, it } from 'vitest';
import type { Referent } from '../../../src/model/about.ts';
import type { JsonObject, Pointer } from '../../../src/model/json.ts';
import { aboutSync } from '../../../src/providers/fabra/language/about.ts';
import { fabraSync } from '../../../src/providers/fabra/language/kind.ts';

const nobody: Referent = { id: null, name: null, address: null };
const known: Readonly<Record<Pointer, Referent>> = {
  '/source_id': { id: '1', name: 'Customer BigQuery', address: null },
  '/destination_id': { id: '2', name: 'Warehouse', address: null },
  '/object_id': { id: '3', name: 'Events', address: null },
};
const about = (spec: JsonObject, names = known) =>
  aboutSync(fabraSync.canonical(spec), (into) => names[into] ?? nobody);

describe('what a Fabra sync is', () => {
  it('names table, object, mode and schedule', () => {
    const spec = { namespace: 'shop', table_name: 'events', sync_mode: 'full_append', recurring: false };
    expect(about(spec)).toEqual({
      source: { id: '1', name: 'Customer BigQuery', object: 'shop.events', address: null },
      destination: { id: '2', name: 'Warehouse', object: 'Events', address: null },
      operation: 'full_append',
      schedule: 'never',
    });
  });

  it('a join stands for the table that it replaces', () => {
    expect(about({ custom_join: 'select 1', namespace: 'shop', table_name: 'events' }).source?.object).toBe(
      'a custom join',
    );
  });

  it('what nobody can name keeps its id, and what is not said is null', () => {
    const object = { '/object_id': { id: '3', name: null, address: null } };
    expect(about({}, object)).toEqual({
      source: null,
      destination: { ...nobody, object: 'object 3' },
      operation: null,
      schedule: null,
    });
  });

  it.each<[string | null, JsonObject]>([
    ['every 30 minutes', { recurring: true, frequency: 30, frequency_units: 'minutes' }],
    ['hourly', { recurring: true, frequency: 1, frequency_units: 'hours' }],
    ['daily', { recurring: true, frequency: 1, frequency_units: 'days' }],
    ['every 2 weeks', { recurring: true, frequency: 2, frequency_units: 'weeks' }],
    [null, { recurring: true }],
    [null, { frequency: 1, frequency_units: 'hours' }],
    ['hourly, paused', { recurring: true, frequency: 1, frequency_units: 'hours', status: 'paused' }],
    ['paused', { status: 'paused' }],
    ['never', { recurring: false, status: 'paused' }],
  ])('runs %s', (words, spec) => {
    expect(about(spec).schedule).toBe(words);
  });
});
