// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how references are written.
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { startCensusV1 } from '../../src/emulator/census-v1/server.ts';
import { synclineHere } from '../cli/in-process.ts';

const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const project = `version: 1
manifests: ['syncs/*.yaml']
ledger: file
targets:
  production:
    provider: census
    api: v1
    base_url: \${env.CENSUS_URL}
    token: \${env.CENSUS_TOKEN}
    vars: { api: 1.10 }
`;

/** A manifest of nine lines; what is added under spec begins on line 10. */
const manifest = (name: string, label = `Label of ${name}`, more = '', constant = '""') => `kind: CensusSync
name: ${name}
spec:
  label: ${label}
  operation: upsert
  source_attributes: { connection: Snowflake Prod, object: { type: model, name: orders_export } }
  destination_attributes: { connection: Salesforce, object: Contact }
  mappings:
    - { from: email, to: Email, primary: true }
${constant === '""' ? '' : `    - { from: { constant: ${constant} }, to: FirstName }\n`}${more}`;

function workspace(files: Readonly<Record<string, string>>) {
  const folder = mkdtempSync(join(tmpdir(), 'syncline-files-'));
  closing.push(() => rmSync(folder, { recursive: true, force: true }));
  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  };
  for (const [file, text] of Object.entries({ 'syncline.yaml': project, ...files })) write(file, text);
  const move = (from: string, to: string) => renameSync(join(folder, from), join(folder, to));
  const run = (env: Readonly<Record<string, string>>, ...args: string[]) => synclineHere(args, { cwd: folder, env });
  return { folder, write, move, run };
}

