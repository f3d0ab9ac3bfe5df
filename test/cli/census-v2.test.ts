import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type CensusV2Emulator, startCensusV2 } from '../../src/emulator/census-v2/server.ts';
import { isList, isObject, type JsonObject } from '../../src/model/json.ts';
import { cli, folder, type Said } from './in-process.ts';
import { manifest } from './workspace.ts';

let emulator: CensusV2Emulator;
let cwd: string;
let groups: Readonly<Record<string, string>>;

beforeEach(async () => {
  emulator = await startCensusV2();
  cwd = folder();
  mkdirSync(join(cwd, 'syncs'));
  const sources = await items('/sources');
  groups = Object.fromEntries(sources.map(({ name, group_id }) => [String(name), String(group_id)]));
  project([groups['Snowflake Prod'] ?? '']);
});
afterEach(() => emulator.close());

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

test('what pull writes plans nothing, and nothing of other groups is in it', async () => {
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
