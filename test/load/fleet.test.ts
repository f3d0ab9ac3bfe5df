// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how references are written.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readCsv } from '../../src/load/fleet/csv.ts';
import { placeInProject } from '../../src/load/place.ts';
import { type LoadedProject, loadProject } from '../../src/load/project.ts';
import { folder } from '../validate/workspace.ts';

const defaults = '{ provider: census, api: v1, token: "${env.TOKEN}" }';

/** A project whose targets stand in a fleet file. */
function fleet(file: string, text: string, settings = defaults, more = ''): LoadedProject {
  const project = `version: 1\nmanifests: []\n${more}targets_from: { file: ${file}, defaults: ${settings} }\n`;
  return loadProject({ directory: folder({ 'syncline.yaml': project, [file]: text }) });
}

const told = ({ diagnostics }: LoadedProject) =>
  diagnostics.map((one) => `${one.file}:${one.line}:${one.column} ${one.code}`);

describe('a fleet file in CSV', () => {
  test('makes a target of each row: empty cells are defaults, lists have semicolons, numbers are numbers', () => {
    const text = [
      '\uFEFFname,workspace,token,vars.region,vars.size,limits.max_deletes,protect,manifests',
      'acme,4321,${env.ACME},eu,,9,CensusSync/a-*; CensusSync/b,"acme/**/*.yaml;common/*.yaml"',
      ',,,,,,,',
      '"bolt",4322,,,1.50,,,',
      '',
    ].join('\r\n');
    const settings = `{ provider: census, api: v1, token: "\${env.ALL}", vars: { region: us, size: 1 }, limits: { concurrency: 2 } }`;
    const { project, diagnostics } = fleet('fleet.csv', text, settings);
    expect(diagnostics).toEqual([]);
    expect(project?.targets).toMatchObject([
      {
        name: 'acme',
        workspace: 4321,
        token_variable: 'ACME',
        vars: { region: 'eu', size: 1 },
        limits: { max_deletes: 9, concurrency: 2 },
        protect: ['CensusSync/a-*', 'CensusSync/b'],
        manifests: ['acme/**/*.yaml', 'common/*.yaml'],
      },
      {
        name: 'bolt',
        token_variable: 'ALL',
        vars: { region: 'us', size: 1.5 },
        written: { size: '1.50' },
        limits: { max_deletes: 5, concurrency: 2 },
        protect: [],
      },
    ]);
    expect(project?.targets[1]?.manifests).toBeUndefined();
  });

  test('stands beside targets of the project file, and its groups are a list', () => {
    const more = 'targets: { main: { provider: census, api: v1, token: "${env.MAIN}" } }\n';
    const settings = '{ provider: census, api: v2, token: "${env.PAT}" }';
    const { project } = fleet('fleet.csv', 'name,groups\nacme,b_two;a_one\nbolt,c_three\n', settings, more);
    expect(project?.targets.map(({ name, groups }) => [name, groups])).toEqual([
      ['main', undefined],
      ['acme', ['a_one', 'b_two']],
      ['bolt', ['c_three']],
    ]);
  });

  test('what it says is found where it says it, and what the defaults say there', () => {
    const { project } = fleet('fleet.csv', 'name,workspace\nacme,1\n');
    if (project === undefined) throw new Error('It does not load.');
    const at = (path: string) => Object.values(placeInProject(project, path, 'value')).join(':');
    expect(at('/targets/acme/workspace')).toBe('fleet.csv:2:6');
    expect(at('/targets/acme/token')).toBe('syncline.yaml:3:80');
    expect(at('/targets/acme/vars')).toBe('fleet.csv:2:1');
    expect(at('/manifests')).toBe('syncline.yaml:2:12');
  });

  const mistakes: readonly (readonly [title: string, text: string, ...told: string[]])[] = [
    ['an unknown column', 'name,workspce\na,1\nb,2\n', 'fleet.csv:1:6 unknown-field'],
    ['an unknown column that is empty', 'name,workspce\na,\n', 'fleet.csv:1:6 unknown-field'],
    ['an unknown dotted column', 'name,limits.max_delets\na,1\n', 'fleet.csv:1:6 unknown-field'],
    ['a column named as nothing may be', 'name,vars.__proto__\na,1\n', 'fleet.csv:1:6 forbidden-key'],
    ['no name', 'workspace\n1\n', 'fleet.csv:1:1 missing-field'],
    ['an empty name', 'name,workspace\n,1\n', 'fleet.csv:2:1 missing-field'],
    ['a bad name', 'name\na b\n', 'fleet.csv:2:1 bad-name'],
    ['a name twice', 'name\na\na\n', 'fleet.csv:3:1 duplicate-target'],
    ['a column twice', 'name,vars.a,vars.a\na,1,2\n', 'fleet.csv:1:13 duplicate-key'],
    ['a column in another', 'name,vars,vars.a\na,1,2\n', 'fleet.csv:1:11 duplicate-key'],
    ['a cell too many', 'name\na,b\n', 'fleet.csv:2:3 row-length'],
    ['a cell too few', 'name,workspace\na\n', 'fleet.csv:2:1 row-length'],
    ['an open quote', 'name\n"a\n', 'fleet.csv:2:1 csv-syntax'],
    ['text behind a quote', 'name\n"a"b\n', 'fleet.csv:2:4 csv-syntax'],
    ['a quote inside', 'name\na"b"\n', 'fleet.csv:2:2 csv-syntax'],
    ['no number', 'name,limits.max_deletes\na,many\n', 'fleet.csv:2:3 wrong-type'],
    ['a value that is not allowed', 'name,region\na,mars\n', 'fleet.csv:2:3 not-allowed'],
    ['one workspace twice', 'name,workspace\na,1\nb,1\n', 'fleet.csv:3:3 shared-workspace'],
    ['no row', 'name,workspace\n', 'syncline.yaml:3:23 empty-file'],
    ['nothing', '\n', 'syncline.yaml:3:23 empty-file'],
  ];

  test.each(mistakes)('with a mistake: %s', (_title, text, ...expected) => {
    const loaded = fleet('fleet.csv', text);
    expect(loaded.project).toBeUndefined();
    expect(told(loaded)).toEqual(expected);
    for (const { message, hint } of loaded.diagnostics) expect(`${message} ${hint}`).toMatch(/\. .*[.?]$/);
  });

  test('a field that only the service of some rows has is wrong in the others alone', () => {
    const loaded = fleet('fleet.csv', 'name,provider,api,region\na,census,v1,eu\nb,fabra,server,eu\n');
    expect(told(loaded)).toEqual(['fleet.csv:3:16 unknown-field']);
  });

  test('rows in different regions, or at different hosts, may have the same number of a workspace', () => {
    expect(told(fleet('fleet.csv', 'name,workspace,region\na,1,eu\nb,1,us\n'))).toEqual([]);
    expect(told(fleet('fleet.csv', 'name,workspace,base_url\na,1,https://a.example\nb,1,https://b.example\n'))).toEqual(
      [],
    );
    const same = 'name,workspace,base_url\na,1,https://a.example\nb,1,https://a.example/\n';
    expect(told(fleet('fleet.csv', same))).toEqual(['fleet.csv:3:3 shared-workspace']);
  });

  test('a workspace, or a name, of the targets of the project file is no row', () => {
    const more = 'targets: { main: { provider: census, api: v1, token: "${env.MAIN}", workspace: 7 } }\n';
    const loaded = fleet('fleet.csv', 'name,workspace\nacme,7\nmain,8\n', defaults, more);
    expect(told(loaded)).toEqual(['fleet.csv:2:6 shared-workspace', 'fleet.csv:3:1 duplicate-target']);
  });

  test('no message shows a token, wherever it stands, and no report its line', () => {
    const text = 'name,token,workspace,base_url,region\na,sk_live_SECRET,1,https://u:SECRET@x,us\n';
    const { diagnostics } = fleet('fleet.csv', text);
    expect(diagnostics.map((one) => one.code)).toEqual(['literal-token', 'bad-url']);
    expect(JSON.stringify(diagnostics)).not.toContain('SECRET');
    expect(diagnostics.every((one) => one.unquoted)).toBe(true);
  });

  test('a mistake in the defaults is told once, where it stands', () => {
    const loaded = fleet('fleet.csv', 'name\na\nb\n', '{ provider: census, api: v1, token: SECRET, protekt: [] }');
    expect(told(loaded)).toEqual(['syncline.yaml:3:80 literal-token', 'syncline.yaml:3:88 unknown-field']);
  });
});

