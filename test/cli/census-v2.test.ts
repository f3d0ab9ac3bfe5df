import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type CensusV2Emulator, startCensusV2 } from '../../src/emulator/census-v2/server.ts';
import type { V2Options } from '../../src/emulator/census-v2/switches.ts';
import { isList, isObject, type JsonObject } from '../../src/model/json.ts';
import { cli, folder, type Said } from './in-process.ts';
import { manifest } from './workspace.ts';

let emulator: CensusV2Emulator;
let cwd: string;
let groups: Readonly<Record<string, string>>;

async function begin(v2: Partial<V2Options> = {}, seed?: JsonObject): Promise<void> {
  emulator = await startCensusV2({ v2, seed });
  const { close } = emulator;
  onTestFinished(close);
  cwd = folder();
  mkdirSync(join(cwd, 'syncs'));
  const sources = await items('/sources');
  groups = Object.fromEntries(sources.map(({ name, group_id }) => [String(name), String(group_id)]));
  project([groups['Snowflake Prod'] ?? '']);
}

async function items(path: string): Promise<readonly JsonObject[]> {
  const headers = { authorization: `Bearer ${emulator.token}` };
  const answer = await fetch(`${emulator.url}/api/v2${path}?per_page=100`, { headers });
  const { data } = (await answer.json()) as JsonObject;
  return isList(data) ? data.filter(isObject) : [];
}

function project(own: readonly string[], more = ''): void {
  const target = `provider: census, api: v2, base_url: "\${env.URL}", token: "\${env.PAT}"`;
  const lines = `version: 1\nmanifests: [syncs/*.yaml]\nledger: file\ntargets:\n`;
  write('syncline.yaml', `${lines}  prod: { ${target}, groups: [${own.join(', ')}] }\n${more}`);
}

function write(file: string, text: string): void {
  writeFileSync(join(cwd, file), text);
}

function run(line: string): Promise<Said> {
  return cli(line, { cwd, env: { PATH: process.env.PATH, HOME: cwd, URL: emulator.url, PAT: emulator.token } });
}

test('a sync is planned, made, changed and deleted by names alone', async () => {
  await begin();
  write('syncs/users.yaml', manifest('users'));
  const planned = await run('plan');
  expect(planned.err).toBe('');
  expect(planned.out).toMatch(/1 to create/);
  const applied = await run('apply --auto-approve');
  expect(applied).toMatchObject({ code: 0, err: '' });
  expect((await run('plan --exit-code')).code).toBe(0);
  const [made] = (await items('/syncs')).filter((one) => one.label === 'Label of users');
  expect(made).toMatchObject({ activation_id: expect.any(String) });
  write('syncs/users.yaml', manifest('users', '  paused: true\n'));
  expect((await run('apply --auto-approve')).out).toMatch(/1 applied\. Everything live is as planned/);
  expect((await items('/syncs')).find((one) => one.id === made?.id)).toMatchObject({ paused: true });
  rmSync(join(cwd, 'syncs/users.yaml'));
  write('syncs/other.yaml', manifest('other'));
  expect((await run('apply --auto-approve --prune')).code).toBe(0);
  expect((await items('/syncs')).map((one) => one.label)).toContain('Label of other');
  expect((await items('/syncs')).some((one) => one.id === made?.id)).toBe(false);
});

test('a create whose answer is lost is found among the syncs of all groups, and sent once', async () => {
  await begin({ listNeedsGroup: true, create: 'id' });
  write('syncs/users.yaml', manifest('users'));
  emulator.addFaults(['POST /syncs:drop-response:1']);
  expect(await run('apply --auto-approve')).toMatchObject({ code: 0, err: '' });
  expect((await run('plan --exit-code')).code).toBe(0);
  const made = emulator.syncs().filter((one) => one.label === 'Label of users');
  expect(made).toHaveLength(1);
});

test('what pull writes plans nothing, and nothing of other groups is in it', async () => {
  await begin();
  write('syncs/users.yaml', manifest('users'));
  expect((await run('pull')).err).toBe('');
  const ledger = JSON.parse(readFileSync(join(cwd, '.syncline/ledger/prod.json'), 'utf8'));
  expect(ledger.meta).toMatchObject({ format: 3, api: 'v2', workspace: null, groups: [groups['Snowflake Prod']] });
  const own = (await items('/activations')).filter((one) => one.group_id === groups['Snowflake Prod']);
  const ids = own.map((one) => one.id ?? '');
  const syncs = (await items('/syncs')).filter((one) => ids.includes(one.activation_id ?? ''));
  const datasets = (await items('/datasets')).filter(
    (one) => one.type === 'sql' && one.group_id === groups['Snowflake Prod'],
  );
  expect(Object.keys(ledger.syncs)).toHaveLength(syncs.length + datasets.length);
  expect((await run('plan --exit-code --exclude CensusSync/users')).out).toMatch(/Nothing to do|No changes/);
});

