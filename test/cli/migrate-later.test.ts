import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { serviceFacts } from '../../src/generated/services.ts';
import { cli, folder } from './in-process.ts';

/** Services with an API that this version cannot speak yet, each with one that it can. */
const later = serviceFacts.flatMap(({ name, apis: [api = ''], later: [to] }) =>
  to === undefined ? [] : [[name, api, to] as const],
);

test.each(later)('a target of %s %s is not moved to %s before this version speaks it', async (name, api, to) => {
  const cwd = folder();
  const target = `{ provider: ${name}, api: ${api}, token: '\${env.TOKEN}' }`;
  writeFileSync(join(cwd, 'syncline.yaml'), `version: 1\nmanifests: []\ntargets:\n  a: ${target}\nledger: file\n`);
  const said = await cli(`migrate api --to ${to} --check`, { cwd, env: { TOKEN: 'x' } });
  expect(said.code).toBe(3);
  expect(said.err).toMatch(/unsupported-api[\s\S]*does not speak it yet[\s\S]*Upgrade Syncline/);
});
