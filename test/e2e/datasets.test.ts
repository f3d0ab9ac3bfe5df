import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { byCodePoint } from '../../src/core/stable.ts';
import { type CensusEmulator, startCensusV1 } from '../../src/emulator/census-v1/server.ts';
import { isObject } from '../../src/emulator/json.ts';
import { cli, type Said } from '../cli/in-process.ts';
import { killedOnce } from '../support/death.ts';
import { momentsOf } from '../support/moments.ts';

const datasets = Array.from({ length: 30 }, (_, index) => `set-${index + 1}`);
/** Two syncs for each dataset. */
const syncs = datasets.flatMap((name) => [`${name}-a`, `${name}-b`]);

interface World {
  readonly folder: string;
  run(emulator: CensusEmulator, line: string): Promise<Said>;
}

/** A project of thirty datasets, half of them with their query in a file, and of sixty syncs that name them. */
function world(): World {
  const folder = mkdtempSync(join(tmpdir(), 'syncline-datasets-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const part of ['sets', 'syncs', 'sql']) mkdirSync(join(folder, part));
  writeFileSync(join(folder, 'syncline.yaml'), projectFile('[sets/*.yaml, syncs/*.yaml]'));
  for (const [index, name] of datasets.entries()) writeDataset(folder, name, index % 2 === 0);
  for (const name of syncs) writeSync(folder, name);
  return { folder, run: (emulator, line) => cli(line, { cwd: folder, env: environment(emulator) }) };
}

function projectFile(manifests: string): string {
  const target = `{ provider: census, api: v1, base_url: "\${env.URL}", token: "\${env.TOKEN}", limits: { settle_seconds: 0 } }`;
  return `version: 1\nmanifests: ${manifests}\nledger: file\ntargets:\n  production: ${target}\n`;
}

function writeDataset(folder: string, name: string, inFile: boolean): void {
  const query = `select email, id\nfrom users\nwhere segment = '${name}'\n`;
  if (inFile) writeFileSync(join(folder, 'sql', `${name}.sql`), query);
  const said = inFile ? `{ file: ../sql/${name}.sql }` : JSON.stringify(query);
  const spec = `spec: { name: Rows of ${name}, type: sql, source: Snowflake Prod, query: ${said} }`;
  writeFileSync(join(folder, 'sets', `${name}.yaml`), `kind: CensusDataset\nname: ${name}\n${spec}\n`);
}

function writeSync(folder: string, name: string): void {
  const text = `kind: CensusSync
name: ${name}
spec:
  label: Label of ${name}
  operation: upsert
  source_attributes:
    connection: Snowflake Prod
    object: { type: dataset, name: Rows of ${name.replace(/-[ab]$/, '')} }
  destination_attributes: { connection: Salesforce, object: Contact }
  mappings: [{ from: email, to: Email, primary: true }]
`;
  writeFileSync(join(folder, 'syncs', `${name}.yaml`), text);
}

function environment(emulator: CensusEmulator): Record<string, string> {
  return { URL: emulator.url, TOKEN: emulator.token };
}

async function emptyWorkspace(port = 0): Promise<CensusEmulator> {
  // A job that takes its time is tried elsewhere; here a second of waiting would be one for each dataset.
  return startCensusV1({ port, latency: 1, seed: { syncs: [], datasets: [] }, quirks: { refreshPolls: 0 } });
}

/** What a service holds: labels of both kinds, and whether each sync reads the dataset that it should. */
async function held(emulator: CensusEmulator): Promise<unknown> {
  const all = (await list(emulator, 'datasets')).map((one) => [String(one.id), String(one.name)] as const);
  const names = new Map(all);
  const reads = (await list(emulator, 'syncs')).map(({ label, source_attributes: source }) => {
    const object = isObject(source) && isObject(source.object) ? source.object : {};
    return `${label} reads ${names.get(String(object.dataset_id ?? object.id))}`;
  });
  return { datasets: [...names.values()].sort(byCodePoint), syncs: reads.sort(byCodePoint) };
}

/** Datasets that nobody has asked the service to find the columns of. */
async function withoutColumns(emulator: CensusEmulator): Promise<readonly unknown[]> {
  const asked = emulator.requests.filter(({ method }) => method === 'POST').map(({ path }) => path);
  const all = await list(emulator, 'datasets');
  return all.map((one) => one.id).filter((id) => !asked.includes(`/api/v1/datasets/${id}/refresh_columns`));
}

async function list(emulator: CensusEmulator, path: string) {
  const headers = { authorization: `Bearer ${emulator.token}` };
  const answer = await fetch(`${emulator.url}/api/v1/${path}?per_page=100`, { headers });
  const body = (await answer.json()) as { readonly data: readonly Record<string, unknown>[] };
  return body.data;
}

const whole = {
  datasets: datasets.map((name) => `Rows of ${name}`).sort(byCodePoint),
  syncs: syncs.map((name) => `Label of ${name} reads Rows of ${name.replace(/-[ab]$/, '')}`).sort(byCodePoint),
};

test('thirty datasets and sixty syncs that name them are made by one apply, plan empty, and are pruned to nothing', {
  timeout: 120_000,
}, async () => {
  const { folder, run } = world();
  const emulator = await emptyWorkspace();
  onTestFinished(() => emulator.close());
  const applied = await run(emulator, 'apply --auto-approve --format json');
  expect(applied.code, applied.err).toBe(0);
  expect(await held(emulator)).toEqual(whole);
  expect(await run(emulator, 'plan --exit-code')).toMatchObject({ code: 0 });
  expect(await run(emulator, 'drift')).toMatchObject({ code: 0 });

  for (const part of ['sets', 'syncs']) rmSync(join(folder, part), { recursive: true });
  writeFileSync(join(folder, 'syncline.yaml'), projectFile('[]'));
  const before = emulator.requests.length;
  expect(await run(emulator, 'apply --auto-approve --prune')).toMatchObject({ code: 4 });
  const pruned = await run(emulator, 'apply --auto-approve --prune --force-deletes 90');
  expect(pruned.code, pruned.out + pruned.err).toBe(0);
  expect(await held(emulator)).toEqual({ datasets: [], syncs: [] });
  const deletes = emulator.requests.slice(before).filter(({ method }) => method === 'DELETE');
  expect(deletes.filter(({ path }) => path.includes('/syncs/'))).toHaveLength(60);
  // The service refuses to delete a dataset that a sync still uses.
  expect(deletes.filter(({ path }) => path.includes('/datasets/')).map(({ status }) => status)).toEqual(
    datasets.map(() => 200),
  );
  expect(await run(emulator, 'plan --exit-code')).toMatchObject({ code: 0 });
});

test('promise 6: killed at any request, an apply of both kinds leaves nothing twice and loses nothing', {
  timeout: 7_200_000,
}, async () => {
  const { folder: template } = world();
  const first = await emptyWorkspace();
  const port = Number(new URL(first.url).port);
  await world().run(first, 'apply --auto-approve');
  const total = first.requests.length;
  await first.close();
  expect(total).toBeGreaterThan(200);
  for (const moment of momentsOf(total, Math.ceil(total / 8))) await survive(template, port, moment);
});

async function survive(template: string, port: number, moment: number): Promise<void> {
  const emulator = await emptyWorkspace(port);
  const folder = mkdtempSync(join(tmpdir(), 'syncline-datasets-killed-'));
  try {
    cpSync(template, folder, { recursive: true });
    const where = { cwd: folder, env: environment(emulator) };
    await killedOnce(() => emulator.requests.length >= moment, ['apply', '--auto-approve'], where);
    const rerun = await cli('apply --auto-approve --format json', where);
    const said = `after a death at request ${moment}: ${rerun.out}${rerun.err} ${readdirSync(folder)}`;
    expect(rerun.code, said).toBe(0);
    expect(JSON.parse(rerun.out), said).toMatchObject({ reports: [{ converged: true }] });
    expect(await held(emulator), said).toEqual(whole);
    expect(await withoutColumns(emulator), said).toEqual([]);
  } finally {
    await emulator.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
