import { expect, test } from 'vitest';
import { project, workspace } from './workspace.ts';

const reference = `\${env.CENSUS_URL}`;

test.each([
  ['the version of the API', (url: string) => `${url}/api/v1`],
  ['the version and a slash', (url: string) => `${url}/api/v1/`],
  ['a query', (url: string) => `${url}?x=1`],
  ['no scheme', (url: string) => url.replace('http://', '')],
])('an address from the environment with %s is refused before the network', async (_title, written) => {
  const { emulator, run, write } = await workspace();
  write('syncline.yaml', project({ production: reference }));
  const env = { TOKEN: emulator.token, CENSUS_URL: written(emulator.url) };
  for (const line of ['plan', 'apply --auto-approve', 'drift']) {
    const { code, out, err } = await run(line, { env });
    expect([line, code]).toEqual([line, 3]);
    expect(out + err).toMatch(/bad-url[\s\S]*CENSUS_URL|CENSUS_URL[\s\S]*bad-url/);
    expect(out + err).toMatch(/syncline\.yaml:4:\d+/);
  }
  expect(emulator.requests).toEqual([]);
});

test('an address from the environment that is right is used', async () => {
  const { emulator, run, write } = await workspace();
  write('syncline.yaml', project({ production: reference }));
  expect((await run('plan', { env: { TOKEN: emulator.token, CENSUS_URL: emulator.url } })).code).toBe(0);
});