describe('a fleet file that is a list', () => {
  const yaml = [
    '- name: acme',
    '  workspace: 4321',
    '  vars.region: eu',
    '  vars: { size: 1.10 }',
    '  limits: { max_deletes: ~ }',
    '- { name: bolt, workspace: 5 }',
  ].join('\n');

  test.each(['fleet.yaml', 'fleet.yml'])('%s says the same by dotted paths and nested', (file) => {
    const { project, diagnostics } = fleet(file, yaml);
    expect(diagnostics).toEqual([]);
    expect(project?.targets).toMatchObject([
      { name: 'acme', workspace: 4321, vars: { region: 'eu', size: 1.1 }, written: { size: '1.10' } },
      { name: 'bolt', workspace: 5, vars: {} },
    ]);
  });

  test('JSON is read too', () => {
    const { project } = fleet('fleet.json', '[{"name":"acme","workspace":1,"protect":["CensusSync/a"]}]');
    expect(project?.targets).toMatchObject([{ name: 'acme', workspace: 1, protect: ['CensusSync/a'] }]);
  });

  test.each([
    ['no list', 'name: acme\n', 'fleet.yaml:1:1 wrong-type'],
    ['an item that is no mapping', '- acme\n', 'fleet.yaml:1:3 wrong-type'],
    ['an unknown key', '- { name: a, workspce: 1 }\n', 'fleet.yaml:1:14 unknown-field'],
    ['a field twice', '- { name: a, vars: { b: 1 }, vars.b: 2 }\n', 'fleet.yaml:1:30 duplicate-key'],
    ['a key named as nothing may be', '- { name: a, vars.__proto__: 2 }\n', 'fleet.yaml:1:14 forbidden-key'],
    ['no YAML', '- [\n', 'fleet.yaml:2:1 yaml-syntax'],
    ['a token', '- { name: a, token: sk }\n', 'fleet.yaml:1:21 literal-token'],
    ['a name that is a number', '- { name: 7 }\n', 'fleet.yaml:1:11 bad-name'],
    ['text for a number', '- { name: a, limits.max_deletes: "5" }\n', 'fleet.yaml:1:34 wrong-type'],
  ])('with a mistake: %s', (_title, text, expected) => {
    expect(told(fleet('fleet.yaml', text))).toEqual([expected]);
  });
});

