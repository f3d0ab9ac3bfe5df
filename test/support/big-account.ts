import type { CensusSeed, SeedSync } from '../../src/emulator/census-v1/seed.ts';
import type { JsonObject } from '../../src/emulator/json.ts';

const columns = ['id', 'email', 'name', 'city', 'plan', 'team', 'updated_at'];

/** Ids of the warehouses, each with its tables, models and datasets; the first one has segments and cohorts too. */
const [snowflake, redshift, postgres, kafka] = [501, 502, 503, 504];
const warehouses = [
  { id: snowflake, name: 'Snowflake', type: 'snowflake', first: 0, datasets: 8 },
  { id: redshift, name: 'Redshift', type: 'redshift', first: 8, datasets: 6 },
  { id: postgres, name: 'Postgres', type: 'postgres', first: 14, datasets: 6 },
];
const [crm, mail, audience, twin, bucket, teams] = [601, 602, 603, 604, 605, 606];

const datasets = warehouses.flatMap(({ id: source_id, name, first, datasets: count }) =>
  Array.from({ length: count }, (_, index) => ({
    id: 801 + first + index,
    source_id,
    name: `${name} dataset ${index + 1}`,
    type: 'sql',
    query: `select ${columns.join(', ')} from people_${index + 1}`,
    columns,
  })),
);

function datasetOf(source: number, turn: number): number {
  const own = datasets.filter(({ source_id }) => source_id === source);
  return own[turn % own.length]?.id ?? 0;
}

/** What a sync reads, kind by kind. Only the first warehouse has segments and cohorts, and only Kafka has topics. */
const reads: readonly ((source: number, turn: number) => JsonObject)[] = [
  (connection_id) => ({ connection_id, object: { type: 'table', id: connection_id * 10 } }),
  (connection_id, turn) => ({ connection_id, object: { type: 'dataset', id: datasetOf(connection_id, turn) } }),
  (connection_id) => ({ connection_id, object: { type: 'model', id: connection_id * 10 + 1 } }),
  () => ({ connection_id: kafka, object: { type: 'topic', id: 5045 } }),
  () => ({ connection_id: snowflake, object: { type: 'dataset', id: 801 }, filter_segment_id: 5012 }),
  () => ({ connection_id: snowflake, object: { type: 'dataset', id: 801 }, cohort_id: 5013 }),
];

const triggers: readonly JsonObject[] = [
  { schedule: { frequency: 'never' } },
  { schedule: { frequency: 'continuous' } },
  { schedule: { frequency: 'quarter_hourly' } },
  { schedule: { frequency: 'hourly', minute: 20 } },
  { schedule: { frequency: 'daily', hour: 6, minute: 0 } },
  { schedule: { frequency: 'weekly', day: 'Monday', hour: 5, minute: 30 } },
  { schedule: { frequency: 'expression', cron_expression: '15 */4 * * 1,2,3,4,5' } },
  { dbt_cloud: { project_id: '41', job_id: '7' } },
  { fivetran: { job_id: 'connector_one', job_name: 'Salesforce' } },
  { sync_sequence: { sync_id: 90001 } },
];

const identifier = { from: { type: 'column', data: 'email' }, to: 'Email', is_primary_identifier: true };
const mappings: readonly JsonObject[] = [
  { from: { type: 'column', data: 'name' }, to: 'Name', sync_null_values: false },
  { from: { type: 'constant_value', data: { value: 'warehouse', basic_type: 'text' } }, to: 'Origin' },
  { from: { type: 'sync_metadata', data: 'sync_run_id' }, to: 'Last_Run' },
  { from: { type: 'liquid_template', data: "{{ record['city'] | upcase }}" }, to: 'City' },
  { from: { type: 'segment_membership', data: { identify_by: 'name' } }, to: 'Segments' },
  { from: { type: 'constant_value', data: { value: true, basic_type: 'boolean' } }, to: 'Known' },
  { from: { type: 'column', data: 'plan' }, to: 'Plan', lookup_object: 'Plan', lookup_field: 'Code' },
];

/** What syncs say besides, each in turn. */
const rest: readonly JsonObject[] = [
  { operation: 'upsert' },
  { operation: 'update', paused: true, alert_attributes: [] },
  { operation: 'mirror', mirror_strategy: 'sync_updates_and_nulls' },
  {
    operation: 'upsert',
    field_order: 'mapping_order',
    alert_attributes: [
      { type: 'FailureAlertConfiguration', send_for: 'every_time', should_send_recovery: false, options: {} },
    ],
  },
  { operation: 'append', high_water_mark_attribute: 'updated_at', historical_sync_operation: 'skip_current_records' },
];

