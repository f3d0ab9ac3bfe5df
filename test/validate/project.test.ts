// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how references are written.
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { folder, line, manifest, twoTargets, validated } from './workspace.ts';

const base = { 'syncline.yaml': twoTargets };
const wait = (name: string) => `  mode: { type: triggered, triggers: { sync_sequence: { sync: ${name} } } }\n`;

describe('a dataset and the syncs that read it', () => {
  const dataset = (source: string) =>
    `kind: CensusDataset\nname: users\nspec: { name: Users, type: sql, query: select 1, ${source} }\n`;
  const reading = manifest('a').replace(/object: .*/, 'object: { type: dataset, name: Users } }');
  const found = (source: string) =>
    validated(folder({ ...base, 'syncs/a.yaml': reading, 'syncs/users.yaml': dataset(source) }));

  test('are of one connection', async () => {
    expect((await found('source: Warehouse')).diagnostics).toEqual([]);
    // By its id alone nobody can tell offline.
    expect((await found('source_id: 5')).diagnostics).toEqual([]);
    const { diagnostics } = await found('source: Lake');
    expect(diagnostics.map((one) => one.code)).toEqual(['source-mismatch']);
    expect(diagnostics[0]).toMatchObject({ file: 'syncs/a.yaml', message: expect.stringContaining('"Lake"') });
  });
});

describe('what a target protects', () => {
  const protecting = (globs: string) =>
    validated(
      folder({
        'syncline.yaml': twoTargets.replace('  staging:', `    protect: [${globs}]\n  staging:`),
        'syncs/a.yaml': manifest('a'),
      }),
    );

  test('can be an address of it, or a star that stands for the kind too', async () => {
    const globs = '"CensusSync/billing-*", "*", "*/a", "Census*/a", "Census*", "C?nsusSync/?", "CensusSync*a"';
    expect((await protecting(globs)).diagnostics).toEqual([]);
  });

  test.each([
    ['billing-*', 'CensusSync/billing-*'],
    ['CensusSnc/billing-*', 'Did you mean "CensusSync"?'],
    ['censussync/a', 'Did you mean "CensusSync"?'],
    ['FabraSync/a', 'CensusSync/a'],
    ['a', 'CensusSync/a'],
  ])('%s can never match, and is an error', async (glob, hint) => {
    const { diagnostics } = await protecting(`"${glob}"`);
    expect(diagnostics).toMatchObject([
      { code: 'useless-glob', file: 'syncline.yaml', message: expect.stringContaining(glob) },
    ]);
    expect(diagnostics[0]?.hint).toContain(hint);
  });
});

