// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how references are written.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { tokenFor } from '../../src/load/credentials.ts';
import { loadProject } from '../../src/load/project.ts';
import type { Target } from '../../src/model/project.ts';
import { growth } from '../support/growth.ts';
import { folder, twoTargets } from '../validate/workspace.ts';
import { projectRows } from './project-rows.ts';

describe('mistakes in the project file', () => {
  test('many on one line take a time that grows with their number', () => {
    const root = folder();
    const times = growth((size) => {
      const list = Array.from({ length: size }, () => 'no').join(', ');
      writeFileSync(join(root, 'syncline.yaml'), `version: 1\nmanifests: [${list}]\ntargets: {}\n`);
      loadProject({ directory: root });
    }, 2000);
    expect(times).toBeLessThan(40);
  });

  test.each(projectRows)('%s', (_title, text, code, line, column, message, hint) => {
    const { project, diagnostics } = loadProject({ directory: folder({ 'syncline.yaml': text }) });
    expect(project).toBeUndefined();
    expect(diagnostics.map((one) => [one.code, one.line, one.column])).toEqual([[code, line, column]]);
    expect(diagnostics[0]).toMatchObject({ severity: 'error', file: 'syncline.yaml' });
    expect(diagnostics[0]?.message).toContain(message);
    expect(diagnostics[0]?.hint).toContain(hint);
    expect(JSON.stringify(diagnostics)).not.toMatch(/SECRET|0123456789/);
  });

  test('all of them are told at once, in the order of the file', () => {
    const text =
      'version: 2\nmanifest: []\ntargets:\n  prod: { provider: census, api: v1, token: x, base_url: nope }\n';
    const { diagnostics } = loadProject({ directory: folder({ 'syncline.yaml': text }) });
    expect(diagnostics.map((one) => `${one.line}:${one.column} ${one.code}`)).toEqual([
      '1:10 not-allowed',
      '2:1 unknown-field',
      '4:45 literal-token',
      '4:58 bad-url',
    ]);
  });

  test('a misspelt provider hides nothing that is wrong with its target', () => {
    const text = [
      'version: 1',
      'manifests: []',
      'targets:',
      '  a: { provider: cenus, api: v9, tokn: x, region: uk }',
      '  b: { provider: fabbra, api: v1, token: "${env.KEY}" }',
      '  c: { provider: snowflake, api: v1 }',
    ].join('\n');
    const { diagnostics } = loadProject({ directory: folder({ 'syncline.yaml': text }) });
    expect(diagnostics.map((one) => `${one.line}:${one.column} ${one.code}`)).toEqual([
      '4:18 not-allowed',
      '4:30 not-allowed',
      '4:34 unknown-field',
      '4:51 not-allowed',
      '5:18 not-allowed',
      '5:31 not-allowed',
      '6:18 not-allowed',
    ]);
  });

  test('a file that is not there, is no text or is too large', () => {
    const root = folder({ 'latin.yaml': new Uint8Array([0xe9]), 'large.yaml': 'x'.repeat(1024 * 1024 + 1) });
    const codeOf = (config?: string) => loadProject({ directory: root, config }).diagnostics.map((one) => one.code);
    expect(codeOf('none.yaml')).toEqual(['no-project']);
    expect(codeOf('.')).toEqual(['no-project']);
    expect(codeOf('latin.yaml')).toEqual(['not-utf8']);
    expect(codeOf('large.yaml')).toEqual(['file-too-large']);
  });
});

describe('a good project file', () => {
  test('is found upwards, and has its defaults', () => {
    const root = folder({ 'syncline.yaml': twoTargets });
    mkdirSync(join(root, 'syncs/deep'), { recursive: true });
    const { project, diagnostics } = loadProject({ directory: join(root, 'syncs/deep') });
    expect(diagnostics).toEqual([]);
    expect(project).toMatchObject({
      root,
      file: join(root, 'syncline.yaml'),
      name: undefined,
      manifests: ['syncs/**/*.yaml'],
      ledger: undefined,
    });
    expect(project?.targets[0]).toEqual({
      name: 'production',
      provider: 'census',
      api: 'v1',
      base_url: undefined,
      region: undefined,
      token_variable: 'CENSUS_TOKEN',
      personal_access_token_variable: undefined,
      workspace: undefined,
      vars: { warehouse: 'Snowflake Prod', hour: 6, on: true, api: 1.1 },
      written: { api: '1.10' },
      protect: [],
      limits: { max_deletes: 5, concurrency: 8, settle_seconds: 480 },
    });
  });

  test('is named by --config, relative to the directory', () => {
    const root = folder({ 'conf/crm.yaml': twoTargets });
    expect(loadProject({ directory: root, config: 'conf/crm.yaml' }).project?.root).toBe(join(root, 'conf'));
  });

  test('keeps what it says', () => {
    const text = `version: 1
name: crm
manifests: [a/*.yaml, "!a/x.yaml"]
ledger: none
targets:
  local:
    provider: fabra
    api: documented
    token: \${env.FABRA_KEY}
    base_url: http://127.0.0.1:8080/api//
    workspace: "42"
    protect: [FabraSync/x-*]
    limits: { max_deletes: 0, settle_seconds: 0 }
  other: { provider: fabra, api: server, token: "\${env.FABRA_KEY}", base_url: "http://[::1]:1/" }
  named: { provider: census, api: v1, personal_access_token: "\${env.PAT}", workspace: 7, region: eu }
`;
    const { project, diagnostics } = loadProject({ directory: folder({ 'syncline.yaml': text }) });
    expect(diagnostics).toEqual([]);
    expect(project).toMatchObject({ name: 'crm', manifests: ['a/*.yaml', '!a/x.yaml'], ledger: 'none' });
    expect(project?.targets).toMatchObject([
      {
        base_url: 'http://127.0.0.1:8080/api',
        workspace: '42',
        protect: ['FabraSync/x-*'],
        limits: { max_deletes: 0, concurrency: 8, settle_seconds: 0 },
      },
      { base_url: 'http://[::1]:1', limits: { settle_seconds: 10 } },
      { token_variable: undefined, personal_access_token_variable: 'PAT', workspace: 7, region: 'eu' },
    ]);
  });
});

describe('tokens', () => {
  const target = (): Target => {
    const { project } = loadProject({ directory: folder({ 'syncline.yaml': twoTargets }) });
    const [first] = project?.targets ?? [];
    if (first === undefined) throw new Error('No target.');
    return first;
  };

  test('come from the environment that is handed in, and print as stars', () => {
    const token = tokenFor(target(), { CENSUS_TOKEN: ' sk-1 \n' });
    expect(token.reveal()).toBe('sk-1');
    expect([`${token}`, JSON.stringify({ token }), inspect(token)].join()).not.toContain('sk-1');
  });

  test.each([{}, { CENSUS_TOKEN: '' }, { CENSUS_TOKEN: ' \n' }, { CENSUS_TOKEN: undefined }])(
    '%j holds none',
    (env) => {
      expect(() => tokenFor(target(), env)).toThrow(
        expect.objectContaining({
          exit: 3,
          code: 'missing-variable',
          message: expect.stringMatching(
            /^Target "production" needs the environment variable CENSUS_TOKEN, which is (not set|empty)\.$/,
          ),
        }),
      );
    },
  );

  test('a variable that every object inherits is not one', () => {
    expect(() => tokenFor({ ...target(), token_variable: 'constructor' }, {})).toThrow(/not set/);
  });
});