/** A sync of the first workspace. Warehouses take turns; the destination of all three is the CRM. */
function syncAt(index: number): SeedSync {
  const source = warehouses[Math.floor(index / reads.length) % warehouses.length]?.id ?? snowflake;
  const read = reads[index % reads.length];
  // Kinds and triggers have no common divisor with the mappings, so that they meet in many ways.
  const mapped = Array.from({ length: 3 }, (_, step) => mappings[(index + step) % mappings.length] ?? {});
  const into = index % 3 === 2 ? mail : crm;
  return {
    id: 90_001 + index,
    label: `Sync ${index + 1}`,
    source_attributes: read?.(source, index) ?? {},
    destination_attributes: { connection_id: into, object: into === crm ? 'Contact' : 'contact' },
    mappings: [identifier, ...mapped],
    // The sequences follow the first sync, which has a schedule.
    mode: { type: 'triggered', triggers: triggers[index % triggers.length] ?? {} },
    ...rest[index % rest.length],
  };
}

function special(id: number, label: string, into: JsonObject, more: JsonObject = {}): SeedSync {
  return {
    id,
    label,
    operation: 'upsert',
    source_attributes: { connection_id: snowflake, object: { type: 'table', id: snowflake * 10 } },
    destination_attributes: into,
    mappings: [identifier],
    ...more,
  };
}

const specials: readonly SeedSync[] = [
  special(90_101, 'Buyers to the first audience', { connection_id: audience, object: 'audience' }),
  special(90_102, 'Buyers to the second audience', { connection_id: twin, object: 'audience' }),
  special(90_103, 'Everything to files', { connection_id: bucket, object: 'exports/%Y.csv' }, { operation: 'append' }),
  special(
    90_104,
    'Members of teams',
    { connection_id: teams, object: 'Membership' },
    {
      mappings: [
        { from: { type: 'column', data: 'email' }, to: 'member' },
        { from: { type: 'column', data: 'team' }, to: 'team' },
      ],
    },
  ),
  special(
    90_105,
    'All columns',
    { connection_id: crm, object: 'Contact' },
    {
      field_behavior: 'sync_all_properties',
      field_normalization: 'start_case',
    },
  ),
];

/**
 * An account with everything at once, in two workspaces: 60 syncs, 20 SQL datasets, every kind of source, mapping and trigger, three
 * warehouses that share a destination, twins (two destinations of one name that one source uses), a key that the server makes, and a
 * label that both workspaces have.
 */
export const bigAccount: CensusSeed = {
  workspaces: [
    {
      id: 4321,
      name: 'Big',
      sources: [
        ...warehouses.map(({ id, name, type }) => ({
          ...{ id, name, type },
          tables: [{ id: id * 10, table_catalog: 'analytics', table_schema: 'public', table_name: 'people', columns }],
          models: [{ id: id * 10 + 1, name: `${name} model`, query: 'select * from people', columns }],
          segments: id === snowflake ? [{ id: 5012, name: 'Buyers', dataset_id: 801 }] : [],
          cohorts: id === snowflake ? [{ id: 5013, dataset_id: 801 }] : [],
        })),
        { id: kafka, name: 'Events', type: 'kafka', topics: [{ id: 5045, name: 'people' }] },
      ],
      datasets,
      destinations: [
        { id: crm, name: 'CRM', type: 'salesforce' },
        { id: mail, name: 'Mail', type: 'hubspot' },
        { id: audience, name: 'Audience', type: 'facebook' },
        { id: twin, name: 'Audience', type: 'facebook' },
        { id: bucket, name: 'Bucket', type: 's3' },
        {
          id: teams,
          name: 'Teams',
          type: 'salesforce',
          objects: [
            {
              full_name: 'Membership',
              fields: ['member', 'team', 'key'],
              compound_key: { to: 'key', fields: ['member', 'team'] },
            },
          ],
        },
      ],
      syncs: [...Array.from({ length: 53 }, (_, index) => syncAt(index)), ...specials],
    },
    {
      id: 4322,
      name: 'Small',
      sources: [{ id: 551, name: 'Snowflake', type: 'snowflake' }],
      destinations: [{ id: 651, name: 'CRM', type: 'salesforce' }],
      syncs: [1, 2].map((number) => ({
        ...special(95_000 + number, `Sync ${number}`, { connection_id: 651, object: 'Contact' }),
        source_attributes: {
          connection_id: 551,
          object: { type: 'table', table_catalog: 'c', table_schema: 's', table_name: 'people' },
        },
      })),
    },
  ],
};
