import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { type CensusEmulator, startCensusV1 } from '../../src/emulator/census-v1/server.ts';
import { synclineHere } from '../cli/in-process.ts';

const emulators: CensusEmulator[] = [];
const folders: string[] = [];

afterEach(async () => {
  for (const one of emulators.splice(0)) await one.close();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const projectFile = `version: 1
manifests: ['*.sync.yaml']
ledger: file
targets:
  production:
    provider: census
    api: v1
    base_url: \${env.CENSUS_URL}
    token: \${env.CENSUS_TOKEN}
`;

const manifest = (name: string, triggers: string) => `kind: CensusSync
name: ${name}
spec:
  label: ${name} of the cycle
  operation: upsert
  source_attributes: { connection: Snowflake Prod, object: { type: model, name: orders_export } }
  destination_attributes: { connection_id: 601, object: Contact }
  mappings: [{ from: email, to: Email, primary: true }]
  mode:
    triggers:
      ${triggers}
`;

async function workspace() {
  const folder = mkdtempSync(join(tmpdir(), 'syncline-cycles-'));
  folders.push(folder);
  const emulator = await startCensusV1();
  emulators.push(emulator);
  writeFileSync(join(folder, 'syncline.yaml'), projectFile);
  const write = (name: string, triggers: string) =>
    writeFileSync(join(folder, `${name}.sync.yaml`), manifest(name, triggers));
  const where = { cwd: folder, env: { CENSUS_URL: emulator.url, CENSUS_TOKEN: emulator.token } };
  const writes = () => emulator.requests.filter(({ method }) => method !== 'GET');
  return { writes, write, run: (...args: string[]) => synclineHere(args, where) };
}

const hourly = 'schedule: { frequency: hourly }';

test('two syncs that exchange their order are refused as a circle until the old trigger is ended, and then applied', async () => {
  const { writes, write, run } = await workspace();
  write('orders', hourly);
  write('items', 'sync_sequence: { sync: orders }');
  expect(await run('apply', '--auto-approve')).toMatchObject({ code: 0 });
  const before = writes().length;

  write('orders', 'sync_sequence: { sync: items }');
  write('items', hourly);
  expect(await run('validate')).toMatchObject({ code: 0 });
  for (const command of [['plan'], ['apply', '--auto-approve']]) {
    const refused = await run(...command);
    expect(refused).toMatchObject({ code: 3 });
    const said = `${refused.stdout}${refused.stderr}`;
    expect(said).toContain('orders.sync.yaml:11:30');
    expect(said).toContain('sync-cycle');
    expect(said).toContain('`sync_sequence: null` in items');
  }
  expect(writes()).toHaveLength(before);

  write('items', `${hourly}\n      sync_sequence: null`);
  expect(await run('apply', '--auto-approve')).toMatchObject({ code: 0 });
  const sent = writes()
    .slice(before)
    .map((one) => one.method);
  expect(sent).toEqual(['PATCH', 'PATCH']);
  expect(await run('plan', '--exit-code')).toMatchObject({ code: 0 });
});
