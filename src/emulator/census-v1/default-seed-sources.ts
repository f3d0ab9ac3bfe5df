import type { SeedColumn, SeedDataset, SeedSource } from './seed.ts';

/** `name` or `name:type`. */
function columns(...names: readonly string[]): readonly SeedColumn[] {
  return names.map((text) => {
    const [name = text, type = 'text'] = text.split(':');
    return { name, type };
  });
}

const people = columns(
  'id:integer',
  'email',
  'first_name',
  'last_name',
  'phone',
  'city',
  'country',
  'company',
  'plan',
  'lifetime_value:number',
  'tags',
  'created_at:timestamp',
  'updated_at:timestamp',
);
const orders = columns(
  'order_id:integer',
  'customer_id:integer',
  'email',
  'amount:number',
  'currency',
  'status',
  'gclid',
  'ordered_at:timestamp',
  'updated_at:timestamp',
);
const customers = columns(
  'customer_id:integer',
  'email',
  'hashed_email',
  'first_name',
  'last_name',
  'phone',
  'city',
  'country',
  'plan',
  'lifetime_value:number',
  'tags',
  'signed_up_at:timestamp',
  'last_seen_at:timestamp',
);

export const seedSources: readonly SeedSource[] = [
  {
    id: 501,
    name: 'Snowflake Prod',
    type: 'snowflake',
    tables: [
      { id: 7731, table_catalog: 'analytics', table_schema: 'public', table_name: 'users', columns: people },
      { id: 7732, table_catalog: 'analytics', table_schema: 'public', table_name: 'orders', columns: orders },
      {
        id: 7733,
        table_catalog: 'analytics',
        table_schema: 'public',
        table_name: 'accounts',
        columns: columns(
          'account_id',
          'name',
          'domain',
          'industry',
          'employees:integer',
          'arr:number',
          'owner_email',
          'updated_at:timestamp',
        ),
      },
      {
        id: 7734,
        table_catalog: 'analytics',
        table_schema: 'public',
        table_name: 'ad_conversions',
        columns: columns(
          'gclid',
          'conversion_action',
          'converted_at:timestamp',
          'value:number',
          'currency',
          'order_id',
        ),
      },
    ],
    models: [
      {
        id: 15,
        name: 'braze_test',
        query: 'select customer_id, email, plan, city from analytics.public.users',
        columns: columns('customer_id', 'email', 'plan', 'city'),
      },
      {
        id: 915,
        name: 'orders_export',
        query: 'select * from analytics.public.orders',
        columns: columns(
          'ORDER_ID:integer',
          'CUSTOMER_ID:integer',
          'EMAIL',
          'AMOUNT:number',
          'CURRENCY',
          'STATUS',
          'ORDERED_AT:timestamp',
          'UPDATED_AT:timestamp',
        ),
      },
      {
        id: 916,
        name: 'lead_scores',
        query: 'select email, score from analytics.public.scores',
        columns: columns('EMAIL', 'SCORE:number', 'SCORED_AT:timestamp'),
      },
    ],
    segments: [
      { id: 3301, name: 'VIP customers', dataset_id: 8123, record_count: 1204 },
      { id: 3302, name: 'Churn risk', dataset_id: 5951, record_count: 386 },
    ],
    cohorts: [{ id: 77, dataset_id: 8123 }],
  },
  {
    id: 502,
    name: 'BigQuery EU',
    type: 'big_query',
    tables: [
      { id: 7801, table_catalog: 'acme-eu', table_schema: 'marketing', table_name: 'contacts', columns: people },
      {
        id: 7802,
        table_catalog: 'acme-eu',
        table_schema: 'finance',
        table_name: 'invoices',
        columns: columns('invoice_id', 'account_id', 'amount:number', 'currency', 'due_on:date', 'paid_at:timestamp'),
      },
    ],
    models: [
      {
        id: 921,
        name: 'eu_orders',
        query: 'select order_id, email, amount from shop.orders',
        columns: columns('order_id:integer', 'email', 'amount:number', 'updated_at:timestamp'),
      },
    ],
  },
  {
    id: 503,
    name: 'Kafka Events',
    type: 'kafka',
    topics: [
      { id: 3, name: 'page_views' },
      { id: 4, name: 'checkouts' },
    ],
  },
];

export const seedDatasets: readonly SeedDataset[] = [
  {
    id: 5951,
    source_id: 501,
    name: 'all customers',
    query: 'select * from analytics.core.customers',
    columns: customers,
    cached_record_count: 48210,
  },
  {
    id: 8123,
    source_id: 501,
    name: 'active customers',
    query: 'select * from analytics.core.active_customers',
    columns: customers,
    cached_record_count: 17345,
  },
  {
    id: 8124,
    source_id: 501,
    name: 'customer identities',
    type: 'entity_resolution',
    columns: columns('identity_id', 'customer_id', 'email'),
  },
  { id: 8130, source_id: 502, name: 'eu customers', query: 'select * from core.customers', columns: customers },
];
