import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CensusEmulator, startCensusV1 } from '../../src/emulator/census-v1/server.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { syncline } from '../support/processes.ts';
import { accountWith } from '../verbatim/census-seed.ts';

/** A pasted manifest: what it is about, the text below `spec:`, and the warnings that it gets. */
interface Paste {
  readonly title: string;
  readonly spec: string;
  readonly warnings: readonly string[];
  readonly lifecycle?: string;
}

const email = { from: { type: 'column', data: 'email' }, to: 'Email', is_primary_identifier: true };
const users = { type: 'table', table_catalog: 'analytics', table_schema: 'public', table_name: 'users' };

function body(label: string, over: JsonObject = {}): JsonObject {
  return {
    label,
    operation: 'upsert',
    source_attributes: { connection_id: 501, object: users },
    destination_attributes: { connection_id: 502, object: 'Contact' },
    mappings: [email],
    ...over,
  };
}

function from(source: JsonObject): JsonObject {
  return { source_attributes: { connection_id: 501, ...source } };
}

/** JSON below `spec:`, as an editor indents what is pasted. */
function paste(title: string, over: JsonObject, warnings: readonly string[] = [], lifecycle?: string): Paste {
  const text = JSON.stringify(body(title, over), null, 2).replaceAll('\n', '\n  ');
  return { title, spec: `\n  ${text}\n`, warnings, ...(lifecycle === undefined ? {} : { lifecycle }) };
}

const mark = { use_high_water_mark_diff_type: true, column_name: 'updated_at' };
const model = { type: 'model', name: 'orders_export' };
const inside = { type: 'filter_segment_source', id: 70555, dataset_id: 8123, filter_segment_id: 3301 };
const adopt = 'lifecycle: { adopt: true }\n';

/** Live syncs of which the answers show half of what identifies their source. */
const live = [
  { id: 91_001, ...body('a model answered by its name', { ...from({ object: model }), alert_attributes: [] }) },
  { id: 91_002, ...body('a segment answered inside', { ...from({ object: inside }), alert_attributes: [] }) },
];

const pastes: readonly Paste[] = [
  paste('a mirror with a high-water mark', { operation: 'mirror', high_water_mark_attributes: mark }, ['needs-append']),
  paste(
    'a flat schedule with everything',
    { schedule_frequency: 'daily', schedule_day: 'Monday', schedule_hour: 24, cron_expression: '0 6 * * 1' },
    [...Array(4).fill('deprecated-field'), 'hour-24', 'unused-schedule-field', 'unused-schedule-field'],
  ),
  paste('events of a table', { sync_behavior_family: 'activateEvents' }, ['needs-topic']),
  paste(
    'facts of an answer',
    {
      id: 5,
      match_rate_details: { match_rate: null, match_rate_last_calculated_at: null },
      trigger_on_dbt_cloud_rebuild: false,
      ...from({
        object: {
          ...model,
          source_object_id: 7,
          resource_identifier: 'model:m',
          description: null,
          compiled_query: 'q',
        },
      }),
    },
    Array(7).fill('server-field'),
  ),
  paste('a table as answered', from({ object: { ...users, id: 7731, name: 'users' } }), ['server-field']),
  paste('a topic as answered', from({ object: { type: 'topic', id: 3, name: 'clicks' } }), ['id-and-name']),
  paste('a segment named inside', from({ object: { type: 'dataset', id: 8123, filter_segment_id: 3301 } })),
  paste(
    'empty triggers',
    { mode: { triggers: { dbt_cloud: {}, fivetran: {}, sync_sequence: {}, schedule: {} } } },
    Array(4).fill('empty-trigger'),
  ),
  paste('flat empty triggers', { triggers: { dbt_cloud: {}, schedule: {} } }, [
    'deprecated-field',
    'empty-trigger',
    'empty-trigger',
  ]),
  paste('the other spelling of ids and thresholds', {
    ...from({ connection_id: '501', object: { type: 'model', id: '915' } }),
    alert_attributes: [{ type: 'InvalidRecordPercentAlertConfiguration', options: { threshold: '20' } }],
    mode: { triggers: { dbt_cloud: { project_id: 12345, job_id: 98765 } } },
  }),
  paste('empty text where there is none', {
    mappings: [{ ...email, operation: '' }],
    advanced_configuration: { delimiter: '' },
  }),
  paste('a segment of a model', from({ filter_segment_id: 3301, object: { type: 'model', id: 915 } }), [
    'segment-of-model',
  ]),
  paste(
    'a table without its catalog',
    from({ object: { type: 'table', table_schema: 'public', table_name: 'users' } }),
    ['incomplete-table'],
  ),
  {
    title: 'JSON with its last brace in the first column',
    spec: ` ${JSON.stringify(body('JSON with its last brace in the first column'), null, 2)}\n`,
    warnings: [],
  },
  paste('None', {}, ['odd-text']),
  paste('a model answered by its name', from({ object: model }), [], adopt),
  paste('a segment answered inside', from({ object: { type: 'segment', id: 3301, dataset_id: 8123 } }), [], adopt),
  paste('null inside a setting', { advanced_configuration: { retry_policy: { limit: null, wait: 5 } } }),
];

