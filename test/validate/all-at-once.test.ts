// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how references are written.
import { describe, expect, test } from 'vitest';
import { loadProject } from '../../src/load/project.ts';
import { manifestOf } from './rows.ts';
import { folder, line, manifest, twoTargets, validated } from './workspace.ts';

describe('one problem hides no other of the same file', () => {
  test('a word of YAML 1.1 among nine other mistakes', async () => {
    const text = `kind: CensusSync
name: Users
lifecycle: { ignore: [/mappings/0/to] }
spec:
  label: Users
  paused: yes
  operation: upsret
  colour: red
  source_attributes: { connection: Warehouse, object: { type: model, name: "\${vars.nope}" } }
  destination_attributes: { connection: CRM, object: 5 }
  mappings:
    - { from: { constant: 010 }, to: Email, primary: 1 }
  mode: { type: triggered, triggers: { schedule: { frequency: expression, cron_expression: "0 0 31 2 *" } } }
  mode: {}
`;
    const { diagnostics } = await validated(folder({ 'syncline.yaml': twoTargets, 'syncs/a.yaml': text }));
    expect(diagnostics.map(line)).toEqual([
      'syncs/a.yaml:2:7 bad-format',
      'syncs/a.yaml:3:23 ignore-inside',
      'syncs/a.yaml:6:11 yaml-1.1',
      'syncs/a.yaml:7:14 not-allowed',
      'syncs/a.yaml:8:3 unknown-field',
      'syncs/a.yaml:9:76 unset-variable',
      'syncs/a.yaml:10:54 wrong-type',
      'syncs/a.yaml:12:27 yaml-1.1',
      'syncs/a.yaml:12:54 wrong-type',
      'syncs/a.yaml:13:92 invalid-cron',
      'syncs/a.yaml:14:3 duplicate-key',
    ]);
  });

  test('what two manifests get wrong together is told while one of them has other mistakes', async () => {
    const files = {
      'syncline.yaml': twoTargets,
      'syncs/a.yaml': manifest('a', 'Same'),
      'syncs/b.yaml': manifest('b', 'Same', '  pausd: true\n'),
    };
    expect((await validated(folder(files))).diagnostics.map(line)).toEqual([
      'syncs/b.yaml:4:10 duplicate-label',
      'syncs/b.yaml:10:3 unknown-field',
    ]);
  });

  test('nothing is told twice of one value', async () => {
    const text = manifestOf({
      more: 'paused: no\n',
      mappings: '[{ from: A, to: B, primary: yes }, { from: *x, to: C }]',
    });
    const { diagnostics } = await validated(folder({ 'syncline.yaml': twoTargets, 'syncs/a.yaml': text }));
    expect(diagnostics.map((one) => one.code)).toEqual(['yaml-1.1', 'unknown-alias', 'yaml-1.1']);
  });

  test('two misspelt words of the project file', () => {
    const text = twoTargets
      .replace('provider: census', 'provider: cenus\n    workspce: 5')
      .replace('hour: 6', 'hour: 010');
    const { diagnostics } = loadProject({ directory: folder({ 'syncline.yaml': text }) });
    expect(diagnostics.map(line)).toEqual([
      'syncline.yaml:5:15 not-allowed',
      'syncline.yaml:6:5 unknown-field',
      'syncline.yaml:9:46 yaml-1.1',
    ]);
  });

  test('a file that is no YAML counts as one manifest', async () => {
    const files = { 'syncline.yaml': twoTargets, 'syncs/a.yaml': 'a: [\n', 'syncs/b.yaml': manifest('b') };
    const { count, diagnostics } = await validated(folder(files));
    expect([count, diagnostics.map(line)]).toEqual([2, ['syncs/a.yaml:2:1 yaml-syntax']]);
  });
});

test('inside a longer text a variable stands for what was written', async () => {
  const text = manifestOf().replace('label: Users', 'label: "Users ${vars.api} at ${vars.hour}"');
  const { manifests, diagnostics } = await validated(folder({ 'syncline.yaml': twoTargets, 'syncs/a.yaml': text }));
  expect(diagnostics).toEqual([]);
  expect(manifests.get('production')?.[0]?.spec.label).toBe('Users 1.10 at 6');
});

test('a long variable that is used very often is too much, and said once', async () => {
  const project = twoTargets.replace('api: 1.10 }', `api: 1.10, long: ${'x'.repeat(100_000)} }`);
  const mappings = (count: number) =>
    Array.from({ length: count }, (_, index) => `{ from: { constant: "a\${vars.long}" }, to: F${index} }`).join(', ');
  const judged = async (count: number) => {
    const text = manifestOf({
      mappings: `[{ from: A, to: B, primary: true }, ${mappings(count)}]`,
      head: 'targets: [production]\n',
    });
    return (await validated(folder({ 'syncline.yaml': project, 'syncs/a.yaml': text }))).diagnostics;
  };
  expect(await judged(10)).toEqual([]);
  const [only, ...others] = await judged(10_000);
  expect([only?.code, only?.line, others]).toEqual(['too-much-text', 9, []]);
  expect(only?.message).toContain('"production"');
});

