import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Exit } from '../../src/model/errors.ts';
import { manifest, project, type Workspace, workspace } from './workspace.ts';

const empty = { seed: { syncs: [] } } as const;

function read({ folder }: Workspace, file: string): string {
  return readFileSync(join(folder, file), 'utf8');
}

describe('pull tells', () => {
  test('a change of a file that was not applied is taken back, and told with what the file said', async () => {
    const space = await workspace(empty);
    const text = (more: string, open: string, secret: string) =>
      manifest('users', `${more}  advanced_configuration: { open: ${open}, secret: ${secret} }\n`).replace(
        'spec:',
        'lifecycle: { hide: [/advanced_configuration/secret] }\nspec:',
      );
    const before = text('', '"a"', 'b');
    space.write('syncs/users.yaml', before);
    await space.run('apply --auto-approve');
    const mapping = '    - { from: city, to: MailingCity }\n';
    space.write(
      'syncs/users.yaml',
      text(mapping, '"wanted\\u202e"', 'hush-hush').replace('operation: upsert', 'operation: update'),
    );
    const changed = read(space, 'syncs/users.yaml');
    const drifted = await space.run('pull --drifted');
    expect(drifted).toMatchObject({ code: Exit.ok });
    expect(drifted.out).not.toContain('Taken back');
    expect(read(space, 'syncs/users.yaml')).toBe(changed);
    const said = await space.run('pull --only CensusSync/users');
    expect(said).toMatchObject({ code: Exit.ok });
    expect(said.out).toContain(
      'Taken back: /operation of CensusSync/users in syncs/users.yaml was update, a change that was not applied\n',
    );
    expect(said.out).toContain('Taken back: /mappings/MailingCity of CensusSync/users in syncs/users.yaml was {');
    expect(said.out).toContain(
      '/advanced_configuration/open of CensusSync/users in syncs/users.yaml was "wanted\\u202e"',
    );
    expect(said.out).toContain('/advanced_configuration/secret of CensusSync/users in syncs/users.yaml was (hidden)');
    expect(said.out).toContain(
      '4 changes that were not applied were taken back in the files; `syncline pull --drifted`',
    );
    expect(said.out).not.toContain('hush-hush');
    expect(read(space, 'syncs/users.yaml')).toBe(before);
    space.write('syncs/users.yaml', changed);
    const json = await space.run('pull --only CensusSync/users --format json');
    expect(json.out).not.toMatch(/hush-hush|\u202e/);
    const [{ manifests }] = JSON.parse(json.out).targets;
    expect(manifests[0].taken_back).toContainEqual({ path: '/operation', value: 'update' });
    expect(manifests[0].taken_back).toContainEqual({ path: '/advanced_configuration/secret', value: '(hidden)' });
    expect((await space.run('plan --exit-code --only CensusSync/users')).code).toBe(Exit.ok);
  });

  test('a name that only another target knows is told with how a manifest belongs to that target alone', async () => {
    const space = await workspace();
    const other = await workspace({ seed: { syncs: [], datasets: [], sources: [], destinations: [] } });
    const env = { TOKEN: other.emulator.token };
    const hint = 'A manifest that belongs to another target alone needs `targets: [production]`.';
    space.write('syncline.yaml', project({ staging: other.emulator.url }));
    const alone = await space.run('pull --target staging', { env });
    expect(alone).toMatchObject({ code: Exit.invalid });
    expect(alone.err).not.toContain('A manifest that belongs');
    space.write('syncline.yaml', project({ production: space.emulator.url, staging: other.emulator.url }));
    const said = await space.run('pull --target staging', { env });
    expect(said).toMatchObject({ code: Exit.invalid });
    expect(said.err).toContain(hint);
    space.write('syncs/users.yaml', `targets: [staging]\n${manifest('users')}`);
    const own = await space.run('pull --target staging', { env });
    expect(own).toMatchObject({ code: Exit.invalid });
    expect(own.err).not.toContain('A manifest that belongs');
    space.write('syncs/users.yaml', `targets: [production]\n${manifest('users')}`);
    expect(await space.run('pull --target staging', { env })).toMatchObject({ code: Exit.ok });
  });
});
