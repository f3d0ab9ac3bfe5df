import { seedDestinations } from './default-seed-destinations.ts';
import { seedDatasets, seedSources } from './default-seed-sources.ts';
import type { SeedContent, SeedSync } from './seed.ts';

/** Syncs that somebody made by hand in the product: no manifest declares them. */
const seedSyncs: readonly SeedSync[] = [
  {
    id: 90001,
    label: 'Finance invoices to Sheets (by hand)',
    operation: 'mirror',
    status: 'Up to Date',
    source_attributes: {
      connection_id: 502,
      object: { type: 'table', table_catalog: 'acme-eu', table_schema: 'finance', table_name: 'invoices' },
    },
    destination_attributes: { connection_id: 605, object: '{"spreadsheet_id":"1AcmeFinance","sheet_id":"0"}' },
    mappings: [
      { from: { type: 'column', data: 'invoice_id' }, to: 'Invoice', is_primary_identifier: true },
      { from: { type: 'column', data: 'amount' }, to: 'Amount' },
      { from: { type: 'column', data: 'due_on' }, to: 'Due on' },
    ],
    mode: {
      type: 'triggered',
      triggers: { schedule: { frequency: 'expression', cron_expression: '0 6 * * 1,2,3,4,5' } },
    },
  },
  {
    id: 90002,
    label: 'Lead scores to Salesforce (trial)',
    operation: 'update',
    status: 'Failing',
    paused: true,
    source_attributes: { connection_id: 501, object: { type: 'model', id: 916 } },
    destination_attributes: { connection_id: 601, object: 'Lead' },
    mappings: [
      { from: { type: 'column', data: 'EMAIL' }, to: 'Email', is_primary_identifier: true },
      { from: { type: 'column', data: 'SCORE' }, to: 'Lead_Score__c' },
      { from: { type: 'constant_value', data: { value: 'scoring model', basic_type: 'text' } }, to: 'LeadSource' },
    ],
    mode: { type: 'triggered', triggers: { schedule: { frequency: 'never' } } },
    alert_attributes: [],
  },
  {
    id: 90003,
    label: 'Churn risk to Braze',
    operation: 'upsert',
    status: 'Up to Date',
    source_attributes: { connection_id: 501, filter_segment_id: 3302, object: { type: 'dataset', id: 5951 } },
    destination_attributes: { connection_id: 603, object: 'user' },
    mappings: [
      { from: { type: 'column', data: 'customer_id' }, to: 'external_id', is_primary_identifier: true },
      { from: { type: 'segment_membership', data: { identify_by: 'name' } }, to: 'segments' },
    ],
    mode: { type: 'triggered', triggers: { schedule: { frequency: 'daily', hour: 7 } } },
  },
];

/** What the emulator holds where nobody gives it a seed: workspace 4321, "Acme". */
export const defaultSeed: SeedContent = {
  sources: seedSources,
  datasets: seedDatasets,
  destinations: seedDestinations,
  syncs: seedSyncs,
};