describe('files', () => {
  test('are all there are, and the project file is none of them', async () => {
    const wide = twoTargets.replace('syncs/**/*.yaml', '"**/*.yaml"');
    const { count, diagnostics } = await validated(folder({ 'syncline.yaml': wide, 'a.yaml': manifest('a') }));
    expect(diagnostics).toEqual([]);
    expect(count).toBe(1);
  });

  test('each that cannot be used is told, and the others are read', async () => {
    const outside = folder({ 'x.yaml': manifest('x') });
    const root = folder({
      ...base,
      'syncs/empty.yaml': '# nothing\n',
      'syncs/hollow.yaml': '---\n---\n',
      'syncs/large.yaml': 'x'.repeat(1024 * 1024 + 1),
      'syncs/latin.yaml': new Uint8Array([0xe9]),
      'syncs/broken.yaml': 'a: [\n',
      'syncs/fine.yaml': manifest('fine'),
    });
    symlinkSync(join(outside, 'x.yaml'), join(root, 'syncs/link.yaml'));
    const { diagnostics, count, manifests } = await validated(root);
    expect(diagnostics.map(line)).toEqual([
      'syncs/broken.yaml:2:1 yaml-syntax',
      'syncs/empty.yaml:1:1 empty-file',
      'syncs/hollow.yaml:1:1 empty-file',
      'syncs/large.yaml:1:1 file-too-large',
      'syncs/latin.yaml:1:1 not-utf8',
      'syncs/link.yaml:1:1 symlink-outside',
    ]);
    expect(count).toBe(2);
    expect(manifests.get('production')?.map((one) => one.name)).toEqual(['fine']);
  });

  test('a set of manifests that is empty by accident is an error, and one that is meant to be is not', async () => {
    const found = async (globs: string) => {
      const text = twoTargets.replace('[syncs/**/*.yaml]', globs);
      const { diagnostics } = await validated(folder({ 'syncline.yaml': text, 'syncs/a.yaml': manifest('a') }));
      return diagnostics.map((one) => `${line(one)}: ${one.message} ${one.hint}`);
    };
    expect(await found('[]')).toEqual([]);
    expect(await found('["!syncs/**"]')).toEqual([
      expect.stringMatching(/^syncline.yaml:2:12 empty-glob: .*only leave files out.* `manifests: \[\]`/),
    ]);
    expect(await found('["syncs/*.yaml", "!syncs/**"]')).toEqual([
      expect.stringMatching(/^syncline.yaml:2:13 empty-glob: .*another glob leaves out\. .* `manifests: \[\]`/),
    ]);
    expect(await found('[none/*.yaml]')).toEqual([expect.stringMatching(/matches no file\. .* `manifests: \[\]`/)]);
  });

  test('a manifest that no glob matches is a warning, without paths too', async () => {
    const root = folder({
      ...base,
      'syncs/a.yaml': manifest('a'),
      'syncs/b.yml': manifest('b'),
      'syncs/deep/c.YAML': manifest('c'),
      'syncs/other.yml': 'kind: Deployment\nname: x\n',
      'syncs/.hidden.yml': manifest('hidden'),
      'syncs/notes.txt': manifest('notes'),
    });
    const { diagnostics } = await validated(root);
    expect(diagnostics.map((one) => `${one.severity} ${line(one)}`)).toEqual([
      'warning syncs/b.yml:1:1 unmatched-file',
      'warning syncs/deep/c.YAML:1:1 unmatched-file',
    ]);
    const text = twoTargets.replace('[syncs/**/*.yaml]', '["syncs/**/*.yaml", "!**/*.yml", "!**/*.YAML"]');
    writeFileSync(join(root, 'syncline.yaml'), text);
    expect((await validated(root)).diagnostics).toEqual([]);
  });

  test('what is no file is told, and not waited for', async () => {
    const root = folder({ ...base, 'syncs/a.yaml': manifest('a'), 'syncs/b.yaml/c.yaml': manifest('c') });
    symlinkSync('/dev/zero', join(root, 'syncs/zero.yaml'));
    const { diagnostics, manifests } = await validated(root);
    expect(diagnostics.map(line)).toEqual([
      'syncs/b.yaml:1:1 unreadable-file',
      expect.stringMatching(/^syncs\/zero.yaml:1:1 (symlink-outside|unreadable-file)$/),
    ]);
    expect(manifests.get('production')?.map((one) => one.name)).toEqual(['a', 'c']);
  });

  test.runIf(process.platform !== 'win32')('a pipe and a socket are told, and not waited for', async () => {
    const root = folder({ ...base, 'syncs/a.yaml': manifest('a') });
    execFileSync('mkfifo', [join(root, 'syncs/pipe.yaml'), join(root, 'pipe.txt')]);
    const server = createServer().listen(join(root, 'syncs/socket.yaml'));
    await once(server, 'listening');
    symlinkSync('pipe.yaml', join(root, 'syncs/link.yaml'));
    const { diagnostics, count } = await validated(root);
    expect([count, ...diagnostics.map(line)]).toEqual([
      1,
      'syncs/link.yaml:1:1 unreadable-file',
      'syncs/pipe.yaml:1:1 unreadable-file',
      'syncs/socket.yaml:1:1 unreadable-file',
    ]);
    const paths = ['pipe.txt', 'syncs/pipe.yaml', 'syncs/socket.yaml'];
    const named = await validated(root, { paths });
    expect(named.diagnostics.map((one) => `${one.file} ${one.message}`)).toEqual(
      paths.map((path) => `${path} This is not a regular file.`),
    );
    server.close();
  });

  test('a glob that matches nothing, or leaves the project, is told at its place', async () => {
    const text = twoTargets.replace('[syncs/**/*.yaml]', '[syncs/*.yaml, none/*.yaml, ../x/*.yaml, /etc/*.yaml]');
    const { diagnostics } = await validated(folder({ 'syncline.yaml': text, 'syncs/a.yaml': manifest('a') }));
    expect(diagnostics.map(line)).toEqual([
      'syncline.yaml:2:27 empty-glob',
      'syncline.yaml:2:40 bad-glob',
      'syncline.yaml:2:53 bad-glob',
    ]);
  });

  test('the project file may have another name', async () => {
    const root = folder({ ...base, 'crm.yaml': twoTargets.replace('syncs/', 'crm/') });
    const { loadProject } = await import('../../src/load/project.ts');
    const { validateProject } = await import('../../src/engine/validate/validate.ts');
    const { project } = loadProject({ directory: root, config: 'crm.yaml' });
    if (project === undefined) throw new Error('It loads.');
    const { diagnostics } = await validateProject({ project, kinds: [] });
    expect(diagnostics.map(line)).toEqual(['crm.yaml:2:13 empty-glob']);
  });

  test('several documents of a file are manifests of their own', async () => {
    const text = `# first\n---\n${manifest('a')}---\n---\n${manifest('b')}  paused: 1\n`;
    const { diagnostics, count } = await validated(folder({ ...base, 'syncs/a.yaml': text }));
    expect(diagnostics.map(line)).toEqual(['syncs/a.yaml:23:11 wrong-type']);
    expect(count).toBe(2);
  });

  test('order does not depend on how the file system lists them', async () => {
    // No two that differ in case alone: some file systems hold them for one.
    const names = ['b', 'a-c', 'a', 'C', '10', '9'];
    const files = Object.fromEntries(
      names.map((name) => [`syncs/${name}.yaml`, manifest(`x${names.indexOf(name)}`, `x${name}`, '  pausd: 1\n')]),
    );
    const { diagnostics } = await validated(folder({ ...base, ...files }));
    expect(diagnostics.map((one) => one.file)).toEqual(
      ['10', '9', 'C', 'a-c', 'a', 'b'].map((name) => `syncs/${name}.yaml`),
    );
  });

  test('a caller is told of manifests as they are found, and others get their turn', async () => {
    const steps: string[] = [];
    const files = Object.fromEntries(
      Array.from({ length: 60 }, (_, index) => [`syncs/${String(index).padStart(2, '0')}.yaml`, manifest(`m${index}`)]),
    );
    const watch = {
      targets: ['production'],
      told: (target: string, found: readonly unknown[]) => steps.push(`${target} ${found.length}`),
      pause: async () => {
        steps.push('pause');
      },
    };
    expect((await validated(folder({ ...base, ...files }), watch)).count).toBe(60);
    expect(steps).toEqual(['production 1', 'pause', 'production 25', 'pause', 'production 25', 'pause']);
  });
});

