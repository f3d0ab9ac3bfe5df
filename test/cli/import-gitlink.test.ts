import { cpSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Exit } from '../../src/model/errors.ts';
import { root } from '../support/processes.ts';
import { type Workspace, workspace } from './workspace.ts';

const folder = join(root, 'examples/import');
const seed = JSON.parse(readFileSync(join(folder, 'seed.json'), 'utf8'));

/** A workspace that holds what GitLink describes, and a project without manifests beside a copy of its folder. */
async function governed(syncs = seed.syncs): Promise<Workspace> {
  const space = await workspace({ seed: { ...seed, syncs } });
  rmSync(join(space.folder, 'syncs'), { recursive: true });
  cpSync(join(folder, 'gitlink'), join(space.folder, 'gitlink'), { recursive: true });
  return space;
}

const text = (space: Workspace, path: string) => readFileSync(join(space.folder, path), 'utf8');

/** Changes one file of the folder. */
function edit(space: Workspace, name: string, change: (before: string) => string): void {
  const file = `gitlink/syncs/${name}.yml`;
  space.write(file, change(text(space, file)));
}

const live = (id: number, more: object) =>
  seed.syncs.map((one: { id: number }) => (one.id === id ? { ...one, ...more } : one));

describe('import gitlink', () => {
  test('every kind of source, mapping and trigger comes over, and the plan is empty; a second import has nothing to do', async () => {
    const space = await governed();
    const said = await space.run('import gitlink gitlink');
    expect(said).toMatchObject({ code: Exit.ok, err: '' });
    expect(said.out).toContain('7 written, 7 bound, 0 managed here already, 0 not as live, 0 left.\n');
    expect(said.out).toContain('Note: gitlink/models/braze-test.yml:1:1: model:braze-test is not managed by Syncline');
    expect(said.out).not.toContain('removed {');
    expect((await space.run('validate')).out).toContain('7 manifests are valid');
    expect((await space.run('plan --exit-code')).code).toBe(Exit.ok);
    expect((await space.run('fmt --check')).code).toBe(Exit.ok);
    const vip = text(space, 'syncs/facebook-ads/vip-audience.yaml');
    expect(vip).toContain('object: { type: segment, name: VIP customers, dataset: active customers }');
    expect(vip).toContain('sync_sequence: { sync: accounts-with-owners }');
    expect(text(space, 'syncs/google-ads/click-conversions.yaml')).toContain('operation: insert');
    expect((await space.run('import gitlink gitlink/')).out).toContain('0 written, 0 bound, 7 managed here already');
    expect(space.writes()).toEqual([]);
  });

  test('keys that no manifest has a place for are told with file, line and column', async () => {
    const space = await governed();
    edit(space, 'orders-export', (before) =>
      before
        .replace('      enabled: true\n', '      enabled: true\n      mode: add_only\n')
        .replace(
          '    object_identifier: exports/orders.csv\n',
          '    object_identifier: exports/orders.csv\n    file_settings:\n      file_format: CSV\n',
        )
        .replace(
          '  label: Orders export\n',
          '  label: Orders export\n  service_slice_size: 500\n  template_sync_identifier: sync:first\n',
        ),
    );
    const said = await space.run('import gitlink gitlink');
    expect(said.code).toBe(Exit.refused);
    for (const [line, column, key] of [
      [4, 3, 'service_slice_size'],
      [5, 3, 'template_sync_identifier'],
      [15, 7, 'mapping_configuration.sync_all_source_columns.mode'],
      [26, 7, 'destination.file_settings.file_format'],
    ])
      expect(said.out).toContain(
        `Left: gitlink/syncs/orders-export.yml:${line}:${column}: ${key} has no place in a manifest and was left out.\n`,
      );
    expect(said.out).toContain('7 written');
    expect((await space.run('plan --exit-code')).code).toBe(Exit.ok);
  });

  test('twins are told and left; so is what is not live', async () => {
    const [, ...others] = live(71001, { label: 'Trial cohort' });
    const space = await governed(others);
    const said = await space.run('import gitlink gitlink');
    expect(said.code).toBe(Exit.refused);
    expect(said.out).toContain(
      'trial-cohort.yml:1:1: 2 syncs have its label (71001, 71005), and nothing tells which is meant.\n',
    );
    expect(said.out).toContain(
      'hubspot-contact-sync.yml:1:1: nothing live is the sync "HubSpot Contact Sync", so no manifest was written.\n',
    );
    expect(said.out).toContain('5 written, 5 bound');
  });

  test('names that nothing live has, and names that several have, leave their sync', async () => {
    const space = await governed();
    edit(space, 'trial-cohort', (before) => before.replace('destination:braze', 'destination:brase'));
    edit(space, 'vip-audience', (before) => before.replace('sync:accounts-with-owners', 'sync:nobody'));
    edit(space, 'customers-to-braze', (before) => before.replace('entity:all-customers', 'entity:no-customers'));
    const said = await space.run('import gitlink gitlink --format json');
    const { left } = JSON.parse(said.out).targets[0];
    expect(left.map((one: { code: string; place: string }) => [one.code, one.place])).toEqual([
      ['unknown-name', 'gitlink/syncs/customers-to-braze.yml:18:24'],
      ['unknown-name', 'gitlink/syncs/trial-cohort.yml:11:28'],
      ['unknown-name', 'gitlink/syncs/vip-audience.yml:11:28'],
    ]);
    expect(left[1].message).toContain(
      'destination.connection_identifier is "destination:brase", and none of the destinations',
    );
    expect(said.code).toBe(Exit.refused);
  });

  test('a manifest says what the file says, and the plan shows where that is not live', async () => {
    const space = await governed(live(71002, { operation: 'update' }));
    const said = await space.run('import gitlink gitlink');
    expect(said.out).toContain('Differs: CensusSync/accounts-with-owners is live with other values of /operation\n');
    const { plans } = JSON.parse((await space.run('plan --format json')).out);
    expect(
      plans[0].changes.map((one: { address: string; fields: object[] }) => [one.address, one.fields]),
    ).toMatchObject([['CensusSync/accounts-with-owners', [{ path: '/operation', from: 'update', to: 'upsert' }]]]);
  });

  test('a mapping that the API does not take is kept as it is live, and where it is not there its sync is left', async () => {
    const space = await governed();
    const reference = (field: string) =>
      `    - from:\n        type: reference\n        data:\n          object_identifier: entity:accounts\n      to:\n        field_name: ${field}\n`;
    edit(space, 'hubspot-contact-sync', (before) =>
      before.replace(/ {4}- from:\n.*\n.*\n {10}column_name: plan\n.*\n.*\n/, reference('plan')),
    );
    edit(space, 'customers-to-braze', (before) => `${before}${reference('plan')}`);
    const said = await space.run('import gitlink gitlink');
    expect(said.out).toContain(
      'customers-to-braze.yml:31:7: mappings[2].from is of the type reference, which the API does not take, and so the whole sync was left out.',
    );
    expect(said.out).toContain('6 written');
    expect(text(space, 'syncs/hubspot/hubspot-contact-sync.yaml')).toContain('{ from: plan, to: plan }');
    expect((await space.run('plan --exit-code')).code).toBe(Exit.ok);
  });

  const wrong: readonly (readonly [name: string, content: string, code: string, place: string])[] = [
    ['no YAML', 'sync:a: {', 'yaml-syntax', 'gitlink/bad.yml:1:'],
    ['a list', '- sync:a\n', 'no-resource', 'gitlink/bad.yml:1:1'],
    ['another key', 'hello: { a: 1 }\n', 'no-resource', 'gitlink/bad.yml:1:1'],
    ['a wrong type', 'sync:a:\n  label: A\n  source: 5\n', 'wrong-type', 'gitlink/bad.yml:'],
    ['a key of prototypes', 'sync:a:\n  __proto__: { a: 1 }\n', 'forbidden-key', 'gitlink/bad.yml:2:3'],
    ['a duplicate key', 'sync:a:\n  label: A\n  label: B\n', 'duplicate-key', 'gitlink/bad.yml:3:3'],
  ];
  test.each(wrong)('%s is a diagnostic with its place, and nothing is written', async (_name, content, code, place) => {
    const space = await governed();
    space.write('gitlink/bad.yml', content);
    const said = await space.run('import gitlink gitlink');
    expect(said).toMatchObject({ code: Exit.invalid, out: '' });
    expect(said.err).toContain(code);
    expect(said.err).toContain(place);
    expect((await space.run('status --format json')).out).not.toContain('"state": "bound"');
  });

  test('a folder that is not there, or without files, is told', async () => {
    const space = await governed();
    expect((await space.run('import gitlink nowhere')).err).toContain('nowhere is no folder.');
    space.write('empty/readme.txt', '');
    expect(await space.run('import gitlink empty')).toMatchObject({ code: Exit.invalid });
  });
});
