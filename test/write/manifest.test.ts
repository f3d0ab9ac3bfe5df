import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseYaml } from '../../src/load/yaml.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { formatted } from '../../src/write/format.ts';
import { manifestText } from '../../src/write/manifest.ts';
import { json, key } from './values.ts';

test('a new manifest has its keys in the order of the schema, quotes where they are needed, and what is short on one line', () => {
  const text = manifestText({
    schema: '../schemas/sync.schema.json',
    lifecycle: { adopt: true },
    spec: {
      mode: { triggers: { schedule: { minute: 30, hour: 6, frequency: 'daily' } }, type: 'triggered' },
      mappings: [
        { to: 'Email', primary: true, from: 'EMAIL' },
        { to: 'Code', from: { constant: '1.10' } },
        { to: 'a, b', from: { liquid_template: "{{ record['city'] }}" } },
      ],
      alert_attributes: [
        {
          options: { threshold: 20 },
          type: 'InvalidRecordPercentAlertConfiguration',
          should_send_recovery: true,
          send_for: 'first_time',
        },
      ],
      destination_attributes: { object: 'Contact', connection: 'Salesforce' },
      source_attributes: { object: { table_name: 'USERS', type: 'table' }, connection: 'no' },
      operation: 'upsert',
      label: 'Users to CRM: all',
    },
    targets: ['production'],
    name: 'users-to-crm',
    kind: 'CensusSync',
  });
  expect(text).toBe(`# yaml-language-server: $schema=../schemas/sync.schema.json
kind: CensusSync
name: users-to-crm
targets: [production]
lifecycle: { adopt: true }
spec:
  label: "Users to CRM: all"
  operation: upsert
  source_attributes:
    connection: "no"
    object: { type: table, table_name: USERS }
  destination_attributes: { connection: Salesforce, object: Contact }
  mappings:
    - { from: EMAIL, to: Email, primary: true }
    - { from: { constant: "1.10" }, to: Code }
    - { from: { liquid_template: "{{ record['city'] }}" }, to: "a, b" }
  mode:
    type: triggered
    triggers:
      schedule: { frequency: daily, hour: 6, minute: 30 }
  alert_attributes:
    - type: InvalidRecordPercentAlertConfiguration
      send_for: first_time
      should_send_recovery: true
      options: { threshold: 20 }
`);
});

test('a query of several lines stands below its key', () => {
  const spec = { name: 'Active', type: 'sql', query: "select *\n  from users\nwhere plan <> '#free'", source: 'Prod' };
  expect(manifestText({ kind: 'CensusDataset', name: 'active', spec })).toBe(`kind: CensusDataset
name: active
spec:
  name: Active
  type: sql
  source: Prod
  query: |-
    select *
      from users
    where plan <> '#free'
`);
});

test('whatever a manifest says, it loads as that and without a remark', () => {
  fc.assert(
    fc.property(fc.dictionary(key, json), (spec) => {
      const text = manifestText({ kind: 'Box', name: 'any', spec: spec as JsonObject });
      const { documents, problems } = parseYaml(text);
      expect(problems).toEqual([]);
      expect(documents?.map((one) => one.value)).toEqual([{ kind: 'Box', name: 'any', spec }]);
    }),
    { numRuns: 500 },
  );
});

test('a new manifest is in canonical form', () => {
  fc.assert(
    fc.property(fc.dictionary(key, json), (spec) => {
      const text = manifestText({ kind: 'CensusSync', name: 'any', spec: spec as JsonObject });
      expect(formatted(text)).toBe(text);
    }),
    { numRuns: 300 },
  );
});