describe('paths', () => {
  const root = folder(
    {
      ...base,
      'syncs/a/one.yaml': manifest('one', 'Same', '  pausd: 1\n'),
      'syncs/b/two.yaml': manifest('two', 'Twice'),
      'syncs/b/three.yaml': manifest('three', 'Twice'),
      'notes/four.yaml': manifest('four', 'Four', '  pausd: 1\n'),
      'notes/workflow.yaml': 'on: push\njobs: {}\n',
      'empty/readme.md': '',
    },
    afterAll,
  );

  test.each<[string, string[], string[], number]>([
    ['none: everything', [], ['syncs/a/one.yaml:10:3 unknown-field', 'syncs/b/two.yaml:4:10 duplicate-label'], 3],
    ['a file', ['syncs/a/one.yaml'], ['syncs/a/one.yaml:10:3 unknown-field'], 1],
    ['an absolute file', [join(root, 'syncs/a/one.yaml')], ['syncs/a/one.yaml:10:3 unknown-field'], 1],
    ['a folder', ['syncs/b'], ['syncs/b/two.yaml:4:10 duplicate-label'], 2],
    ['the earlier of two that clash', ['syncs/b/three.yaml'], ['syncs/b/three.yaml:4:10 duplicate-label'], 1],
    ['the whole project', ['.'], ['syncs/a/one.yaml:10:3 unknown-field', 'syncs/b/two.yaml:4:10 duplicate-label'], 3],
    ['the project file', ['syncline.yaml'], [], 0],
    [
      'a file that no glob matches',
      ['notes/four.yaml'],
      ['notes/four.yaml:1:1 unmatched-file', 'notes/four.yaml:10:3 unknown-field'],
      1,
    ],
    ['a file that is no manifest', ['notes/workflow.yaml'], ['notes/workflow.yaml:1:1 unmatched-file'], 0],
    ['a folder without manifests', ['empty'], ['empty:1:1 no-files'], 0],
    ['a file that does not exist', ['syncs/none.yaml'], ['syncs/none.yaml:1:1 unreadable-file'], 0],
    ['a file outside', ['../x.yaml'], ['../x.yaml:1:1 outside-project'], 0],
  ])('%s', async (_title, paths, expected, count) => {
    const result = await validated(root, { paths });
    expect(result.diagnostics.map(line)).toEqual(expected);
    expect(result.count).toBe(count);
  });
});