test('a group that is no more there stops everything, and so does what is bound outside of the groups', async () => {
  await begin();
  write('syncs/users.yaml', manifest('users'));
  expect((await run('apply --auto-approve')).code).toBe(0);
  const [own = '', other = ''] = [groups['Snowflake Prod'], groups['BigQuery EU']];
  project([own, 'nobody_here']);
  const unknown = await run('plan');
  expect(unknown.err).toMatch(/unknown-group[\s\S]*no source in the group nobody_here/);
  expect(unknown.code).toBe(4);
  project([other]);
  write(
    'syncs/users.yaml',
    manifest('users').replace('Snowflake Prod', 'BigQuery EU').replace('Salesforce', 'Google Sheets'),
  );
  const outside = await run('plan');
  expect(outside.err).toMatch(/outside-groups[\s\S]*syncline forget/);
  expect(outside.code).toBe(4);
  project([own, other]);
  write('syncs/users.yaml', manifest('users'));
  expect((await run('plan --exit-code')).code).toBe(0);
});

/** A sync of another source than most. */
const sheets: JsonObject = {
  id: 90001,
  operation: 'mirror',
  source_attributes: {
    connection_id: 502,
    object: { type: 'table', table_catalog: 'acme-eu', table_schema: 'finance', table_name: 'invoices' },
  },
  destination_attributes: { connection_id: 605, object: '{"spreadsheet_id":"1AcmeFinance","sheet_id":"0"}' },
  mappings: [{ from: { type: 'column', data: 'invoice_id' }, to: 'Invoice', is_primary_identifier: true }],
};

test('what was bound in a group that the target has left, and that the token shows no more, is not taken for gone', async () => {
  const hiddenGroups: string[] = [];
  await begin({ hiddenGroups }, { syncs: [{ ...sheets, label: 'Invoices' }] });
  const [own = '', other = ''] = [groups['Snowflake Prod'], groups['BigQuery EU']];
  project([own, other]);
  expect((await run('pull --only CensusSync/invoices')).out).toMatch(/1 written/);
  expect((await run('plan --exit-code')).code).toBe(0);
  hiddenGroups.push(other);
  project([own]);
  rmSync(join(cwd, 'syncs'), { recursive: true });
  write('syncline.yaml', readFileSync(join(cwd, 'syncline.yaml'), 'utf8').replace('[syncs/*.yaml]', '[]'));
  const stopped = await run('apply --auto-approve --prune');
  expect(stopped.err).toMatch(/unknown-group[\s\S]*whether CensusSync\/invoices is gone nobody can tell[\s\S]*forget/);
  expect(stopped.code).toBe(4);
  expect((await run('forget CensusSync/invoices')).code).toBe(0);
  expect((await run('plan --exit-code')).code).toBe(0);
});

const paying = `kind: CensusDataset
name: paying
spec: { name: Paying, type: sql, query: select id from users, source: Snowflake Prod }
`;

test('a dataset is made in the group of its source, with the sync that uses it', async () => {
  await begin();
  write('syncs/paying.yaml', paying);
  write('syncs/users.yaml', ofDataset);
  const applied = await run('apply --auto-approve');
  expect(applied).toMatchObject({ code: 0, err: '' });
  expect((await items('/datasets')).find(({ name }) => name === 'Paying')).toMatchObject({
    group_id: groups['Snowflake Prod'],
    source_id: 501,
  });
  expect((await run('plan --exit-code')).code).toBe(0);
});

const ofDataset = manifest('users')
  .replace(/object: \{ type: table.*/, 'object: { type: dataset, name: Paying }')
  .replace('from: email', 'from: id');

test('a dataset whose group has several sources cannot be made, nor what needs it', async () => {
  await begin({ groupsOf: 'workspace' });
  write('syncs/paying.yaml', paying);
  write('syncs/users.yaml', ofDataset);
  const { plans } = JSON.parse((await run('plan --format json')).out);
  expect(plans[0].changes).toEqual([]);
  expect(plans[0].blocked).toMatchObject([
    { address: 'CensusDataset/paying', wanted: 'create', reason: 'unsupported', hint: /several sources/ },
    { address: 'CensusSync/users', wanted: 'create', reason: 'depends' },
  ]);
});

test('a dataset that the API makes for another source is a failure that says so, and is remembered', async () => {
  // Nobody can list the sources, so that the group seems to have one.
  await begin({ groupsOf: 'workspace', without: ['/sources'] }, { syncs: [sheets] });
  project((await items('/activations')).map((one) => String(one.group_id)));
  write('syncs/paying.yaml', paying.replace('Snowflake Prod', 'BigQuery EU'));
  const applied = await run('apply --auto-approve');
  expect(applied.out).toMatch(/failed +create CensusDataset\/paying[\s\S]*made for the source 501, and not for 502/);
  expect(applied.code).toBe(5);
  const { plans } = JSON.parse((await run('plan --format json')).out);
  expect(plans[0].blocked).toMatchObject([{ address: 'CensusDataset/paying', wanted: 'update', reason: 'immutable' }]);
});

test('targets of one token read the lists of the account once', async () => {
  await begin();
  const target = `provider: census, api: v2, base_url: "\${env.URL}", token: "\${env.PAT}"`;
  const lines = Object.values(groups).map((group, index) => `  t${index}: { ${target}, groups: [${group}] }\n`);
  write('syncline.yaml', `version: 1\nmanifests: []\nledger: none\ntargets:\n${lines.join('')}`);
  emulator.clearRequests();
  expect(await run('status')).toMatchObject({ code: 0, err: '' });
  const lists = emulator.requests.map((one) => one.path).filter((path) => /^\/api\/v2\/\w+$/.test(path));
  expect(lists.sort()).toEqual(['activations', 'datasets', 'sources', 'syncs'].map((list) => `/api/v2/${list}`));
});