const projectFile = `version: 1
manifests: [syncs/*.yaml]
ledger: file
targets:
  production:
    provider: census
    api: v1
    base_url: \${env.CENSUS_URL}
    token: \${env.CENSUS_TOKEN}
`;

interface Found {
  readonly severity: string;
  readonly code: string;
  readonly file: string;
}

let emulator: CensusEmulator;
let folder: string;
let found: readonly Found[];
const codes: Record<string, number | null> = {};
let planned: JsonObject[];
let checked: string;

function run(...args: readonly string[]) {
  return syncline(args, { cwd: folder, env: { CENSUS_URL: emulator.url, CENSUS_TOKEN: emulator.token } });
}

beforeAll(async () => {
  emulator = await startCensusV1({ seed: accountWith(live.map((one) => ({ ...one, verbatim: true }))) });
  folder = mkdtempSync(join(tmpdir(), 'syncline-paste-'));
  mkdirSync(join(folder, 'syncs'));
  writeFileSync(join(folder, 'syncline.yaml'), projectFile);
  for (const [index, { spec, lifecycle = '' }] of pastes.entries()) {
    const text = `kind: CensusSync\nname: paste-${index}\n${lifecycle}spec:${spec}`;
    writeFileSync(join(folder, 'syncs', `paste-${index}.yaml`), text);
  }
  const validated = await run('validate', '--format', 'json');
  codes.validate = validated.code;
  found = JSON.parse(validated.stdout).diagnostics;
  const plan = await run('plan', '--format', 'json', '--exit-code');
  codes.plan = plan.code;
  planned = JSON.parse(plan.stdout).plans[0].changes;
  const dryRun = await run('apply', '--dry-run');
  codes.dryRun = dryRun.code;
  checked = dryRun.stdout;
  codes.apply = (await run('apply', '--auto-approve')).code;
  codes.again = (await run('plan', '--exit-code')).code;
}, 60_000);

afterAll(async () => {
  await emulator.close();
  rmSync(folder, { recursive: true, force: true });
});

test('what is pasted goes from validate through a dry run to live syncs that match it', () => {
  expect(codes).toEqual({ validate: 0, plan: 2, dryRun: 0, apply: 0, again: 0 });
});

test.each(pastes.map((one, index) => ({ ...one, index })))('$title', ({ warnings, index, lifecycle }) => {
  const own = found.filter((one) => one.file === `syncs/paste-${index}.yaml`);
  expect(own.map((one) => `${one.severity} ${one.code}`).sort()).toEqual(
    warnings.map((code) => `warning ${code}`).sort(),
  );
  const change = planned.find((one) => one.address === `CensusSync/paste-${index}`);
  expect(change).toMatchObject({ action: lifecycle === undefined ? 'create' : 'adopt', fields: [] });
  expect(checked).toContain(`CensusSync/paste-${index}`);
});
