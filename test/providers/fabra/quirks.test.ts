import { afterEach, describe, expect, test } from 'vitest';
import { diff } from '../../../src/core/spec/diff.ts';
import { normalise } from '../../../src/core/spec/normalise.ts';
import { fabraSyncTraits } from '../../../src/generated/fabra-sync-traits.ts';
import type { HttpDispatcher } from '../../../src/http/dispatcher.ts';
import { ProviderError } from '../../../src/model/errors.ts';
import type { JsonObject, Spec } from '../../../src/model/json.ts';
import type { Live } from '../../../src/model/live.ts';
import { type Provider, type Reading, resourceOf } from '../../../src/model/provider.ts';
import { fabra } from '../../../src/providers/fabra/fabra.ts';
import type { Arrived } from '../../http/scripted-server.ts';
import {
  desired,
  empty,
  failing,
  fields,
  key,
  mappings,
  objectAnswer,
  plain,
  type Routes,
  type Script,
  script,
  sync,
  unexpected,
  usual,
} from './scripted.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

async function world(over: Routes = {}, options: Parameters<typeof script>[1] = {}): Promise<Script> {
  const made = await script(over, options);
  open.push(made);
  return made;
}

async function failure(promise: Promise<unknown>): Promise<ProviderError> {
  const error = await promise.catch((reason: unknown) => reason);
  if (error instanceof ProviderError) return error;
  throw new Error(`Expected a ProviderError, got ${String(error)}`);
}

async function listAll(provider: Provider): Promise<Live[]> {
  const all: Live[] = [];
  await resourceOf(provider, 'FabraSync').list((page) => all.push(...page));
  return all;
}

async function reading(provider: Provider): Promise<Reading> {
  const found = await resourceOf(provider, 'FabraSync').read('10');
  if (found === undefined) throw new Error('sync 10 is there');
  return found;
}

const listed = (list: readonly JsonObject[]) => plain({ syncs: list, sources: [], objects: [] });
const posts = (script: Script): number => script.arrived().filter((line) => line === 'POST /sync').length;
const bodyOf = (script: Script, line: string): JsonObject => {
  const found = script.server.arrived.find((one) => `${one.method} ${one.url}` === line);
  return JSON.parse(found?.body ?? 'null');
};

