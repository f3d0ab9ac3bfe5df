import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { cli, folder } from './in-process.ts';

const target = (provider: string, api: string) => `{ provider: ${provider}, api: ${api}, token: "\${env.TOKEN}" }`;

function project(...targets: readonly (readonly [name: string, text: string])[]): string {
  const cwd = folder();
  const lines = targets.map(([name, text]) => `  ${name}: ${text}\n`).join('');
  writeFileSync(join(cwd, 'syncline.yaml'), `version: 1\nmanifests: []\nledger: file\ntargets:\n${lines}`);
  return cwd;
}

it.each<[string, string, number, RegExp]>([
  ['without the API to go to', 'migrate api', 3, /`migrate api` needs --to/],
  ['without its word', 'migrate --to v2', 3, /migrate/],
  ['with another word', 'migrate apis --to v2', 3, /takes the word `api`/],
  ['to an API that there is not', 'migrate api --to v9', 3, /cannot be moved to "v9"[\s\S]*--to "v1" or "v2"/],
  ['without the variable of the token', 'migrate api --to v2 --token-env NAME --check', 3, /TOKEN, which is not set/],
  ['without the variable of the new token', 'migrate api --to v2 --token-env PAT --check', 3, /TOKEN|PAT/],
  ['to where the target is already', 'migrate api --to v1', 0, /uses v1 already/],
])('%s', async (_, line, code, said) => {
  const ended = await cli(line, { cwd: project(['production', target('census', 'v1')]) });
  expect(`${ended.out}${ended.err}`).toMatch(said);
  expect(ended.code).toBe(code);
});

it('moves no target of a service that has one API', async () => {
  const cwd = project(['production', target('fabra', 'server')]);
  const ended = await cli('migrate api --to v2', { cwd });
  expect(ended.err).toMatch(/no-migration/);
  expect(ended.code).toBe(3);
});

it('never means several targets by silence', async () => {
  const cwd = project(['one', target('census', 'v1')], ['two', target('census', 'v1')]);
  const ended = await cli('migrate api --to v2', { cwd });
  expect(ended.err).toMatch(/--target/);
  expect(ended.code).toBe(3);
});

it('moves one target at a time, and says so where several are named', async () => {
  const cwd = project(['one', target('census', 'v1')], ['two', target('census', 'v1')]);
  const ended = await cli('migrate api --to v2 --target one --target two --check', { cwd });
  expect(ended.err).toMatch(/usage[\s\S]*One target is moved at a time[\s\S]*--target one/);
  expect(ended).toMatchObject({ code: 3, out: '' });
});

it.each([
  ['the value of another variable', 'secret-token:abc', {}],
  ['a value that could be a name', 'abcdef', { PAT: 'abcdef' }],
  ['a reference', `\${env.PAT}`, {}],
])('--token-env takes a bare name and shows nothing else: not %s', async (_, given, env) => {
  const line = ['migrate', 'api', '--to', 'v2', '--check', '--token-env', given];
  const ended = await cli(line, { cwd: project(['production', target('census', 'v1')]), env: { TOKEN: 't', ...env } });
  expect(ended).toMatchObject({ code: 3, out: '', err: expect.stringMatching(/usage[\s\S]*bare name/) });
  expect(ended.err).not.toContain(given);
});

it('--accept takes a kind and an id', async () => {
  const cwd = project(['production', target('census', 'v1')]);
  const ended = await cli('migrate api --to v2 --accept CensusSync/41 --accept foo', { cwd });
  expect(ended).toMatchObject({
    code: 3,
    out: '',
    err: expect.stringMatching(/usage[\s\S]*--accept foo[\s\S]*KIND\/ID/),
  });
});
