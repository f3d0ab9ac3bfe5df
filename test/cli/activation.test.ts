import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type CensusV2Emulator, startCensusV2 } from '../../src/emulator/census-v2/server.ts';
import type { V2Options } from '../../src/emulator/census-v2/switches.ts';
import { isList, isObject, type JsonObject } from '../../src/model/json.ts';
import { cli, folder, type Said } from './in-process.ts';

interface Account {
  readonly emulator: CensusV2Emulator;
  run(line: string): Promise<Said>;
  write(file: string, text: string): void;
  read(file: string): string;
  remove(path: string): void;
  list(path: string): Promise<readonly JsonObject[]>;
  /** Makes another activation of the first source. */
  join(name: string, type?: string): Promise<string>;
  /** The first sync with this label. */
  sync(label: string): Promise<JsonObject | undefined>;
}

const warehouse = 'Snowflake Prod';

/** An account with version 2 of the API, and a project of the groups of these sources. */
async function account(switches: Partial<V2Options> = {}, sources: readonly string[] = [warehouse]): Promise<Account> {
  const emulator = await startCensusV2({ v2: switches });
  onTestFinished(() => emulator.close());
  const cwd = folder();
  const ask = async (path: string, body?: JsonObject): Promise<unknown> => {
    const headers = { authorization: `Bearer ${emulator.token}`, 'content-type': 'application/json' };
    const sent = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
    const answer = (await (await fetch(`${emulator.url}/api/v2${path}`, { headers, ...sent })).json()) as JsonObject;
    return answer.data;
  };
  const list = async (path: string) => {
    const data = (await ask(`${path}?per_page=100`)) as JsonObject['data'];
    return isList(data) ? data.filter(isObject) : [];
  };
  const known = new Map((await list('/sources')).map((one) => [String(one.name), String(one.group_id)]));
  const groups = sources.map((name) => known.get(name)).join(', ');
  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(cwd, file)), { recursive: true });
    writeFileSync(join(cwd, file), text);
  };
  const target = `provider: census, base_url: "\${env.URL}", token: "\${env.PAT}"`;
  const head = 'version: 1\nmanifests: [syncs/**/*.yaml]\nledger: file\ntargets:\n';
  write('syncline.yaml', `${head}  prod: { ${target}, api: v2, groups: [${groups}] }\n`);
  emulator.clearRequests();
  return {
    ...{ emulator, write, list },
    run: (line) =>
      cli(line, { cwd, env: { PATH: process.env.PATH, HOME: cwd, URL: emulator.url, PAT: emulator.token } }),
    read: (file) => readFileSync(join(cwd, file), 'utf8'),
    remove: (path) => rmSync(join(cwd, path), { recursive: true }),
    join: async (name, type = 'salesforce') => {
      const activation = { group_id: known.get(warehouse) ?? '', name, type, credentials: {} };
      return String(Object((await ask('/activations', { activation })) as object).id);
    },
    sync: async (label) => (await list('/syncs')).find((one) => one.label === label),
  };
}

interface Ends {
  readonly source?: string;
  readonly destination?: string;
  readonly more?: string;
}

/** A manifest whose destination is on line 7; `more` begins on line 9. */
function manifest({
  source = `connection: ${warehouse}, `,
  destination = 'connection: Salesforce, ',
  more = '',
}: Ends) {
  return `kind: CensusSync
name: users
spec:
  label: Users
  operation: upsert
  source_attributes: { ${source}object: { type: table, table_catalog: analytics, table_schema: public, table_name: users } }
  destination_attributes: { ${destination}object: Contact }
  mappings: [{ from: email, to: Email, primary: true }]
${more}`;
}

const neither = { source: '', destination: '' };

async function activationOf(one: Account, name: string): Promise<string> {
  const found = (await one.list('/activations')).find((other) => other.name === name);
  return String(found?.id);
}

/** Somebody moves the sync to another activation. */
async function moveTo(one: Account, activation: string): Promise<void> {
  const { id = 0 } = (await one.sync('Users')) ?? {};
  const other = (await one.list('/activations')).find((known) => known.id === activation);
  const connection_id = Number(Object(other?.destination).id);
  one.emulator.mutate(Number(id), { destination_attributes: { connection_id, object: 'Contact' } });
}