interface Told {
  readonly severity: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

/** What `validate --format json` says of a project with these files. */
async function validated(files: Readonly<Record<string, string>>) {
  const said = await workspace(files).run({}, 'validate', '--format', 'json');
  const report: { readonly diagnostics: readonly Told[] } = JSON.parse(said.stdout);
  const places = report.diagnostics.map((one) => `${one.severity} ${one.file}:${one.line}:${one.column} ${one.code}`);
  return { code: said.code, report, places, first: report.diagnostics[0] };
}

const manifestRows: readonly (readonly [title: string, text: string, code: number, place: string, words: RegExp])[] = [
  ['a power of ten', manifest('a', 'A', '', '7e10'), 3, 'error syncs/a.yaml:10:27 yaml-1.1', /"7e10"/],
  ['an octal number of YAML 1.2', manifest('a', 'A', '', '0o17'), 3, 'error syncs/a.yaml:10:27 yaml-1.1', /"0o17"/],
  [
    'a zero that is lost',
    manifest('a', 'A', '', '1.10'),
    0,
    'warning syncs/a.yaml:10:27 lost-spelling',
    /sent as 1\.1\b/,
  ],
  [
    'a variable whose zero is lost',
    manifest('a', 'A', '', '"${vars.api}"'),
    0,
    'warning syncs/a.yaml:10:27 lost-spelling',
    /1\.10 is a number/,
  ],
  [
    'more digits than a number holds',
    manifest('a', 'A', '', '0.12345678901234567891'),
    3,
    'error syncs/a.yaml:10:27 unsafe-integer',
    /rounded/,
  ],
  [
    'a template without quotes',
    manifest('a', 'A', '    - { from: { liquid_template: {{ record["x"] | upcase }} }, to: FirstName }\n'),
    3,
    'error syncs/a.yaml:10:34 unquoted-braces',
    /must be in quotes/,
  ],
  [
    'a tag of a template without quotes',
    manifest('a', 'A', '    - from:\n        liquid_template: {% if x %}1{% endif %}\n      to: FirstName\n'),
    3,
    'error syncs/a.yaml:11:26 unquoted-braces',
    /must be in quotes/,
  ],
  [
    'a day that never comes',
    manifest(
      'a',
      'A',
      '  mode: { type: triggered, triggers: { schedule: { frequency: expression, cron_expression: "0 0 31 2 *" } } }\n',
    ),
    3,
    'error syncs/a.yaml:10:92 invalid-cron',
    /never/,
  ],
  ['a label of blanks', manifest('a', '"  "'), 3, 'error syncs/a.yaml:4:10 blank-label', /no visible characters/],
];

test.each(manifestRows)('%s', async (_title, text, code, place, words) => {
  const said = await validated({ 'syncs/a.yaml': text });
  expect(said.places).toEqual([place]);
  expect(`${said.first?.message} ${said.first?.hint}`).toMatch(words);
  expect(said.code).toBe(code);
});

test('a day that comes in some years only is a schedule', async () => {
  const cron =
    '  mode: { type: triggered, triggers: { schedule: { frequency: expression, cron_expression: "0 0 29 2 *" } } }\n';
  expect(await validated({ 'syncs/a.yaml': manifest('a', 'A', cron) })).toMatchObject({ code: 0, places: [] });
});

test('a glob with braces needs quotes, and the place is told', async () => {
  const { run } = workspace({
    'syncline.yaml': project.replace("['syncs/*.yaml']", '[syncs/**/*.{yaml,yml}]'),
    'syncs/a.yaml': manifest('a'),
  });
  const said = await run({}, 'validate');
  expect(said.code).toBe(3);
  expect(said.stdout + said.stderr).toMatch(/syncline\.yaml:2:13/);
  expect(said.stdout + said.stderr).toContain('unquoted-braces');
});

test('a word of YAML 1.1 hides none of nine other mistakes of its file', async () => {
  const text = manifest('Users', 'Users')
    .replace('upsert', 'upsret')
    .replace('object: Contact', 'object: 5')
    .replace('name: orders_export', 'name: "${vars.nope}"')
    .replace('primary: true', 'primary: 1')
    .concat('  paused: yes\n  colour: red\n  mode: {}\n  mode: {}\n')
    .concat('lifecycle: { adopt: 1 }\nextra: 2\n');
  const { places, code } = await validated({ 'syncs/a.yaml': text });
  expect(code).toBe(3);
  expect(places.map((one) => one.split(' ').slice(1).join(' '))).toEqual([
    'syncs/a.yaml:2:7 bad-format',
    'syncs/a.yaml:5:14 not-allowed',
    'syncs/a.yaml:6:81 unset-variable',
    'syncs/a.yaml:7:61 wrong-type',
    'syncs/a.yaml:9:42 wrong-type',
    'syncs/a.yaml:10:11 yaml-1.1',
    'syncs/a.yaml:11:3 unknown-field',
    'syncs/a.yaml:13:3 duplicate-key',
    'syncs/a.yaml:14:21 wrong-type',
    'syncs/a.yaml:15:1 unknown-field',
  ]);
});

test('two misspelt words of the project file are both told', async () => {
  const text = project.replace('provider: census', 'provider: cenus\n    workspce: 4321');
  const said = await workspace({ 'syncline.yaml': text }).run({}, 'validate');
  expect(said.code).toBe(3);
  expect(said.stdout + said.stderr).toMatch(/"census"[\s\S]*"workspace"/);
});

test('a file that is no YAML counts as one manifest', async () => {
  const said = await workspace({ 'syncs/a.yaml': 'a: [\n', 'syncs/b.yaml': manifest('b') }).run({}, 'validate');
  expect(said.code).toBe(3);
  expect(said.stdout + said.stderr).toMatch(/2 manifests/);
});

test('labels that only look alike are a warning that shows what differs', async () => {
  const files = { 'syncs/a.yaml': manifest('a', '"Caf\u00e9"'), 'syncs/b.yaml': manifest('b', '"Cafe\u0301"') };
  const { places, code, first } = await validated(files);
  expect(places).toEqual(['warning syncs/b.yaml:4:10 similar-label']);
  expect(first?.message).toMatch(/\\u0301|\\u00e9/i);
  expect(code).toBe(0);
});

test('globs that only leave files out are an error, and the hint names the way to mean nothing', async () => {
  for (const globs of ["['!syncs/**']", "['other/*.yaml']"]) {
    const text = project.replace("['syncs/*.yaml']", globs);
    const { places, first } = await validated({ 'syncline.yaml': text, 'syncs/a.yaml': manifest('a') });
    expect(places.map((one) => one.split(' ').at(-1))).toContain('empty-glob');
    expect(first?.hint).toContain('`manifests: []`');
  }
});

/** A project whose manifests have been applied to an emulator. */
async function applied(...names: string[]) {
  const place = workspace(Object.fromEntries(names.map((name) => [`syncs/${name}.yaml`, manifest(name)])));
  const emulator = await startCensusV1();
  closing.push(emulator.close);
  const deletes = () => emulator.requests.filter((one) => one.method === 'DELETE');
  const env = { CENSUS_URL: emulator.url, CENSUS_TOKEN: emulator.token };
  const run = (...args: string[]) => place.run(env, ...args);
  expect(await run('apply', '--auto-approve')).toMatchObject({ code: 0 });
  return { ...place, run, deletes };
}

test('a file that is renamed to an ending that no glob matches is told, beside the delete that it would be', async () => {
  const { move, run } = await applied('a', 'b');
  move('syncs/b.yaml', 'syncs/b.yml');
  const checked = await run('validate');
  expect(checked.code).toBe(0);
  expect(checked.stdout + checked.stderr).toMatch(/unmatched-file +syncs\/b\.yml/);
  const plain = await run('plan');
  expect(plain.stdout + plain.stderr).toMatch(/unmatched-file +syncs\/b\.yml/);
  const said = await run('plan', '--prune', '--format', 'json');
  const notes = [{ address: 'CensusSync/b', code: 'unmatched-file', message: expect.stringContaining('syncs/b.yml') }];
  expect(JSON.parse(said.stdout)).toMatchObject({
    plans: [
      {
        changes: [{ address: 'CensusSync/b', action: 'delete' }],
        notes: expect.arrayContaining([expect.objectContaining(notes[0] ?? {})]),
      },
    ],
  });
}, 60_000);

test('the last manifest is removed: an empty glob stops, and `manifests: []` with --prune deletes its sync', async () => {
  const { folder, write, run, deletes } = await applied('a');
  rmSync(join(folder, 'syncs/a.yaml'));
  const stopped = await run('apply', '--prune', '--auto-approve');
  expect(stopped.code).toBe(3);
  expect(stopped.stdout + stopped.stderr).toContain('`manifests: []`');
  write('syncline.yaml', project.replace("['syncs/*.yaml']", '[]'));
  expect((await run('validate')).code).toBe(0);
  const kept = await run('apply', '--auto-approve');
  expect([kept.code, deletes()]).toEqual([0, []]);
  expect(await run('apply', '--prune', '--auto-approve')).toMatchObject({ code: 0 });
  expect(deletes()).toHaveLength(1);
  expect((await run('plan', '--prune', '--exit-code')).code).toBe(0);
}, 60_000);

test('a name with a no-break space and a label that looks like a live one: what differs is shown', async () => {
  const { write, run } = await applied('a');
  const source = 'connection: Snowflake Prod';
  write('syncs/b.yaml', manifest('b').replace(source, 'connection: "Snowflake\u00a0Prod"'));
  const unknown = await run('plan');
  expect(unknown.code).toBe(3);
  expect(unknown.stdout + unknown.stderr).toMatch(/Did you mean[^\n]*\\u00a0|\\u00a0[^\n]*Did you mean/is);
  write('syncs/b.yaml', manifest('b', '"Lead scores to Salesforce (trial) "'));
  const plan = await run('plan');
  expect(plan.stdout + plan.stderr).toMatch(/similar-label|look/);
}, 60_000);
