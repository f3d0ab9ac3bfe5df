import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { startCensusV1 } from '../../src/emulator/census-v1/server.ts';
import { isObject } from '../../src/model/json.ts';
import { synclineHere } from '../cli/in-process.ts';
import { failsReads, ignoresValidateOnly, kind, type Manner, rewritesLabels, unkindServer } from '../support/unkind.ts';

const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const projectFile = (ledger: string) => `version: 1
manifests: ['*.sync.yaml']
ledger: ${ledger}
targets:
  production:
    provider: census
    api: v1
    base_url: \${env.CENSUS_URL}
    token: \${env.CENSUS_TOKEN}
`;

const manifest = (name: string, extra: string) => `kind: CensusSync
name: ${name}
spec:
  source_attributes: { connection: Snowflake Prod, object: { type: model, name: orders_export } }
${extra}
`;

const contacts = (label: string, operation = 'upsert') => `  label: ${JSON.stringify(label)}
  operation: ${operation}
  destination_attributes: { connection: Salesforce, object: Contact }
  mappings: [{ from: email, to: Email, primary: true }]`;

const braze = (operation: string) => `  label: Users to Braze
  operation: ${operation}
  destination_attributes: { connection: Braze, object: user }
  mappings: [{ from: email, to: external_id, primary: true }]`;

/** A project, and a service that can be told to behave otherwise. */
async function workspace(ledger = 'file') {
  const folder = mkdtempSync(join(tmpdir(), 'syncline-writes-'));
  closing.push(() => rmSync(folder, { recursive: true, force: true }));
  const emulator = await startCensusV1();
  closing.push(emulator.close);
  const front = await unkindServer(emulator.url);
  closing.push(front.close);
  writeFileSync(join(folder, 'syncline.yaml'), projectFile(ledger));
  const where = { cwd: folder, env: { CENSUS_URL: front.url, CENSUS_TOKEN: emulator.token } };
  return {
    behave: (manner: Manner) => {
      front.manner = manner;
    },
    write: (name: string, extra: string) => writeFileSync(join(folder, `${name}.sync.yaml`), manifest(name, extra)),
    run: (...args: string[]) => synclineHere(args, where),
    /** Labels of the syncs that were made, validations excepted. */
    made: () =>
      emulator.requests
        .flatMap(({ method, body }) => (method === 'POST' && isObject(body) ? [body] : []))
        .filter((body) => body.validate_only !== true)
        .map((body) => body.label),
  };
}

test('a label that the service trims is named, sent and stored, and without a ledger makes no second sync', async () => {
  const { behave, write, run, made } = await workspace('none');
  behave(rewritesLabels((label) => label.trim()));
  write('users', contacts('Users '));
  const first = await run('apply', '--auto-approve');
  expect(first.code).toBe(5);
  expect(first.stdout).toContain('Not confirmed: /label was sent as "Users " and is stored as "Users".');
  const second = await run('apply', '--auto-approve');
  expect(second.code).toBe(4);
  expect(second.stdout).toContain('label-taken');
  expect(made()).toEqual(['Users']);
});

test('a create that cannot be read back is not confirmed, and the next run finds nothing to do', async () => {
  const { behave, write, run, made } = await workspace();
  behave(failsReads(500));
  write('users', contacts('Users'));
  const first = await run('apply', '--auto-approve', '--format', 'json');
  expect(first.code).toBe(5);
  const outcome = { status: 'unconfirmed', error: expect.stringMatching(/Not confirmed: GET .* answered 500/) };
  expect(JSON.parse(first.stdout)).toMatchObject({ reports: [{ converged: false, outcomes: [outcome] }] });
  behave(kind);
  const second = await run('apply', '--auto-approve', '--format', 'json');
  expect(second.code).toBe(0);
  expect(JSON.parse(second.stdout)).toMatchObject({ reports: [{ converged: true, outcomes: [] }] });
  expect(made()).toHaveLength(1);
});

test('a dry run lists what is blocked with its reasons, as text and as JSON', async () => {
  const { write, run, made } = await workspace();
  write('nameless', contacts('').split('\n').slice(1).join('\n'));
  write('foreign', contacts('Lead scores to Salesforce (trial)'));
  const text = await run('apply', '--dry-run');
  expect(text.code).toBe(4);
  expect(text.stdout).toMatch(/blocked.*CensusSync\/foreign.*foreign/);
  expect(text.stdout).toMatch(/blocked.*CensusSync\/nameless.*needs-label/);
  expect(text.stdout).toContain('Nothing was written.');
  const json = await run('apply', '--dry-run', '--format', 'json');
  expect(json.code).toBe(4);
  expect(JSON.parse(json.stdout)).toMatchObject({
    reports: [{ converged: null, outcomes: [], blocked: [{ reason: 'foreign' }, { reason: 'needs-label' }] }],
  });
  expect(made()).toEqual([]);
});

test('a change that Braze does not allow is blocked by the plan, and never called valid', async () => {
  const { write, run } = await workspace();
  write('users', braze('upsert'));
  expect(await run('apply', '--auto-approve')).toMatchObject({ code: 0 });
  write('users', braze('update'));
  for (const args of [['plan'], ['apply', '--dry-run'], ['apply', '--auto-approve']]) {
    const said = await run(...args);
    expect([args, said.code]).toEqual([args, args[0] === 'plan' ? 0 : 4]);
    expect(said.stdout).toContain('immutable');
    expect(said.stdout).not.toContain('1 valid');
  }
});

test('a dry run stops at the first sync that a service makes, and names it', async () => {
  const { behave, write, run, made } = await workspace();
  behave(ignoresValidateOnly);
  for (const name of ['a', 'b', 'c']) write(name, contacts(`Label of ${name}`));
  const said = await run('apply', '--dry-run');
  expect(said.code).toBe(5);
  expect(said.stdout).not.toContain('Nothing was written');
  expect(said.stderr).toMatch(/made the sync \d+/);
  expect(made()).toEqual(['Label of a']);
});