test.each([
  ['composed and decomposed', 'Caf\u00e9', 'Cafe\u0301'],
  ['a blank at the end', 'X', '"X "'],
  ['a no-break space', 'Sales Force', 'Sales\u00a0Force'],
  ['zero width', 'Users', 'Us\u200bers'],
])('labels that look alike are a warning: %s', async (_title, one, other) => {
  const files = {
    'syncline.yaml': twoTargets,
    'syncs/a.yaml': manifest('a', one),
    'syncs/b.yaml': manifest('b', other),
  };
  const { diagnostics } = await validated(folder(files));
  expect(diagnostics.map(line)).toEqual(['syncs/b.yaml:4:10 similar-label']);
  expect(diagnostics[0]).toMatchObject({ severity: 'warning', message: expect.stringContaining('CensusSync/a') });
  expect(diagnostics[0]?.message).toContain('\\u');
});

describe('pasted JSON', () => {
  const json = JSON.stringify(
    {
      label: 'Users',
      operation: 'upsert',
      source_attributes: { connection_id: 5, object: { type: 'model', name: 'users' } },
      destination_attributes: { connection_id: 6, object: 'Contact' },
      mappings: [{ from: 'EMAIL', to: 'Email', primary: true }],
    },
    null,
    2,
  );

  test.each([
    ['with its last brace in column 0', `kind: CensusSync\nname: users\nspec: ${json}\n`],
    ['with Windows line breaks', `kind: CensusSync\nname: users\nspec: ${json}\n`.replaceAll('\n', '\r\n')],
    ['that begins below its key', `kind: CensusSync\nname: users\nspec:\n${json}\n`],
    ['without any indentation', `kind: CensusSync\nname: users\nspec: ${json.replace(/^ +/gm, '')}\n`],
    [
      'in several documents',
      `kind: CensusSync\nname: users\nspec: ${json}\n---\nkind: CensusSync\nname: more\nspec: ${json.replace('Users', 'More')}\n`,
    ],
  ])('%s is accepted', async (_title, text) => {
    const { diagnostics } = await validated(folder({ 'syncline.yaml': twoTargets, 'syncs/a.yaml': text }));
    expect(diagnostics).toEqual([]);
  });

  test('has its mistakes at the right places', async () => {
    const text = `kind: CensusSync\nname: users\nspec: ${json.replace('"upsert"', '"upsret"')}\nlifecycle: { adopt: 1 }\n`;
    const { diagnostics } = await validated(folder({ 'syncline.yaml': twoTargets, 'syncs/a.yaml': text }));
    expect(diagnostics.map(line)).toEqual(['syncs/a.yaml:5:16 not-allowed', 'syncs/a.yaml:25:21 wrong-type']);
  });

  test('that might mean something else is refused', async () => {
    for (const spec of ['[1, 2\nb: 1]', '["a\nb"]', '{ "a": 1, # one,\n"b": 2 }', '["a\\\n]", 1]']) {
      const text = `kind: CensusSync\nname: users\nspec: ${spec}\n`;
      const { diagnostics } = await validated(folder({ 'syncline.yaml': twoTargets, 'syncs/a.yaml': text }));
      expect(diagnostics.map((one) => one.code)).toEqual(['yaml-syntax']);
    }
  });
});

describe('the time that problems take grows with their number, not with its square', () => {
  const projectFile = twoTargets;
  const timed = async (mappings: string): Promise<number> => {
    const root = folder({ 'syncline.yaml': projectFile, 'syncs/a.yaml': manifest('a', 'a', mappings) });
    const start = performance.now();
    await validated(root);
    return performance.now() - start;
  };

  test.each([
    ['unknown keys', (index: number) => `    - { from: A${index}, to: B${index}, x: 1 }\n`],
    ['numbers of YAML 1.1', (index: number) => `    - { from: { constant: 010 }, to: B${index} }\n`],
    ['aliases without anchors', (index: number) => `    - *a${index}\n`],
  ])('%s', async (_title, mapping) => {
    const many = (count: number) => Array.from({ length: count }, (_, index) => mapping(index)).join('');
    await timed(many(1000));
    const few = Math.min(await timed(many(1000)), await timed(many(1000)), await timed(many(1000)));
    const more = Math.min(await timed(many(10_000)), await timed(many(10_000)));
    expect(more / few).toBeLessThan(35);
  });
});