test.each<[string, Partial<V2Options>]>([
  ['an answer names the activation', {}],
  ['an answer names the connections', { syncEchoes: 'connections' }],
  ['an answer names both', { syncEchoes: 'both', activationKeys: 'suffixed', destinationIds: 'other' }],
])('a sync is made and found again by an activation alone: %s', async (_what, switches) => {
  const one = await account(switches);
  const id = await activationOf(one, 'Salesforce');
  one.write('syncs/users.yaml', manifest({ ...neither, more: `  activation: ${id}\n` }));
  expect(await one.run('apply --auto-approve')).toMatchObject({ code: 0, err: '' });
  expect((await one.run('plan --exit-code')).code).toBe(0);
  for (const more of ['  activation: Salesforce\n', `  activation_id: ${id}\n`]) {
    one.write('syncs/users.yaml', manifest({ ...neither, more }));
    expect((await one.run('plan --exit-code')).code, more).toBe(0);
  }
  one.write('syncs/users.yaml', manifest({}));
  expect((await one.run('plan --exit-code')).code).toBe(0);
});

test('twins need an activation, and one manifest may have it and the names that API v1 goes by', async () => {
  const one = await account();
  const second = await one.join('Salesforce');
  one.write('syncs/users.yaml', manifest({}));
  const { code, err: out } = await one.run('plan');
  expect(code).toBe(3);
  expect(out).toMatch(/^error ambiguous-name {2}syncs\/users\.yaml:7:41$/m);
  expect(out).toMatch(
    new RegExp(`has 2 activations named "Salesforce": \\w+ \\(to \\d+, salesforce, since [-\\d]+\\), ${second}`),
  );
  expect(out).toContain('as in `activation: ');
  one.write('syncs/users.yaml', manifest({ more: `  activation: ${second}\n` }));
  expect(await one.run('apply --auto-approve')).toMatchObject({ code: 0 });
  expect(await one.sync('Users')).toMatchObject({ activation_id: second });
  expect((await one.run('plan --exit-code')).code).toBe(0);
});

test.each<[string, Ends]>([
  ['names', { destination: 'connection: Salesfroce, ' }],
  ['ids', { source: 'connection_id: 501, ', destination: 'connection_id: 602, ' }],
])('a pair without an activation is told at plan time, and nothing is sent: %s', async (_what, ends) => {
  const one = await account();
  one.write('syncs/users.yaml', manifest(ends));
  for (const command of ['plan', 'apply --auto-approve', 'drift']) {
    const { code, err: out } = await one.run(command);
    expect(code, command).toBe(3);
    expect(out).toMatch(/^error no-activation {2}syncs\/users\.yaml:7:\d+$/m);
    expect(out).toMatch(/"Salesforce" \(\w+\)/);
    expect(out).toContain('connect link');
  }
  expect(one.emulator.requests.filter(({ method }) => method !== 'GET')).toEqual([]);
});

test('another destination is taken in place, another source is not', async () => {
  const one = await account({}, [warehouse, 'BigQuery EU']);
  const other = await one.join('CRM 2');
  one.write('syncs/users.yaml', manifest({}));
  await one.run('apply --auto-approve');
  one.write('syncs/users.yaml', manifest({ destination: 'connection: CRM 2, ' }));
  const moved = await one.run('plan');
  expect(moved.out).toMatch(/destination_attributes.connection_id.*Salesforce.*CRM 2/);
  expect(moved.out).toMatch(/full resync|resync/);
  expect((await one.run('apply --auto-approve')).code).toBe(0);
  expect(await one.sync('Users')).toMatchObject({ activation_id: other });
  const sheet = (await one.list('/activations')).find(({ name }) => name === 'Google Sheets');
  one.write('syncs/users.yaml', manifest({ ...neither, more: `  activation: ${sheet?.id}\n` }));
  const stuck = await one.run('plan');
  expect(stuck.out).toMatch(/blocked/i);
  expect(stuck.out).toContain('cannot change /source_attributes/connection_id in place');
  expect(stuck.out).toContain('replace: allow');
});

