import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { groupSlug } from '../../src/emulator/census-v2/slug.ts';
import { Exit } from '../../src/model/errors.ts';
import { root } from '../support/processes.ts';
import { scene } from './move/scene.ts';
import { project, type Workspace, workspace } from './workspace.ts';

const folder = join(root, 'examples/import');
const seed = JSON.parse(readFileSync(join(folder, 'seed.json'), 'utf8'));
const file = join(folder, 'terraform-state.json');
const state = readFileSync(file, 'utf8');

/** A workspace that holds what Terraform has made, and a project without manifests. */
async function made(text = state, syncs = seed.syncs): Promise<Workspace> {
  const space = await workspace({ seed: { ...seed, syncs } });
  rmSync(join(space.folder, 'syncs'), { recursive: true });
  space.write('state.json', text);
  return space;
}

const read = (space: Workspace, path: string) => readFileSync(join(space.folder, path), 'utf8');

describe('import terraform', () => {
  test('what Terraform manages comes over whole, and the plan is empty; a second import has nothing to do', async () => {
    const space = await made();
    const said = await space.run('import terraform state.json');
    expect(said).toMatchObject({ code: Exit.ok, err: '' });
    expect(said.out).toContain('10 written, 10 bound, 0 managed here already, 0 not as live, 0 left.\n');
    expect(said.out).toContain('1 census_source is not managed by Syncline and stays with Terraform.');
    expect(said.out).toContain('1 resource belongs to workspace 9999');
    expect(said.out).toContain('1 data source was passed over');
    expect(said.out).not.toContain('hunter2');
    expect(await space.run('validate')).toMatchObject({ code: Exit.ok, out: '10 manifests are valid.\n' });
    expect((await space.run('plan --exit-code')).code).toBe(Exit.ok);
    expect((await space.run('fmt --check')).code).toBe(Exit.ok);
    const sync = read(space, 'syncs/facebook-ads/vip-segment-to-audience.yaml');
    expect(sync).toContain('object: { type: segment, name: VIP customers, dataset: active customers }');
    expect(sync).toContain('sync_sequence: { sync: active-customers-to-hubspot }');
    expect(sync).not.toContain('array_field');
    const again = await space.run('import terraform state.json');
    expect(again.code).toBe(Exit.ok);
    expect(again.out).toContain('0 written, 0 bound, 10 managed here already, 0 not as live, 0 left.\n');
    expect(space.writes()).toEqual([]);
  });

  test('it prints what makes Terraform let go: addresses without keys, of modules too', async () => {
    const { out } = await (await made()).run('import terraform state.json');
    expect(out).toContain('Terraform (1.7 or newer)');
    expect(out).toContain(
      'removed {\n  from = module.crm.census_sync.accounts\n  lifecycle {\n    destroy = false\n  }\n}\n',
    );
    expect(out.match(/^removed \{$/gm)).toHaveLength(8);
    expect(out).toMatch(/terraform state rm census_dataset\.active .* module\.crm\.census_sync\.accounts\n/);
    expect(out).not.toContain('other_workspace\n');
  });

  test('a manifest says what Terraform says, and the plan shows where that is not live', async () => {
    const drifted = seed.syncs.map((one: { id: number }) =>
      one.id === 70001
        ? {
            ...one,
            paused: true,
            mode: { type: 'triggered', triggers: { schedule: { frequency: 'hourly', minute: 5 } } },
          }
        : one,
    );
    const space = await made(state, drifted);
    const said = await space.run('import terraform state.json');
    expect(said.out).toContain('Differs: CensusSync/users-to-crm is live with other values of ');
    const { plans } = JSON.parse((await space.run('plan --format json')).out);
    expect(plans[0].changes).toHaveLength(1);
    expect(plans[0].changes[0]).toMatchObject({ action: 'update', address: 'CensusSync/users-to-crm' });
    expect(plans[0].changes[0].fields.map((one: { path: string }) => one.path)).toEqual(
      expect.arrayContaining(['/paused', '/mode/triggers/schedule/frequency']),
    );
  });

  test('what is gone live gets no manifest, and its resource is not let go of as a whole', async () => {
    const space = await made(
      state,
      seed.syncs.filter((one: { id: number }) => one.id !== 70006),
    );
    const said = await space.run('import terraform state.json');
    expect(said.code).toBe(Exit.refused);
    expect(said.out).toContain('Left: module.crm["eu"].census_sync.accounts["large"]: nothing live is the sync 70006');
    expect(said.out).not.toContain('from = module.crm.census_sync.accounts');
    expect(said.out).toContain(`terraform state rm 'module.crm["eu"].census_sync.accounts["small"]'\n`);
    expect((await space.run('plan --exit-code')).code).toBe(Exit.ok);
  });

  test('what lies outside of the groups of a target may be there', async () => {
    const one = await scene({ seed });
    const own = { provider: 'census', api: 'v2', base_url: '${' + 'env.URL}', token: '${' + 'env.PAT}' };
    const targets = { production: { ...own, groups: [groupSlug(502)] } };
    one.write('syncline.yaml', JSON.stringify({ version: 1, manifests: ['syncs/*.yaml'], ledger: 'file', targets }));
    one.write('state.json', state);
    const said = await one.run('import terraform state.json');
    expect(said.out).toContain(
      'nothing live is the sync "Users to CRM" (it may lie outside the groups of this target), so no manifest',
    );
  });

  test('what a manifest declares already and is not bound is left alone', async () => {
    const space = await made();
    space.write(
      'syncs/mine.yaml',
      `kind: CensusSync\nname: mine\nspec:\n  label: Large accounts\n  operation: upsert\n  source_attributes:\n    connection: Snowflake Prod\n    object: { type: table, table_catalog: analytics, table_schema: public, table_name: accounts }\n  destination_attributes: { connection: Salesforce, object: Account }\n  mappings:\n    - { from: domain, to: Name, primary: true }\n`,
    );
    const said = await space.run('import terraform state.json');
    expect(said.code).toBe(Exit.refused);
    expect(said.out).toContain('CensusSync/mine declares the sync 70006 already and is not bound to it');
    expect(said.out).toContain('9 written, 9 bound');
  });

  test('a state of Terraform 4 is read as it lies on disk, and its form is told', async () => {
    const { values } = JSON.parse(state);
    const instance = (one: { values: object; index?: string | number }) => ({
      index_key: one.index,
      attributes: one.values,
      sensitive_attributes: [],
    });
    const all = [values.root_module, ...values.root_module.child_modules];
    const resources = all.flatMap((module) =>
      module.resources.map((one: { mode: string; type: string; name: string; values: object; index?: string }) => ({
        ...(module.address === undefined ? {} : { module: module.address }),
        mode: one.mode,
        type: one.type,
        name: one.name,
        instances: [instance(one)],
      })),
    );
    const space = await made(JSON.stringify({ version: 4, terraform_version: '1.16.4', resources }));
    const said = await space.run('import terraform state.json');
    expect(said.code).toBe(Exit.ok);
    expect(said.out).toContain('state.json is a raw state');
    expect(said.out).toContain('10 written');
    expect((await space.run('plan --exit-code')).code).toBe(Exit.ok);
  });

  test('an attribute that nobody knows is told with its place, and what is marked sensitive is hidden', async () => {
    const value = JSON.parse(state);
    const [vip] = value.values.root_module.resources.filter((one: { name: string }) => one.name === 'vip');
    vip.values.shiny_new_thing = 'secret-of-tomorrow';
    vip.values.field_mapping[1].colour = 'red';
    vip.sensitive_values = { advanced_configuration: true };
    const space = await made(JSON.stringify(value));
    const said = await space.run('import terraform state.json');
    expect(said.code).toBe(Exit.refused);
    expect(said.out).toContain('Left: census_sync.vip: shiny_new_thing has no place in a manifest and was left out.\n');
    expect(said.out).toContain(
      'Left: census_sync.vip: field_mapping[1].colour has no place in a manifest and was left out.\n',
    );
    expect(said.out).not.toContain('secret-of-tomorrow');
    expect(read(space, 'syncs/facebook-ads/vip-segment-to-audience.yaml')).toContain('hide: [/advanced_configuration]');
    expect(await space.run('validate')).toMatchObject({ code: Exit.ok });
    expect((await space.run('plan --exit-code')).code).toBe(Exit.ok);
  });

  test('what no manifest can say is left, with the reason, and the rest comes over', async () => {
    const space = await made(state.replace('"operation": "append"', '"operation": "explode"'));
    const said = await space.run('import terraform state.json');
    expect(said.code).toBe(Exit.refused);
    expect(said.out).toMatch(/Left: census_sync\.orders: no manifest can say it: \/operation .*\n/);
    expect(said.out).toContain('9 written, 9 bound');
  });

  test('a file that was lost after the ledger was written is written again, and what was imported is not pruned', async () => {
    const space = await made();
    await space.run('import terraform state.json');
    const before = read(space, 'syncs/s3-exports/orders-to-bucket.yaml');
    rmSync(join(space.folder, 'syncs/s3-exports'), { recursive: true });
    expect((await space.run('apply --prune --auto-approve')).code).toBe(Exit.ok);
    expect(space.writes()).toEqual([]);
    const again = await space.run('import terraform state.json');
    expect(again.out).toContain('1 written, 0 bound, 9 managed here already');
    expect(read(space, 'syncs/s3-exports/orders-to-bucket.yaml')).toBe(before);
    expect((await space.run('plan --exit-code')).code).toBe(Exit.ok);
  });

  test('standard input is read, and one of several targets must be named', async () => {
    const space = await made();
    const { url } = space.emulator;
    space.write('syncline.yaml', project({ production: url, staging: url }));
    expect(await space.run('import terraform state.json')).toMatchObject({ code: Exit.invalid });
    const said = await space.run('import terraform - --target production', {
      env: { TOKEN: space.emulator.token },
      cwd: space.folder,
      typed: state,
    });
    expect(said.out).toContain('10 written, 10 bound');
    expect(read(space, 'syncs/hubspot/active-customers-to-hubspot.yaml')).toContain('targets: [production]');
    expect((await space.run('plan --exit-code --target production')).code).toBe(Exit.ok);
  });

  test('two syncs of one label come over by their ids, without a label; without a ledger they are left', async () => {
    const twins = (value: string) => value.replaceAll('"Small accounts"', '"Large accounts"');
    const space = await made(twins(state), JSON.parse(twins(JSON.stringify(seed.syncs))));
    const said = await space.run('import terraform state.json');
    expect(said.code).toBe(Exit.ok);
    expect(said.out).toContain(
      'CensusSync/large-accounts-70007 is written without a label, because others bear "Large accounts" too.',
    );
    expect((await space.run('plan --exit-code')).code).toBe(Exit.ok);
    const other = await made(twins(state), JSON.parse(twins(JSON.stringify(seed.syncs))));
    other.write('syncline.yaml', `${project({ production: other.emulator.url })}ledger: none\n`);
    const left = await other.run('import terraform state.json');
    expect(left.code).toBe(Exit.refused);
    expect(left.out).toContain('8 written, 0 bound, 0 managed here already, 0 not as live, 2 left.');
    expect((await other.run('plan --exit-code')).code).toBe(Exit.ok);
  });

  test('JSON has the same', async () => {
    const space = await made();
    const { version, targets, failed } = JSON.parse(
      (await space.run('import terraform state.json --format json --layout flat')).out,
    );
    expect({ version, failed }).toEqual({ version: 1, failed: [] });
    expect(targets).toHaveLength(1);
    expect(targets[0]).toMatchObject({ target: 'production', known: 0, left: [], differences: [] });
    expect(targets[0].manifests[1]).toMatchObject({
      action: 'created',
      address: 'CensusSync/users-to-crm',
      id: '70001',
      file: 'syncs/users-to-crm.yaml',
    });
  });

  const hostile: readonly (readonly [name: string, text: string, code: string, place: string])[] = [
    ['no JSON', '{"values": ', 'not-json', 'state.json:1:12'],
    ['another JSON', '{"a": 1}', 'not-a-state', 'state.json:1:1'],
    ['a plan', '{"format_version":"1.2","planned_values":{"root_module":{}}}', 'not-a-state', 'state.json:1:1'],
    [
      'a key of prototypes',
      '{"format_version":"1.0","values":{"__proto__":{"a":1}}}',
      'forbidden-key',
      'state.json:1:35',
    ],
    ['endless nesting', `{"values":${'['.repeat(50_000)}${']'.repeat(50_000)}}`, 'too-deep', 'state.json:1:1'],
    [
      'wrong types',
      '{"values":{"root_module":{"resources":[{"address":7,"type":"census_sync","values":{}}]}}}',
      'wrong-type',
      'state.json:1:51',
    ],
    ['an attribute of a wrong type', state.replace('"paused": false', '"paused": "no"'), 'wrong-type', 'state.json:'],
  ];
  test.each(hostile)('%s is a diagnostic with its place', async (_name, text, code, place) => {
    const said = await (await made(text)).run('import terraform state.json');
    expect(said).toMatchObject({ code: Exit.invalid, out: '' });
    expect(said.err).toContain(code);
    expect(said.err).toContain(place);
    expect(said.err).not.toMatch(/^\s+at |^\s+\d+ \| /m);
  });

  test('an empty state has nothing, and a file that is not there is told', async () => {
    const space = await made('{"format_version":"1.0"}');
    const said = await space.run('import terraform state.json');
    expect(said).toMatchObject({ code: Exit.ok });
    expect(said.out).toContain('0 written, 0 bound');
    expect(await space.run('import terraform other.json')).toMatchObject({ code: Exit.invalid });
    expect((await space.run('import chef cookbook')).err).toContain('Nothing imports from "chef"');
  });
});
