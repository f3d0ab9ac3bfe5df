import { describe, expect, test } from 'vitest';
import { cli, folder } from './in-process.ts';
import { project, workspace } from './workspace.ts';

/** Every variable that the program reads by itself. Those of one line hide nothing of each other, and are set together. */
const variables = [
  ['HTTPS_PROXY'],
  ['https_proxy'],
  ['HTTP_PROXY'],
  ['http_proxy'],
  ['ALL_PROXY'],
  ['NO_PROXY'],
  ['no_proxy'],
  ['NO_COLOR', 'TERM', 'GITHUB_ACTIONS', 'GITHUB_ACTOR', 'GITHUB_RUN_ID'],
  ['GITLAB_CI', 'GITLAB_USER_LOGIN', 'CI_JOB_ID'],
  ['USER', 'HOME'],
  ['TOKEN'],
  ['ADDRESS'],
].map((names) => [names.join(', '), names] as const);

const values = [
  '',
  ' ',
  '\t',
  '::',
  '%',
  '%zz',
  'http://',
  '//',
  '[',
  'a:b:c',
  '*',
  ',',
  'ä',
  '\u{1f600}',
  '../..',
  'x'.repeat(5000),
];

describe('no value of any variable is a fault of the program', () => {
  test.each(variables)('%s', async (said, names) => {
    const { run, write, emulator } = await workspace();
    write('syncline.yaml', `${project({ production: `\${env.ADDRESS}` })}ledger: file\n`);
    for (const value of values) {
      const given = Object.fromEntries(names.map((name) => [name, value]));
      const env = { TOKEN: emulator.token, ADDRESS: emulator.url, ...given };
      const { code, err } = await run('apply --auto-approve', { env });
      expect([0, 1, 3, 4], `${said}=${value}: ${err}`).toContain(code);
      expect(err, `${said}=${value}`).not.toContain('internal');
    }
  });
});

test('a proxy that cannot be used is said before anything is sent', async () => {
  const { run, emulator } = await workspace();
  const said = await run('plan', { env: { TOKEN: emulator.token, HTTPS_PROXY: 'ftp://secret-user@proxy' } });
  expect(said).toMatchObject({ code: 3, err: expect.stringContaining('HTTPS_PROXY') });
  expect(said.err).not.toContain('secret-user');
  expect(emulator.requests).toEqual([]);
});

test('a project without network needs no proxy', async () => {
  const cwd = folder();
  expect(await cli('--version', { cwd, env: { HTTPS_PROXY: '::' } })).toMatchObject({ code: 0 });
});