test('pull writes names, and an activation for twins alone; the plan after it is empty', async () => {
  const one = await account();
  one.write('syncs/users.yaml', manifest({}));
  await one.run('apply --auto-approve');
  const first = await activationOf(one, 'Braze');
  const second = await one.join('Braze', 'braze');
  one.remove('syncs');
  one.remove('.syncline');
  expect(await one.run('pull')).toMatchObject({ code: 0, err: '' });
  const users = one.read('syncs/salesforce/users.yaml');
  expect(users).toMatch(/source_attributes:\s+connection: Snowflake Prod/);
  expect(users).toContain('destination_attributes: { connection: Salesforce, object: Contact }');
  expect(users).not.toContain('activation');
  const churn = one.read('syncs/braze/churn-risk-to-braze.yaml');
  expect(churn).toMatch(/source_attributes:\s+connection: Snowflake Prod/);
  expect(churn).toContain('destination_attributes: { object: user }');
  expect(churn).toContain(`\n  activation: ${first}\n`);
  expect(second).not.toBe(first);
  expect((await one.run('validate')).code).toBe(0);
  expect((await one.run('plan --exit-code')).code).toBe(0);
  expect((await one.run('pull')).out).toMatch(/0 written, 0 brought up to date/);
});

test.each<[string, (id: string) => Ends]>([
  ['with the names', (id) => ({ more: `  activation: ${id}\n` })],
  ['alone', (id) => ({ ...neither, more: `  activation: ${id} # the trial\n` })],
  ['as the API shows it', (id) => ({ ...neither, more: `  activation_id: ${id}\n` })],
])('pull keeps to an activation where one is written: %s', async (_what, ends) => {
  const one = await account();
  const [first, second] = [await activationOf(one, 'Salesforce'), await one.join('Salesforce')];
  one.write('syncs/users.yaml', manifest(ends(first)));
  expect((await one.run('apply --auto-approve')).code).toBe(0);
  await moveTo(one, second);
  const text = manifest(ends(second));
  await one.run('pull');
  expect(one.read('syncs/users.yaml')).toBe(text);
  expect((await one.run('plan --exit-code')).code).toBe(0);
});

test('pull adds an activation where the name is not enough any more', async () => {
  const one = await account();
  one.write('syncs/users.yaml', manifest({}));
  await one.run('apply --auto-approve');
  await one.join('CRM 2');
  const twin = await one.join('CRM 2');
  await moveTo(one, twin);
  await one.run('pull');
  const text = one.read('syncs/users.yaml');
  expect(text).toContain('connection: CRM 2');
  expect(text).toContain(`\n  activation: ${twin}\n`);
  expect((await one.run('plan --exit-code')).code).toBe(0);
});

test('an activation that is called otherwise than its destination is named as it is called', async () => {
  const one = await account({ activationName: 'other' });
  one.write('syncs/users.yaml', manifest({}));
  const { code, err } = await one.run('plan');
  expect(code).toBe(3);
  expect(err).toMatch(/no-activation[\s\S]*"Salesforce from Snowflake Prod" \(\w+\)/);
  one.write('syncs/users.yaml', manifest({ destination: 'connection: Salesforce from Snowflake Prod, ' }));
  expect((await one.run('apply --auto-approve')).code).toBe(0);
  one.remove('syncs');
  expect((await one.run('pull')).code).toBe(0);
  expect((await one.run('plan --exit-code')).code).toBe(0);
});

test('an undo takes a sync back to the activation that it had', async () => {
  const one = await account();
  const [first, second] = [await activationOf(one, 'Salesforce'), await one.join('CRM 2')];
  one.write('syncs/users.yaml', manifest({}));
  await one.run('apply --auto-approve');
  one.write('syncs/users.yaml', manifest({ destination: 'connection: CRM 2, ' }));
  await one.run('apply --auto-approve');
  expect(await one.sync('Users')).toMatchObject({ activation_id: second });
  const [last] = JSON.parse((await one.run('log --format json')).out).runs;
  expect((await one.run(`undo ${last.run} --auto-approve`)).code).toBe(0);
  expect(await one.sync('Users')).toMatchObject({ activation_id: first });
  one.write('syncs/users.yaml', manifest({}));
  expect((await one.run('plan --exit-code')).code).toBe(0);
});