test.each([
  ['missing.csv', 'missing-file'],
  ['../fleet.csv', 'outside-project'],
  ['fleet.txt', 'bad-format'],
  ['/etc/passwd.csv', 'outside-project'],
])('the file %s is told at the place that names it', (file, code) => {
  const project = `version: 1\nmanifests: []\ntargets_from: { file: ${file}, defaults: ${defaults} }\n`;
  const loaded = loadProject({ directory: folder({ 'syncline.yaml': project, 'fleet.txt': 'name\na\n' }) });
  expect(told(loaded)).toEqual([`syncline.yaml:3:23 ${code}`]);
  expect(loaded.diagnostics[0]?.hint).not.toContain('this manifest');
});

test('globs may be left out of the project file where every target has its own', () => {
  const load = (rows: string) => {
    const project = `version: 1\ntargets_from: { file: fleet.csv, defaults: ${defaults} }\n`;
    return loadProject({ directory: folder({ 'syncline.yaml': project, 'fleet.csv': rows }) });
  };
  expect(told(load('name,manifests\na,a/*.yaml\nb,b/*.yaml\n'))).toEqual([]);
  expect(told(load('name,manifests\na,a/*.yaml\nb,\n'))).toEqual(['syncline.yaml:1:1 missing-field']);
});

test.each([
  ['a quote that is never closed', 'fleet.csv', 'name,manifests\n"a,a/*.yaml\n', 'fleet.csv:2:1 csv-syntax'],
  ['text behind a quote', 'fleet.csv', 'name,manifests\na,"a/*.yaml"x\n', 'fleet.csv:2:13 csv-syntax'],
  ['no column of names', 'fleet.csv', 'nam,manifests\na,a/*.yaml\n', 'fleet.csv:1:1 missing-field'],
  ['no name', 'fleet.csv', 'name,manifests\n,a/*.yaml\n', 'fleet.csv:2:1 missing-field'],
  ['no row', 'fleet.csv', 'name,manifests\n', 'syncline.yaml:2:23 empty-file'],
  ['no YAML', 'fleet.yaml', '- [\n', 'fleet.yaml:2:1 yaml-syntax'],
  ['no list', 'fleet.yaml', 'name: a\nmanifests: [a/*.yaml]\n', 'fleet.yaml:1:1 wrong-type'],
  ['no file', 'missing.csv', '', 'syncline.yaml:2:23 missing-file'],
])('where globs are left to rows that cannot be read, only that is told: %s', (_title, file, text, expected) => {
  const from = `targets_from: { file: ${file}, defaults: ${defaults} }\n`;
  const files = text === '' ? {} : { [file]: text };
  const load = (more: string) =>
    told(loadProject({ directory: folder({ 'syncline.yaml': `version: 1\n${from}${more}`, ...files }) }));
  expect(load('')).toEqual([expected]);
  const target = '{ provider: census, api: v1, token: "${env.MAIN}" }';
  expect(load(`targets: { main: ${target} }\n`)).toEqual(['syncline.yaml:1:1 missing-field', expected]);
});

test('whatever the cells hold, a CSV text is read as it was written', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', ',', '"', '\r', '\n', ' ', ';', 'é'), maxLength: 6 });
  const table = fc
    .integer({ min: 1, max: 4 })
    .chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { maxLength: 5 }));
  const written = (text: string, always: boolean) =>
    always || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  fc.assert(
    fc.property(table, fc.constantFrom('\n', '\r\n'), fc.boolean(), fc.boolean(), (rows, end, always, last) => {
      const text = rows.map((row) => row.map((one) => written(one, always)).join(',')).join(end) + (last ? end : '');
      const read = readCsv(text);
      expect(read.problem).toBeUndefined();
      expect(read.rows.map((row) => row.map((one) => one.text))).toEqual(
        rows.filter((row) => row.some((one) => one !== '')),
      );
      for (const one of read.rows.flat()) {
        const rest = text.slice(one.offset);
        expect(rest.startsWith(one.text) || rest.startsWith(written(one.text, true))).toBe(true);
      }
    }),
    { numRuns: 200 },
  );
});

test('no text makes the reader fail, and every problem stands in the text', () => {
  const text = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r'), maxLength: 30 });
  fc.assert(
    fc.property(text, (one) => {
      const { problem } = readCsv(one);
      if (problem !== undefined) expect(problem.offset).toBeLessThan(one.length);
    }),
    { numRuns: 300 },
  );
});