test('a path that is a link out of the project is outside', async () => {
  const outside = folder({ 'x.yaml': manifest('x') });
  const root = folder({ ...base, 'syncs/a.yaml': manifest('a') });
  symlinkSync(outside, join(root, 'linked'));
  const { diagnostics, count } = await validated(root, { paths: ['linked/x.yaml'] });
  expect(diagnostics.map(line)).toEqual(['linked/x.yaml:1:1 outside-project']);
  expect(count).toBe(0);
});

describe('targets', () => {
  test('share a manifest that says the same on all of them', async () => {
    const { manifests } = await validated(folder({ ...base, 'syncs/a.yaml': manifest('a') }));
    const [production] = manifests.get('production') ?? [];
    expect(production).toMatchObject({
      address: 'CensusSync/a',
      kind: 'CensusSync',
      name: 'a',
      document: 0,
      origin: { file: 'syncs/a.yaml', line: 1, column: 1 },
      lifecycle: { adopt: false, protect: false, replace: 'block', on_delete: 'delete', ignore: [] },
    });
    expect(manifests.get('staging')?.[0]).toBe(production);
  });

  test('have their own variables and overrides', async () => {
    const text = manifest('a', '"${vars.warehouse} at ${vars.hour}"').replace(
      'name: a\n',
      'name: a\noverrides: { staging: { paused: true, operation: update } }\n',
    );
    const { manifests, diagnostics } = await validated(folder({ ...base, 'syncs/a.yaml': text }));
    expect(diagnostics).toEqual([]);
    expect(manifests.get('production')?.[0]?.spec).toMatchObject({ label: 'Snowflake Prod at 6', operation: 'upsert' });
    expect(manifests.get('production')?.[0]?.spec).not.toHaveProperty('paused');
    expect(manifests.get('staging')?.[0]?.spec).toMatchObject({
      label: 'Snowflake Test at 6',
      operation: 'update',
      paused: true,
    });
  });

  test('share a manifest whose variables come to the same', async () => {
    const { manifests } = await validated(folder({ ...base, 'syncs/a.yaml': manifest('a', '"at ${vars.hour}"') }));
    expect(manifests.get('production')?.[0]?.spec).toMatchObject({ label: 'at 6' });
    expect(manifests.get('staging')?.[0]).toBe(manifests.get('production')?.[0]);
  });

  test('are chosen by the manifest, and by the caller', async () => {
    const root = folder({
      ...base,
      'syncs/a.yaml': manifest('a').replace('name: a\n', 'name: a\ntargets: [staging]\n'),
      'syncs/b.yaml': manifest('b'),
      'syncs/c.yaml': manifest('c').replace('name: c\n', 'name: c\ntargets: [production]\n'),
    });
    const all = await validated(root);
    const names = (target: string) => all.manifests.get(target)?.map((one) => one.name);
    expect([names('production'), names('staging'), all.count]).toEqual([['b', 'c'], ['a', 'b'], 3]);
    const one = await validated(root, { targets: ['staging'] });
    expect([[...one.manifests.keys()], one.count]).toEqual([['staging'], 2]);
  });

  test('that the caller names must exist', async () => {
    const { diagnostics } = await validated(folder({ ...base, 'syncs/a.yaml': manifest('a') }), {
      targets: ['stagin'],
    });
    expect(diagnostics.map(line)).toEqual(['syncline.yaml:3:1 unknown-target']);
    expect(diagnostics[0]?.hint).toBe('Did you mean "staging"?');
  });

  test('of another provider only: the manifest belongs nowhere', async () => {
    const text = twoTargets.replaceAll('provider: census', 'provider: fabra').replaceAll('api: v1', 'api: server');
    const { diagnostics } = await validated(folder({ 'syncline.yaml': text, 'syncs/a.yaml': manifest('a') }));
    expect(diagnostics.map(line)).toEqual(['syncs/a.yaml:1:7 no-target']);
  });

  test('lifecycle is read', async () => {
    const lifecycle =
      'lifecycle: { adopt: true, protect: true, replace: allow, on_delete: abandon, ignore: [/paused] }\n';
    const text = manifest('a').replace('name: a\n', `name: a\n${lifecycle}`);
    const { manifests } = await validated(folder({ ...base, 'syncs/a.yaml': text }));
    expect(manifests.get('staging')?.[0]?.lifecycle).toEqual({
      adopt: true,
      protect: true,
      replace: 'allow',
      on_delete: 'abandon',
      ignore: ['/paused'],
    });
  });
});

