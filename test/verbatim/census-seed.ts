import type { CensusSeed, SeedSync } from '../../src/emulator/census-v1/seed.ts';

/** An account in which every documented body can be created. Ids are those of the reference's shapes, names are made up. */
export function accountWith(syncs: readonly SeedSync[]): CensusSeed {
  return {
    sources: [
      {
        id: 501,
        name: 'Warehouse',
        type: 'snowflake',
        tables: [{ id: 7731, table_catalog: 'analytics', table_schema: 'public', table_name: 'users' }],
        models: [
          { id: 915, name: 'orders_export', query: 'select * from analytics.orders' },
          { id: 916, name: 'lead_scores', query: 'select * from analytics.scores' },
        ],
        segments: [{ id: 3301, name: 'VIP', dataset_id: 8123 }],
        cohorts: [{ id: 77, dataset_id: 8123 }],
        topics: [{ id: 3, name: 'clicks' }],
      },
    ],
    datasets: [{ id: 8123, source_id: 501, name: 'Customers' }],
    destinations: [
      { id: 502, name: 'CRM', type: 'salesforce' },
      { id: 503, name: 'Marketing', type: 'hubspot' },
      { id: 504, name: 'Ads', type: 'facebook' },
      { id: 505, name: 'Bucket', type: 's3' },
      { id: 506, name: 'Sheets', type: 'google_sheets' },
      {
        id: 507,
        name: 'Conversions',
        type: 'google_ads',
        objects: [
          {
            full_name: 'click_conversion',
            supported_operations: ['append', 'insert'],
            compound_key: { to: 'click_conversion._census_tracking_id', fields: ['gclid', 'at'] },
          },
        ],
      },
    ],
    syncs: [
      {
        id: 90000,
        label: 'parent',
        operation: 'upsert',
        source_attributes: { connection_id: 501, object: { type: 'table', id: 7731 } },
        destination_attributes: { connection_id: 502, object: 'Contact' },
        mappings: [{ from: { type: 'column', data: 'id' }, to: 'Id', is_primary_identifier: true }],
      },
      ...syncs,
    ],
  };
}
