import type { JsonObject } from '../../../src/model/json.ts';
import { canonical } from '../../../src/providers/fabra/language/canonical.ts';
import { type ContractFacts, providerContract } from '../contract.ts';
import { fabraWorld } from './world.ts';

const spec: JsonObject = {
  display_name: 'Contract',
  end_customer_id: 'abc123',
  source_id: 1,
  destination_id: 2,
  object_id: 2,
  namespace: 'shop',
  table_name: 'orders',
  status: 'active',
  frequency: 6,
  frequency_units: 'hours',
};
const typed = [
  { source_field_name: 'id', source_field_type: 'INTEGER', destination_field_id: 11 },
  { source_field_name: 'changed', source_field_type: 'TIMESTAMP', destination_field_name: 'changed_at' },
];
const named = [
  { source_field_name: 'id', destination_field_name: 'order_id' },
  { source_field_name: 'changed', destination_field_name: 'changed_at' },
];

function facts(body: JsonObject): Omit<ContractFacts, 'updates' | 'deletes' | 'deletedTwice'> {
  return {
    kind: 'FabraSync',
    desired: canonical(body),
    labelled: (label) => canonical({ ...body, display_name: label }),
    change: { desired: canonical({ ...body, status: 'paused' }), path: '/status' },
    refused: canonical({ ...body, object_id: 999 }),
    harmless: ['POST /link_token'],
    nobody: '987654321',
    named: { collection: 'sources', within: 'abc123', name: 'Customer BigQuery' },
    unlistable: 'end_customers',
  };
}

providerContract('Fabra, the server as it is', () => fabraWorld({ profile: 'as-traced' }), {
  ...facts({ ...spec, sync_mode: 'full_overwrite', field_mappings: typed }),
  updates: 'hidden',
  deletes: 'hidden',
  deletedTwice: 'unknown',
});

providerContract('Fabra, the server as it was meant', () => fabraWorld({ profile: 'as-intended' }), {
  ...facts({ ...spec, sync_mode: 'full_overwrite', field_mappings: typed }),
  updates: 'shown',
  deletes: 'shown',
  deletedTwice: 'unknown',
});

for (const profile of ['as-traced', 'as-intended'] as const) {
  providerContract(`Fabra as documented, ${profile}`, () => fabraWorld({ profile, dialect: 'documented' }), {
    ...facts({ ...spec, field_mappings: named }),
    updates: 'refused',
    deletes: 'refused',
    deletedTwice: 'refused',
  });
}