describe('what an answer means', () => {
  test('Q1: a 500 for one sync is proof only with the list', async () => {
    const missing = await world({ 'GET /sync/10': unexpected });
    expect(await missing.syncs.read('10')).toBeUndefined();
    expect(missing.arrived()).toEqual(['GET /sync/10', 'GET /syncs']);
    const there = await world({ 'GET /sync/10': unexpected, 'GET /syncs': listed([sync]) });
    expect(await failure(there.syncs.read('10'))).toMatchObject({ status: 500, path: '/sync/10' });
    const blind = await world({ 'GET /sync/10': unexpected, 'GET /syncs': unexpected });
    expect(await failure(blind.syncs.read('10'))).toMatchObject({ status: 500, path: '/syncs' });
  });

  test('Q1: an object that the list does not have is not asked for', async () => {
    const { syncs, arrived } = await world();
    expect(await syncs.check({ ...desired, object_id: 99 }, undefined)).toMatchObject({ status: 'invalid' });
    expect(arrived()).not.toContain('GET /object/99');
  });

  test('Q2: a wrong key is looked for first, and a 500 says that it may be the key', async () => {
    const { provider, arrived } = await world({ 'GET /destinations': unexpected });
    const error = await failure(provider.identify());
    expect(error.message).toBe(
      'GET /destinations answered 500: "unexpected error" (Fabra answers so when it does not know the API key, and when it fails)',
    );
    expect(arrived()).toEqual(['GET /destinations']);
    const list = await world({ 'GET /syncs': unexpected });
    expect((await failure(listAll(list.provider))).message).toContain('does not know the API key');
  });

  test('Q3: writes are answered without a body', async () => {
    const { provider, syncs } = await world({ 'PATCH /sync/10': empty, 'DELETE /sync/10': empty });
    const found = await reading(provider);
    expect(await syncs.update(found, { ...desired, status: 'paused' }, ['/status'])).toBeUndefined();
    expect(await syncs.delete('10')).toBe('deleted');
    expect(await syncs.probe('10', desired)).toBe('whole');
  });

  test('Q10: no mappings are answered as null, and their order is kept', async () => {
    const none = await world({ 'GET /sync/10': plain({ sync, field_mappings: null, sync_runs: null }) });
    expect((await reading(none.provider)).live.spec.field_mappings).toEqual([]);
    const turned = await world({ 'GET /sync/10': plain({ sync, field_mappings: mappings.toReversed() }) });
    const live = normalise(fabraSyncTraits, (await reading(turned.provider)).live.spec);
    expect(live.field_mappings).toMatchObject([{ source_field_name: 'updated_at' }, { source_field_name: 'id' }]);
    expect(changes(live)).toEqual([]);
    expect(changes({ ...live, custom_join: 'select 1' }, { custom_join: 'select 1' })).toEqual(['/field_mappings']);
  });

  test('Q11: what the server fills in is no change, and null is not sent', async () => {
    const made = await world();
    await made.syncs.create({ ...desired, custom_join: null });
    expect(new Set(Object.keys(bodyOf(made, 'POST /sync')))).toEqual(new Set(Object.keys(desired)));
    const { live } = await reading(made.provider);
    expect(live.spec).toMatchObject({
      sync_mode: 'incremental_append',
      source_cursor_field: 'updated_at',
      frequency: 1,
    });
    expect(changes(normalise(fabraSyncTraits, live.spec))).toEqual([]);
  });

  test('Q15: both forms of an object say the same', async () => {
    const single = objectAnswer();
    const nulls = { frequency: null, frequency_units: null, namespace: null };
    const { provider, syncs } = await world({
      'GET /objects': plain({ objects: [{ ...asObject(single.object), ...nulls, object_fields: undefined }] }),
      'GET /object/2': plain({ object: without(asObject(single.object), Object.keys(nulls)) }),
    });
    expect(await provider.named('objects', 2)).toEqual([{ id: 2, name: 'Orders' }]);
    const verdict = await syncs.check({ ...desired, recurring: true }, undefined);
    expect(verdict.message).toContain('a recurring sync has a frequency of at least 30 minutes (frequency is missing)');
  });

  test.each([['type'], ['field_type']])('Q16: the type of a field is read from %s', async (spelling) => {
    const spelled = fields.map(({ type, ...field }) => ({ ...field, [spelling]: type }));
    const { syncs } = await world({ 'GET /object/2': plain(objectAnswer({ object_fields: spelled })) });
    const verdict = await syncs.check({ ...desired, field_mappings: [] }, undefined);
    expect(verdict.message).toContain('not order_id (INTEGER), changed_at (TIMESTAMP)');
  });

  test('Q17: a list that is null is empty', async () => {
    const { provider } = await world({
      'GET /destinations': plain({ destinations: null }),
      'GET /objects': plain({ objects: null }),
      'GET /link/sources': plain({ sources: null }),
      'GET /syncs': plain({ syncs: null, sources: null, objects: null }),
    });
    expect(await provider.named('destinations', undefined)).toEqual([]);
    expect(await provider.named('objects', undefined)).toEqual([]);
    expect(await provider.named('sources', 'acme')).toEqual([]);
    expect(await listAll(provider)).toEqual([]);
  });

  test('Q25: bodies are read whatever their content type says', async () => {
    const { provider } = await world({ 'GET /destinations': { ...asReply(usual['GET /destinations']), headers: {} } });
    expect(await provider.named('destinations', undefined)).toHaveLength(1);
    expect(await provider.identify()).toEqual({ id: 7, name: undefined });
  });

  test('Q26: of a list only what is true for each sync is believed', async () => {
    const mixed = { ...sync, namespace: 'another', table_name: 'other', custom_join: '', source_primary_key: 'x' };
    const objects = [{ id: 2, destination_id: 2, namespace: 'mixed up' }];
    const { provider, syncs } = await world({
      'GET /syncs': plain({ syncs: [{ ...mixed, id: 11, display_name: 'Twin' }, mixed], sources: [], objects }),
    });
    const found = await listAll(provider);
    expect(found.map((one) => [one.id, one.label])).toEqual([
      ['10', 'acme / Orders'],
      ['11', 'acme / Twin'],
    ]);
    expect(found[0]?.spec).toEqual({
      display_name: 'Orders',
      end_customer_id: 'acme',
      status: 'active',
      source_id: 4,
      object_id: 2,
      destination_id: 2,
      sync_mode: 'incremental_append',
      frequency: 1,
    });
    const fresh = await syncs.newest(new Set(['11']));
    expect(fresh.map((one) => [one.id, one.spec.namespace])).toEqual([['10', 'public']]);
  });
});