describe('across manifests', () => {
  test('a name stands for one manifest', async () => {
    const files = { 'syncs/a.yaml': manifest('same', 'A'), 'syncs/b.yaml': `# b\n${manifest('same', 'B')}` };
    const { diagnostics } = await validated(folder({ ...base, ...files }));
    expect(diagnostics.map(line)).toEqual(['syncs/b.yaml:3:7 duplicate-name']);
    expect(diagnostics[0]?.message).toBe('CensusSync/same is declared twice: here and at syncs/a.yaml:1:1.');
  });

  test('a name stands for one manifest of a target: those of different targets may share it', async () => {
    const on = (target: string, label: string) =>
      manifest('same', label).replace('spec:', `targets: [${target}]\nspec:`);
    const files = { 'syncs/a.yaml': on('production', 'A'), 'syncs/b.yaml': on('staging', 'B') };
    const apart = await validated(folder({ ...base, ...files }));
    expect(apart.diagnostics).toEqual([]);
    expect([...apart.manifests].map(([target, own]) => [target, own.map((one) => one.origin.file)])).toEqual([
      ['production', ['syncs/a.yaml']],
      ['staging', ['syncs/b.yaml']],
    ]);
    const both = await validated(folder({ ...base, ...files, 'syncs/c.yaml': manifest('same', 'C') }));
    expect(both.diagnostics.map((one) => `${line(one)} ${one.message}`)).toEqual([
      'syncs/c.yaml:2:7 duplicate-name CensusSync/same is declared twice: here and at syncs/a.yaml:1:1 (target "production").',
      'syncs/c.yaml:2:7 duplicate-name CensusSync/same is declared twice: here and at syncs/b.yaml:1:1 (target "staging").',
    ]);
  });

  test('a label stands for one manifest of a target', async () => {
    const on = (target: string, text: string) => text.replace('spec:', `targets: [${target}]\nspec:`);
    const files = {
      'syncs/a.yaml': on('production', manifest('a', 'Same')),
      'syncs/b.yaml': on('staging', manifest('b', 'Same')),
      'syncs/c.yaml': manifest('c', 'Same'),
    };
    const { diagnostics } = await validated(folder({ ...base, ...files }));
    expect(diagnostics.map((one) => `${line(one)} ${one.message}`)).toEqual([
      'syncs/c.yaml:4:10 duplicate-label The label "Same" is also that of CensusSync/a at syncs/a.yaml:1:1 (target "production").',
      'syncs/c.yaml:4:10 duplicate-label The label "Same" is also that of CensusSync/b at syncs/b.yaml:1:1 (target "staging").',
    ]);
  });

  test('an earlier name goes to one manifest of a target', async () => {
    const moved = (name: string, label: string) =>
      manifest(name, label).replace('spec:', 'moved_from: [older, old]\nspec:');
    const files = {
      'syncs/a.yaml': moved('a', 'A').replace('spec:', 'targets: [production]\nspec:'),
      'syncs/b.yaml': moved('b', 'B').replace('older, ', '').replace('spec:', 'targets: [staging]\nspec:'),
      'syncs/c.yaml': moved('c', 'C').replace('[older, old]', 'old'),
    };
    const { diagnostics } = await validated(folder({ ...base, ...files }));
    expect(diagnostics.map((one) => `${line(one)} ${one.message}`)).toEqual([
      'syncs/c.yaml:3:13 moved-from-twice CensusSync/old moves to CensusSync/c here, and to CensusSync/a at syncs/a.yaml:1:1 (target "production").',
      'syncs/c.yaml:3:13 moved-from-twice CensusSync/old moves to CensusSync/c here, and to CensusSync/b at syncs/b.yaml:1:1 (target "staging").',
    ]);
  });

  test('manifests without a label do not clash', async () => {
    const bare = (name: string) => manifest(name).replace(`  label: ${name}\n`, '');
    const { diagnostics } = await validated(folder({ ...base, 'syncs/a.yaml': bare('a'), 'syncs/b.yaml': bare('b') }));
    expect(diagnostics).toEqual([]);
  });

  test('a circle is told once, from its first manifest on', async () => {
    const files = {
      'syncs/a.yaml': manifest('zoe', 'Z', wait('amy')),
      'syncs/b.yaml': manifest('amy', 'A', wait('max')),
      'syncs/c.yaml': manifest('max', 'M', wait('zoe')),
      'syncs/d.yaml': manifest('out', 'O', wait('amy')),
    };
    const { diagnostics } = await validated(folder({ ...base, ...files }));
    expect(diagnostics.map(line)).toEqual(['syncs/b.yaml:10:63 sync-cycle']);
    expect(diagnostics[0]?.message).toBe('These syncs wait for each other: amy → max → zoe → amy.');
  });

  test('a long chain is no circle', async () => {
    const text = Array.from({ length: 300 }, (_, index) =>
      manifest(`m${index}`, `m${index}`, index === 0 ? '' : wait(`m${index - 1}`)),
    );
    expect((await validated(folder({ ...base, 'syncs/a.yaml': text.join('---\n') }))).diagnostics).toEqual([]);
  });

  test('a link leads to a manifest of the same target', async () => {
    const files = {
      'syncs/a.yaml': manifest('a', 'A').replace('spec:', 'targets: [production]\nspec:'),
      'syncs/b.yaml': manifest('b', 'B', wait('a')),
    };
    const { diagnostics } = await validated(folder({ ...base, ...files }));
    expect(diagnostics.map((one) => `${line(one)} ${one.message}`)).toEqual([
      'syncs/b.yaml:10:63 link-elsewhere The manifest "a" is not on the same target (target "staging").',
    ]);
  });

  test('a link to a manifest with mistakes is no second mistake', async () => {
    const files = {
      'syncs/a.yaml': manifest('a', 'A', '  pausd: 1\n'),
      'syncs/b.yaml': manifest('b', 'B', wait('a')),
      'syncs/c.yaml': manifest('c', 'C', wait('d')),
      'syncs/d.yaml': 'kind: CensusSync\nname: [\n',
    };
    const { diagnostics } = await validated(folder({ ...base, ...files }));
    expect(diagnostics.map(line)).toEqual(['syncs/a.yaml:10:3 unknown-field', 'syncs/d.yaml:3:1 yaml-syntax']);
  });
});

describe('liquid templates', () => {
  const mapped = (template: string) =>
    manifest('a', 'A', `    - { from: { liquid_template: "${template}" }, to: City }\n`);

  test.each(["{{ record['city'] | upcase }}", '{{ x | a_filter_of_the_service: 1 }}', 'costs ${{ x }}'])(
    '%s is fine',
    async (template) => {
      expect((await validated(folder({ ...base, 'syncs/a.yaml': mapped(template) }))).diagnostics).toEqual([]);
    },
  );

  test.each(['{{ x', '{% if x %}y'])('%s is told', async (template) => {
    const { diagnostics } = await validated(folder({ ...base, 'syncs/a.yaml': mapped(template) }));
    expect(diagnostics).toHaveLength(1);
    expect(diagnostics[0]).toMatchObject({ severity: 'error', file: 'syncs/a.yaml', line: 10 });
  });
});
