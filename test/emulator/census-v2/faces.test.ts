import { describe, expect, it } from 'vitest';
import { account, activationOf, data, items, syncBody } from './support.ts';

describe('two faces of one account', () => {
  it('a sync made through version 2 is the same row through version 1', async () => {
    const { v1, v2 } = account();
    const activation = await activationOf(v2, 'Snowflake Prod', 'Salesforce');
    const made = await v2('POST', '/syncs', syncBody(activation));
    expect(made).toMatchObject({ status: 201, body: { status: 'created' } });
    const path = `/syncs/${String(data(made).sync_id)}`;
    const older = data(await v1('GET', path));
    expect(older.source_attributes).toMatchObject({ connection_id: 501 });
    expect(older.destination_attributes).toMatchObject({ connection_id: 601, object: 'Contact' });
    const { connection_id: _, ...from } = older.source_attributes as Record<string, never>;
    const { connection_id: __, ...into } = older.destination_attributes as Record<string, never>;
    const newer = data(await v2('GET', path));
    expect(newer).toEqual({
      ...older,
      activation_id: activation,
      source_attributes: from,
      destination_attributes: into,
    });
  });

  it('a sync made and changed through version 1 is seen through version 2, and what is deleted there is gone here', async () => {
    const { v1, v2 } = account();
    const before = items(await v2('GET', '/syncs?order=asc'));
    const [first] = before;
    await v1('PATCH', `/syncs/${String(first?.id)}`, { label: 'Renamed' });
    expect(data(await v2('GET', `/syncs/${String(first?.id)}`)).label).toBe('Renamed');
    expect(await v2('DELETE', `/syncs/${String(first?.id)}`)).toEqual({ status: 200, body: { status: 'deleted' } });
    expect(await v1('GET', `/syncs/${String(first?.id)}`)).toMatchObject({ status: 404 });
    expect(items(await v2('GET', '/syncs'))).toHaveLength(before.length - 1);
  });
});