describe('what is sent', () => {
  test.each<readonly [string, JsonObject, string]>([
    ['no end customer', { end_customer_id: undefined }, 'end_customer_id is given (it is not)'],
    ['no place to read', { table_name: undefined }, 'or custom_join (table_name is missing)'],
    ['29 minutes', { recurring: true, frequency: 29, frequency_units: 'minutes' }, '(it is 29 minutes)'],
    ['a unit that is none', { frequency_units: 'fortnights' }, '"fortnights" is none of minutes'],
    ['a frequency beyond 32 bits', { frequency: 2 ** 31 }, '2147483648 is no frequency'],
    ['a mode that is none', { sync_mode: 'append' }, '"append" is none of full_overwrite'],
    ['a status that is none', { status: 'Active' }, '"Active" is none of active, paused'],
    ['a text with a NUL', { display_name: 'a\u0000b' }, 'display_name holds a NUL'],
  ])('Q4: the server would crash or leave half a sync, so nothing is sent: %s', async (_name, over, fault) => {
    const made = await world();
    const error = await failure(made.syncs.create({ ...desired, ...over }));
    expect(error).toMatchObject({ fate: 'refused', status: undefined });
    expect(error.message).toContain('POST /sync was not sent: Checked locally');
    expect(error.message).toContain(fault);
    expect(posts(made)).toBe(0);
    expect(await made.syncs.check({ ...desired, ...over }, undefined)).toMatchObject({ status: 'invalid' });
  });

  test('Q4: after a dropped connection nothing is sent again', async () => {
    const made = await world({ 'POST /sync': 'drop' });
    expect(await failure(made.syncs.create(desired))).toMatchObject({ fate: 'unknown', status: undefined });
    expect(posts(made)).toBe(1);
  });

  test.each<readonly [string, JsonObject, string]>([
    ['a field that is nowhere', { destination_field_id: 999 }, 'every mapped field belongs to the object (not 999)'],
    [
      'an over-long name',
      { source_field_name: 'x'.repeat(256) },
      'field_mappings/2/source_field_name is longer than 255',
    ],
    [
      'an over-long type',
      { source_field_type: 'x'.repeat(129) },
      'field_mappings/2/source_field_type is longer than 128',
    ],
    [
      'a name of two fields',
      { destination_field_name: 'twin' },
      'every mapped field belongs to the object (not "twin")',
    ],
  ])('Q5: no ghost is made of %s', async (_name, over, fault) => {
    const made = await world();
    const mapping = { source_field_name: 'n', destination_field_id: 13, ...over };
    if ('destination_field_name' in over) Reflect.deleteProperty(mapping, 'destination_field_id');
    const field_mappings = [...(Array.isArray(desired.field_mappings) ? desired.field_mappings : []), mapping];
    expect((await failure(made.syncs.create({ ...desired, field_mappings }))).message).toContain(fault);
    expect(posts(made)).toBe(0);
  });

  test.each([
    [500, 'unknown'],
    [502, 'unknown'],
    [409, 'unknown'],
    [400, 'refused'],
    [401, 'refused'],
    [403, 'refused'],
    [404, 'refused'],
    [405, 'refused'],
  ])('Q5: a create that is answered %i is %s, and sent once', async (status, fate) => {
    const made = await world({ 'POST /sync': failing(status, 'no') });
    expect(await failure(made.syncs.create(desired))).toMatchObject({ status, fate });
    expect(posts(made)).toBe(1);
    expect(made.provider.isAlive()).toBe(false);
  });

  test('Q5: a ghost answers 500 to its intended state, once; nothing else says so', async () => {
    const { provider, syncs, arrived } = await world({ 'PATCH /sync/10': unexpected, 'PATCH /sync/11': empty });
    expect(await syncs.probe('10', { ...desired, status: 'active' })).toBe('dead');
    expect(arrived()).toEqual(['PATCH /sync/10']);
    expect(provider.isAlive()).toBe(false);
    expect(await syncs.probe('11', desired)).toBe('whole');
    expect(provider.isAlive()).toBe(true);
    const away = await world({ 'PATCH /sync/10': 'drop' });
    expect(await failure(away.syncs.probe('10', desired))).toMatchObject({ fate: 'unknown' });
  });

  test('Q5: what fails before a create leaves the create unsent', async () => {
    const made = await world({ 'GET /objects': unexpected });
    const error = await failure(made.syncs.create(desired));
    expect(error).toMatchObject({ fate: 'unsent' });
    expect(error.message).toContain('POST /sync was not sent: GET /objects answered 500');
    expect(posts(made)).toBe(0);
  });

  test('Q6 Q14: nobody asks for a customer’s syncs or cancels a run', async () => {
    const made = await everything();
    expect(made.arrived().filter((line) => line.includes('/customer/') || line.includes('/run'))).toEqual([]);
    expect(Object.keys(made.provider).filter((name) => /cancel|run/i.test(name))).toEqual([]);
  });

  test('Q12: things of one name stay apart, and a field name that several bear is reported', async () => {
    const twins = ['Twin', 'Twin'].map((display_name, index) => ({ id: 5 + index, display_name }));
    const { provider, syncs } = await world({ 'GET /link/sources': plain({ sources: twins }) });
    expect(await provider.named('sources', 'acme')).toEqual([
      { id: 5, name: 'Twin' },
      { id: 6, name: 'Twin' },
    ]);
    const field_mappings = [{ source_field_name: 'a', destination_field_name: 'twin' }];
    expect(await syncs.examine({ ...desired, field_mappings })).toEqual([
      expect.objectContaining({
        code: 'ambiguous-name',
        message: '"twin" is the name of 2 fields of object "Orders" (ids 15, 16).',
        path: '/spec/field_mappings/0/destination_field_name',
      }),
    ]);
  });

  test.each<readonly [string, JsonObject, string]>([
    ['a source of somebody else', { source_id: 8 }, '"acme" has no source with the id 8'],
    ['an object of somebody else', { object_id: 8 }, 'no object has the id 8'],
    ['a destination of somebody else', { destination_id: 9 }, 'no destination has the id 9'],
    ['a field of another object', { field_mappings: [{ source_field_name: 'a', destination_field_id: 31 }] }, 'not 31'],
  ])('Q13: %s is not sent', async (_name, over, fault) => {
    const made = await world();
    expect((await failure(made.syncs.create({ ...desired, ...over }))).message).toContain(fault);
    expect(posts(made)).toBe(0);
  });

  test('Q22: each call carries one credential', async () => {
    const made = await everything();
    for (const { url, headers } of made.server.arrived) {
      const linked = url === '/link/sources';
      expect([url, headers['x-api-key']]).toEqual([url, linked ? undefined : key]);
      expect([url, headers['x-link-token']]).toEqual([url, linked ? 'eyJ.link-token-of-acme.' : undefined]);
    }
    expect(made.arrived().filter((line) => line === 'POST /link_token')).toHaveLength(1);
    expect(made.arrived()).toContain('GET /link/sources');
  });

  test.each(['abc', '1/run', '2.0', '-2', '+2', ''])('Q24: %j is no id, and is not sent', async (id) => {
    const { syncs, arrived } = await world();
    expect(await failure(syncs.read(id))).toMatchObject({ fate: 'unsent' });
    expect(await failure(syncs.delete(id))).toMatchObject({ fate: 'unsent' });
    expect(await failure(syncs.probe(id, desired))).toMatchObject({ fate: 'unsent' });
    expect(arrived()).toEqual([]);
  });

  test('Q24: an end customer’s name is never part of a path', async () => {
    const { provider, server } = await world();
    await provider.named('sources', 'a/b?c');
    expect(JSON.parse(server.arrived[0]?.body ?? '')).toEqual({ end_customer_id: 'a/b?c' });
    expect(server.arrived.map((one) => one.url)).toEqual(['/link_token', '/link/sources']);
  });

  test('Q27: slashes after the base URL are cut off, and no redirect is followed', async () => {
    const made = await world();
    const slashed = fabra({ token: key, baseUrl: `${made.server.url}//` });
    open.push(slashed);
    await slashed.identify();
    expect(made.arrived()).toEqual(['GET /destinations', 'GET /objects']);
    const moved = await world({ 'POST /sync': { status: 301, headers: { location: '/syncs' } } });
    expect(await failure(moved.syncs.create(desired))).toMatchObject({ status: 301, fate: 'unknown' });
    expect(moved.arrived()).not.toContain('GET /syncs');
  });

  test('Q28: nobody gives up before the server does', async () => {
    const waits: number[] = [];
    const dispatcher: HttpDispatcher = {
      request: async (request) => {
        waits.push(request.headersTimeout, request.bodyTimeout);
        throw new Error('no network here');
      },
      close: async () => undefined,
      destroy: async () => undefined,
    };
    const provider = fabra({ token: key, dispatcher, sleep: async () => undefined });
    const syncs = resourceOf(provider, 'FabraSync');
    provider.permit('all');
    await failure(provider.identify());
    await failure(syncs.delete('10'));
    await failure(syncs.probe('10', desired));
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(30_000);
  });
});

