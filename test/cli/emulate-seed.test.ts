import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Exit } from '../../src/model/errors.ts';
import { emulate, type Served } from './emulating.ts';
import { cli, folder } from './in-process.ts';

async function get({ url, token }: Served, path: string): Promise<unknown> {
  const headers = { authorization: `Bearer ${token}`, 'x-api-key': token };
  return (await fetch(`${url}${path}`, { headers })).json();
}

function file(value: unknown): string {
  const path = join(folder(), 'seed.json');
  writeFileSync(path, typeof value === 'string' ? value : JSON.stringify(value, null, 2));
  return path;
}

const census = (path: string) => (served: Served) => get(served, `/api/v1${path}`);

describe('emulate --seed', () => {
  test('takes the body of a list of syncs, and answers it as it is', async () => {
    const given = await emulate('--api census-v1', census('/syncs'));
    const again = await emulate(`--api census-v1 --seed ${file(given)}`, census('/syncs'));
    expect(again).toEqual(given);
    expect(again).toHaveProperty('data.0.id', 90003);
  });

  test('takes pages, of which one repeats what was on the other', async () => {
    const pages = await emulate('--api census-v1', (served) =>
      Promise.all([1, 2].map((page) => get(served, `/api/v1/syncs?per_page=2&page=${page}`))),
    );
    const shifted = [...pages, pages[1]];
    const again = await emulate(`--api census-v1 --seed ${file(shifted)}`, census('/syncs'));
    expect(again).toEqual(await emulate('--api census-v1', census('/syncs')));
  });

  test('takes one sync, and the bare items of a list', async () => {
    const one = await emulate('--api census-v1', census('/syncs/90001'));
    const seed = file(one);
    expect(await emulate(`--api census-v1 --seed ${seed}`, census('/syncs/90001'))).toEqual(one);
    const items = file([(one as { readonly data: unknown }).data]);
    expect(await emulate(`--api census-v1 --seed ${items}`, census('/syncs/90001'))).toEqual(one);
  });

  test('takes answers in the place of any list of a seed', async () => {
    const lists = ['syncs', 'sources', 'destinations', 'datasets'];
    const bodies = await emulate('--api census-v1', (served) =>
      Promise.all(lists.map(async (name) => [name, await get(served, `/api/v1/${name}`)] as const)),
    );
    const seed = file(Object.fromEntries(bodies));
    const names = (body: unknown) =>
      (body as { data: { id: number; name?: string }[] }).data
        .map(({ id, name }) => [id, name] as const)
        .sort(([first], [second]) => first - second);
    for (const [name, body] of bodies) {
      const again = await emulate(`--api census-v1 --seed ${seed}`, census(`/${name}`));
      expect(names(again)).toEqual(names(body));
    }
  });

  test('takes workspaces of which each can be reached: the first by the token, others by keys of their own', async () => {
    const sync = { ...((await emulate('--api census-v1', census('/syncs/90001'))) as { readonly data: object }) }.data;
    const one = { id: 1, name: 'One' };
    const two = { id: 2, name: 'Two', api_key: 'key-of-two', syncs: [{ ...sync, verbatim: true }] };
    await emulate(`--api census-v1 --token mine --seed ${file({ workspaces: [one, two] })}`, async (served) => {
      expect(await get(served, '/api/v1/workspace')).toMatchObject({ data: { id: 1, name: 'One' } });
      const other = { ...served, token: 'key-of-two' };
      expect(await get(other, '/api/v1/workspace')).toMatchObject({ data: { id: 2, name: 'Two' } });
      expect(await get(other, '/api/v1/syncs')).toMatchObject({ data: [{ id: 90001 }] });
    });
    const alone = await emulate(`--api census-v1 --seed ${file({ workspaces: [one] })}`, census('/workspace'));
    expect(alone).toMatchObject({ data: { id: 1 } });
  });

  test('what was pasted can be changed', async () => {
    const given = await emulate('--api census-v1', census('/syncs'));
    const changed = await emulate(`--api census-v1 --seed ${file(given)}`, async (served) => {
      const { url, token } = served;
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      await fetch(`${url}/api/v1/syncs/90001`, { method: 'PATCH', headers, body: '{"paused":true}' });
      return get(served, '/api/v1/syncs/90001');
    });
    expect(changed).toMatchObject({ data: { id: 90001, paused: true, label: 'Finance invoices to Sheets (by hand)' } });
  });

  test('takes what Fabra answers', async () => {
    const seen = (path: string) => (served: Served) => get(served, path);
    const list = await emulate('--api fabra', seen('/syncs'));
    const { syncs } = list as { readonly syncs: readonly { readonly id: number; readonly display_name: string }[] };
    const again = await emulate(`--api fabra --seed ${file(list)}`, seen('/syncs'));
    const named = (body: unknown) =>
      (body as typeof list & { syncs: typeof syncs }).syncs.map((one) => one.display_name);
    expect(named(again)).toEqual(named(list));
    const whole = await emulate('--api fabra', (served) =>
      Promise.all(syncs.map(({ id }) => get(served, `/sync/${id}`))),
    );
    const seed = file(whole);
    for (const [index, { id }] of syncs.entries()) {
      const { sync, field_mappings, sync_runs } = whole[index] as Record<string, unknown>;
      expect(await emulate(`--api fabra --seed ${seed}`, seen(`/sync/${id}`))).toMatchObject({
        sync,
        field_mappings,
        sync_runs,
      });
    }
  });

  test.each([
    ['no JSON', '{\n  "syncs": [}\n', 'seed.json:2:13', 'is not JSON'],
    ['a comma too many', '{"syncs": [\n  {"id": 1},\n]}', 'seed.json:3:1', 'is not JSON'],
    ['an end that is missing', '{"syncs": [\n  {"id": 1}', 'seed.json:2:12', 'is not JSON'],
    ['a wrong value', '{\n  "syncs": [\n    {"id": "7"}\n  ]\n}', 'seed.json:3:12', 'syncs[0].id must be'],
    ['an unknown key', '{\n  "sincs": []\n}', 'seed.json:2:', 'the unknown key "sincs"'],
    [
      'a wrong value within an answer',
      '{"data": [\n  {"id": 7},\n  {"id": "8"}\n]}',
      'seed.json:3:10',
      'data[1].id must be a positive whole number.',
    ],
    [
      'a wrong value on a second page',
      '[{"data": []},\n {"data": [{"id": -1}]}]',
      'seed.json:2:19',
      '[1].data[0].id must be a positive whole number.',
    ],
    [
      'a workspace that nobody could reach',
      '{"workspaces": [\n  {"id": 1, "name": "One"},\n  {"id": 2, "name": "Two"}\n]}',
      'seed.json:3:3',
      'Workspace 2 ("Two") has no key of its own',
    ],
    [
      'a key of two workspaces',
      '{"workspaces": [\n  {"id": 1, "name": "One", "api_key": "k"},\n  {"id": 2, "name": "Two", "api_key": "k"}\n]}',
      'seed.json:3:3',
      'Workspace 2 ("Two") has no key of its own',
    ],
    ['no workspace at all', '{\n  "workspaces": []\n}', 'seed.json:2:17', 'The seed has no workspace.'],
    [
      'a sync that cannot be',
      '{"syncs": [\n  {"id": 5, "operation": "upsert", "mappings": []}\n]}',
      'seed.json:2:3',
      'Sync 5 of the seed is not valid',
    ],
  ])('%s is told with its place', async (_, text, place, message) => {
    const path = file(text);
    const said = await cli(['-C', join(path, '..'), 'emulate', '--api', 'census-v1', '--seed', 'seed.json']);
    expect(said).toMatchObject({ code: Exit.invalid, out: '' });
    expect(said.err).toContain(`error emulator-input  ${place}`);
    expect(said.err).toContain(message);
  });
});

describe('emulate --token', () => {
  test.each(['census-v1', 'fabra'])('%s takes the given token', async (api) => {
    const token = `token-of-${api}`;
    const path = api === 'fabra' ? '/syncs' : '/api/v1/syncs';
    await emulate(`--api ${api} --token ${token}`, async (served) => {
      expect(served.token).toBe(token);
      expect(await get(served, path)).toMatchObject(api === 'fabra' ? { syncs: [{}, {}] } : { status: 'success' });
    });
  });

  test.each(['', 'two words', 'schlüssel', 'line\nbreak'])('%j could not be sent', async (token) => {
    const said = await cli(['emulate', '--api', 'census-v1', '--token', token]);
    expect(said).toMatchObject({ code: Exit.invalid, out: '' });
    expect(said.err).toContain('--token');
  });
});
