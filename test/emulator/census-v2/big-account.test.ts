import { expect, it } from 'vitest';
import { byCodePoint } from '../../../src/core/stable.ts';
import { isList, isObject, type Json, type JsonObject, objectAt } from '../../../src/emulator/json.ts';
import { bigAccount } from '../../support/big-account.ts';
import { account, items } from './support.ts';

const sorted = (texts: Iterable<unknown>) => [...new Set(texts)].map(String).sort(byCodePoint);

it('the big account is what it says', async () => {
  const { service, v2 } = account({}, { seed: bigAccount });
  const syncs = items(await v2('GET', '/syncs?per_page=100'));
  expect(syncs).toHaveLength(60);
  expect(items(await v2('GET', '/datasets?type=sql&per_page=100'))).toHaveLength(20);
  const objects = syncs.map((sync) => objectAt(objectAt(sync, 'source_attributes'), 'object'));
  expect(sorted(objects.map(({ type }) => type))).toEqual([
    ...['business_object_source', 'cohort_source', 'filter_segment_source', 'model', 'table', 'topic'],
  ]);
  const mapped = syncs.flatMap(({ mappings }) => (isList(mappings) ? mappings.filter(isObject) : []));
  expect(sorted(mapped.map((mapping) => objectAt(mapping, 'from').type))).toEqual([
    ...['column', 'compound_key', 'constant_value', 'liquid_template', 'segment_membership', 'sync_metadata'],
  ]);
  const triggers = syncs.map((sync) => objectAt(objectAt(sync, 'mode'), 'triggers'));
  expect(sorted(triggers.flatMap(Object.keys))).toEqual(['dbt_cloud', 'fivetran', 'schedule', 'sync_sequence']);
  expect(sorted(triggers.map(({ schedule }) => isObject(schedule) && schedule.frequency))).toEqual([
    ...['continuous', 'daily', 'expression', 'hourly', 'never', 'quarter_hourly', 'weekly'],
  ]);
  const activations = items(await v2('GET', '/activations?per_page=100'));
  expect(activations.length).toBe(sorted(syncs.map(({ activation_id }) => activation_id)).length);
  expect(sourcesOf(activations, 'CRM').filter((name) => name !== 'Events')).toEqual([
    ...['Postgres', 'Redshift', 'Snowflake', 'Snowflake'],
  ]);
  expect(sourcesOf(activations, 'Audience')).toEqual(['Snowflake', 'Snowflake']);
  const labels = (workspace: number) => service.syncs(workspace).map(({ label }) => String(label));
  expect(labels(4322)).toEqual(['Sync 1', 'Sync 2']);
  expect(labels(4321)).toEqual(expect.arrayContaining(labels(4322)));
  expect(new Set(labels(4321)).size).toBe(58);
});

/** The sources of the activations that have this name. */
function sourcesOf(activations: readonly JsonObject[], called: Json): readonly string[] {
  const own = activations.filter(({ name }) => name === called);
  return own.map((one) => String(objectAt(one, 'source').name)).sort(byCodePoint);
}