describe('Q19: secrets', () => {
  const signing = 'qF3v0o0m3K2n5nB8m1s7dE0hJ9wq2x6yZ4u1t8r5p3c=';
  const link = 'eyJ.link-token-of-acme.';

  test('Q19: keys are never in messages or logs, wherever the server repeats them', async () => {
    const said = `no: ${key} ${signing} ${link}`;
    const { provider, syncs, log } = await world({
      'GET /destinations': plain({
        destinations: [{ id: 2, display_name: 'Hook', webhook_signing_key: signing }],
      }),
      'POST /sync': failing(400, said),
      'PATCH /sync/10': failing(400, said),
    });
    const errors = [await failure(syncs.create(desired)), await failure(syncs.probe('10', desired))];
    const shown = JSON.stringify([errors, errors.map((one) => [one.message, one.stack, String(one.cause)]), log]);
    expect(errors[0]?.serverMessage).toBe('no: *** *** ***');
    for (const word of [key, signing, 'link-token-of-acme']) expect(shown).not.toContain(word);
    expect(JSON.stringify(await provider.named('destinations', undefined))).not.toContain(signing);
  });
});

/** A session that does everything a provider can do. */
async function everything(): Promise<Script> {
  const made = await world({ 'PATCH /sync/10': empty, 'DELETE /sync/10': empty, 'GET /syncs': listed([sync]) });
  const { provider, syncs } = made;
  await provider.identify();
  await listAll(provider);
  await syncs.newest(new Set());
  for (const collection of ['sources', 'destinations', 'objects']) await provider.named(collection, 'acme');
  await syncs.examine(desired);
  await syncs.check(desired, undefined);
  await syncs.create(desired);
  const found = await reading(provider);
  await syncs.update(found, { ...desired, status: 'paused' }, ['/status']);
  await syncs.probe('10', desired);
  await syncs.delete('10');
  return made;
}

/** What a plan would change in the scripted sync. */
function changes(live: Spec, over: Spec = {}): string[] {
  const wanted = normalise(fabraSyncTraits, { ...desired, ...over });
  const { changes: found } = diff(fabraSyncTraits, live, wanted, { applied: wanted, memory: true });
  return found.map((one) => one.path);
}

function asObject(value: unknown): JsonObject {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw new Error('an object');
}

function without(value: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(value).filter(([name]) => !keys.includes(name)));
}

function asReply(route: Routes[string] | undefined): Exclude<Routes[string], string | ((request: Arrived) => unknown)> {
  if (typeof route === 'object') return route;
  throw new Error('a plain reply');
}
