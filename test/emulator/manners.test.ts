import { describe, expect, it } from 'vitest';
import { openCensusV1 } from '../../src/emulator/census-v1/server.ts';
import { openFabra } from '../../src/emulator/fabra/server.ts';
import { parseFaultRule } from '../../src/emulator/fault-rule.ts';
import { isList, isObject, type Json, type JsonObject, objectIn } from '../../src/emulator/json.ts';
import { fastClock } from '../support/in-process-service.ts';
import { syncBody as fabraBody } from './fabra/support.ts';
import { at, column, email, syncBody } from './support.ts';

interface Heard {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: JsonObject;
}

type Say = (line: string, body?: Json) => Promise<Heard>;

/** `count` syncs, labelled a, b, c…, then the rules. `say('GET /syncs')` leaves the prefix out. */
async function census(count: number, faults: readonly string[], more: JsonObject = {}) {
  const clock = fastClock();
  const service = openCensusV1({ seed: { syncs: [] } }, clock);
  const say = speaker(service.ask, '/api/v1', { authorization: `Bearer ${service.token}` });
  for (const letter of 'abcdefghij'.slice(0, count)) await say('POST /syncs', syncBody({ label: letter, ...more }));
  service.addFaults(faults);
  const ids = service.syncs().map(({ id }) => Number(id));
  return { clock, service, say, ids, labels: () => service.syncs().map(({ label }) => label) };
}

async function fabra(count: number, faults: readonly string[]) {
  const clock = fastClock();
  const service = openFabra({ seed: { syncs: [] }, profile: 'as-intended' }, clock);
  const say = speaker(service.ask, '', { 'x-api-key': service.token });
  for (const letter of 'abcdefghij'.slice(0, count)) await say('POST /sync', fabraBody({ display_name: letter }));
  service.addFaults(faults);
  const ids = service.syncs().map(({ id }) => Number(id));
  return { clock, service, say, ids, labels: () => service.syncs().map(({ display_name }) => display_name) };
}

function speaker(ask: ReturnType<typeof openFabra>['ask'], prefix: string, headers: Record<string, string>): Say {
  return async (line, body) => {
    const [method = '', path = ''] = line.split(' ');
    const text = body === undefined ? '' : JSON.stringify(body);
    const told = await ask({ method, path: path.startsWith('/__') ? path : prefix + path, headers, text });
    if (typeof told === 'string') throw new Error(told);
    return { status: told.status, headers: told.headers, body: objectIn(told.text) ?? {} };
  };
}

function rows({ body }: Heard): readonly JsonObject[] {
  const list = body.data ?? body.syncs;
  return isList(list) ? list.filter(isObject) : [];
}

const labels = (heard: Heard) => rows(heard).map(({ label, display_name }) => label ?? display_name);

describe('text is stored another way', () => {
  it.each<[string, JsonObject, JsonObject]>([
    ['* /syncs*:trim', { label: ' a b ' }, { label: 'a b' }],
    ['* /syncs*:trim=label', { label: ' a ', field_normalization: null }, { label: 'a' }],
    ['POST /syncs:nfc', { label: 'Cafe\u0301' }, { label: 'Caf\u00e9' }],
    ['* /syncs*:trim=operation', { label: ' a ' }, { label: ' a ' }],
    ['PATCH /syncs/*:trim', { label: ' a ' }, { label: ' a ' }],
  ])('%s', async (rule, sent, kept) => {
    const { say, service } = await census(0, [rule]);
    expect((await say('POST /syncs', syncBody(sent))).status).toBe(201);
    expect(service.syncs()[0]).toMatchObject(kept);
  });

  it('by Fabra too', async () => {
    const { say, labels: stored } = await fabra(0, ['POST /sync:trim']);
    await say('POST /sync', fabraBody({ display_name: ' orders ' }));
    expect(stored()).toEqual(['orders']);
  });
});

describe('pages', () => {
  const walk = async (rule: string, paths: readonly string[]) => {
    const { say } = await census(5, [rule]);
    const answers = [];
    for (const path of paths) answers.push(await say(`GET /syncs?order=asc&${path}`));
    return answers;
  };

  it.each<[string, readonly string[], readonly string[]]>([
    ['page-size=2', ['per_page=100', 'per_page=100&page=2', 'page=3'], ['ab', 'cd', 'e']],
    ['page-ignored', ['per_page=2', 'per_page=2&page=2'], ['ab', 'ab']],
    ['page-endless', ['per_page=3&page=2', 'per_page=3&page=3'], ['de', '']],
    ['page-endless=repeat', ['per_page=3&page=2', 'per_page=3&page=9'], ['de', 'de']],
    ['page-empty', ['per_page=2', 'per_page=2&page=2'], ['', '']],
    ['page-shift=1', ['per_page=2', 'per_page=2&page=2', 'per_page=2&page=3'], ['ab', 'de', '']],
    ['page-shift=-1', ['per_page=2', 'per_page=2&page=2'], ['bc', 'cd']],
  ])('%s', async (rule, paths, shown) => {
    const answers = await walk(`GET /syncs:${rule}`, paths);
    expect(answers.map((one) => labels(one).join(''))).toEqual(shown);
  });

  it.each<[string, JsonObject]>([
    ['page-size=2', { per_page: 2, last_page: 3, next_page: 2, total_records: 5 }],
    ['page-endless', { page: 1, next_page: 2, last_page: 1_000_000 }],
    ['page-empty', { total_records: 5 }],
    ['total=9', { total_records: 9 }],
    ['total=-2', { total_records: 3 }],
    ['total=+2', { total_records: 7 }],
    ['last-page=1', { last_page: 1, next_page: 2 }],
  ])('%s in the envelope', async (rule, envelope) => {
    const [answer] = await walk(`GET /syncs:${rule}`, ['per_page=3']);
    expect(answer?.body.pagination).toMatchObject(envelope);
  });

  it('nothing is gone for good after a walk that shifted', async () => {
    const { say, labels: stored } = await census(3, ['GET /syncs:page-shift=2']);
    await say('GET /syncs?order=asc&page=2&per_page=1');
    expect(stored()).toEqual(['a', 'b', 'c']);
  });
});

describe('an answer that is not true', () => {
  it.each<[string, readonly string[]]>([
    ['known-id', ['a', 'b']],
    ['commit-known-id', ['a', 'b', 'new']],
  ])('%s: a create names a sync that was there before', async (kind, there) => {
    const { say, ids, labels: stored } = await census(2, [`POST /syncs:${kind}`]);
    const answer = await say('POST /syncs', syncBody({ label: 'new' }));
    expect([answer.status, answer.body]).toEqual([201, { status: 'created', data: { sync_id: ids[0] } }]);
    expect(stored()).toEqual(there);
  });

  it('known-id=ID: the one that is asked for', async () => {
    const { say } = await census(2, ['POST /syncs:known-id=77']);
    expect(at((await say('POST /syncs', syncBody())).body, 'data.sync_id')).toBe(77);
  });

  it('known-id of Fabra', async () => {
    const { say, ids, labels: stored } = await fabra(2, ['POST /sync:known-id']);
    expect(at((await say('POST /sync', fabraBody())).body, 'sync.id')).toBe(ids[0]);
    expect(stored()).toEqual(['a', 'b']);
  });

  it.each<[string, Json | undefined, number]>([
    ['DELETE', undefined, 200],
    ['PATCH', { label: 'changed' }, 200],
    ['PATCH', { label: 7 }, 400],
  ])('not-done: a %s is answered and has no effect', async (method, body, status) => {
    const { say, ids, labels: stored } = await census(2, [`${method} /syncs/*:not-done`]);
    expect((await say(`${method} /syncs/${ids[0]}`, body)).status).toBe(status);
    expect(stored()).toEqual(['a', 'b']);
    expect((await say(`GET /syncs/${ids[0]}`)).status).toBe(200);
  });

  it('not-done: a create names an id that nobody finds', async () => {
    const { say } = await census(1, ['POST /syncs:not-done']);
    const answer = await say('POST /syncs', syncBody());
    expect(answer.status).toBe(201);
    expect((await say(`GET /syncs/${String(at(answer.body, 'data.sync_id'))}`)).status).toBe(404);
  });

  it('not-done by Fabra', async () => {
    const { say, ids, labels: stored, service } = await fabra(2, ['DELETE /sync/*:not-done']);
    expect((await say(`DELETE /sync/${ids[0]}`)).status).toBe(200);
    expect([stored(), service.schedules().length]).toEqual([['a', 'b'], 2]);
  });

  it('validate-ignored: a check makes a sync', async () => {
    const { say, labels: stored } = await census(0, ['POST /syncs:validate-ignored']);
    expect((await say('POST /syncs', syncBody({ label: 'a', validate_only: true }))).status).toBe(201);
    expect(stored()).toEqual(['a']);
  });
});

describe('answers that lag behind', () => {
  const label = async (say: Say, line: string) => at((await say(line)).body, 'data.label');

  it('stale=2: two reads after each change', async () => {
    const { say, ids } = await census(1, ['GET /syncs/*:stale=2']);
    const one = `/syncs/${ids[0]}`;
    const seen = [await label(say, `GET ${one}`)];
    await say(`PATCH ${one}`, { label: 'b' });
    for (let read = 0; read < 3; read += 1) seen.push(await label(say, `GET ${one}`));
    await say(`PATCH ${one}`, { label: 'c' });
    seen.push(await label(say, `GET ${one}`));
    expect(seen).toEqual(['a', 'a', 'a', 'b', 'b']);
  });

  it('stale=2000ms: for a time after each change', async () => {
    const { say, ids, clock } = await census(1, ['GET /syncs/*:stale=2000ms']);
    const one = `/syncs/${ids[0]}`;
    await say(`PATCH ${one}`, { label: 'b' });
    clock.pass(1000);
    await say(`PATCH ${one}`, { label: 'c' });
    const seen = [await label(say, `GET ${one}`)];
    clock.pass(1000);
    seen.push(await label(say, `GET ${one}`));
    clock.pass(1000);
    seen.push(await label(say, `GET ${one}`));
    expect(seen).toEqual(['a', 'b', 'c']);
  });

  it.each([
    ['GET /syncs', [['a'], 'new']],
    ['GET /syncs/*', [['new', 'a'], undefined]],
  ])('%s:stale: the list behind the single read, or the other way round', async (where, seen) => {
    const { say } = await census(1, [`${where}:stale`]);
    const made = at((await say('POST /syncs', syncBody({ label: 'new' }))).body, 'data.sync_id');
    expect([labels(await say('GET /syncs')), await label(say, `GET /syncs/${String(made)}`)]).toEqual(seen);
  });

  it('a deleted sync is still shown', async () => {
    const { say, ids } = await census(1, ['GET /syncs/*:stale=1']);
    await say(`DELETE /syncs/${ids[0]}`);
    expect((await say(`GET /syncs/${ids[0]}`)).status).toBe(200);
    expect((await say(`GET /syncs/${ids[0]}`)).status).toBe(404);
  });

  it('a refused write changes nothing that could be stale', async () => {
    const { say, ids } = await census(1, ['GET /syncs/*:stale=1']);
    await say(`PATCH /syncs/${ids[0]}`, { label: 'b' });
    await label(say, `GET /syncs/${ids[0]}`);
    await say(`PATCH /syncs/${ids[0]}`, { label: 7 });
    expect(await label(say, `GET /syncs/${ids[0]}`)).toBe('b');
  });

  it('PATCH …:stale: done, and answered with what was before', async () => {
    const { say, ids, labels: stored } = await census(1, ['PATCH /syncs/*:stale']);
    const answer = await say(`PATCH /syncs/${ids[0]}`, { label: 'b' });
    expect([answer.body.status, at(answer.body, 'data.label'), stored()]).toEqual(['updated', 'a', ['b']]);
  });

  it('by Fabra', async () => {
    const { say } = await fabra(1, ['GET /syncs:stale=1']);
    await say('POST /sync', fabraBody({ display_name: 'new' }));
    expect([rows(await say('GET /syncs')).length, rows(await say('GET /syncs')).length]).toEqual([1, 2]);
  });
});

describe('things that are gone, and things that somebody else made', () => {
  it('gone: for a time, then back, beside what was made meanwhile', async () => {
    const { say, ids, clock } = await census(2, ['* /syncs*:gone for 5000']);
    expect([labels(await say('GET /syncs')), (await say(`GET /syncs/${ids[0]}`)).status]).toEqual([[], 404]);
    expect((await say(`DELETE /syncs/${ids[0]}`)).status).toBe(404);
    expect((await say('POST /syncs', syncBody({ label: 'new' }))).status).toBe(201);
    clock.pass(5000);
    expect(labels(await say('GET /syncs?order=asc'))).toEqual(['a', 'b', 'new']);
  });

  it('gone=ID,ID: only those', async () => {
    const { say, ids, service } = await census(3, []);
    service.addFaults([`GET /syncs*:gone=${ids[0]},${ids[2]}`]);
    expect(labels(await say('GET /syncs'))).toEqual(['b']);
    expect((await say(`GET /syncs/${ids[2]}`)).status).toBe(404);
  });

  it('gone=50%: some, and the same ones each time', async () => {
    const { say } = await census(10, ['GET /syncs*:gone=50%']);
    const first = labels(await say('GET /syncs'));
    expect(first.length).toBeGreaterThan(0);
    expect(first.length).toBeLessThan(10);
    expect(labels(await say('GET /syncs'))).toEqual(first);
  });

  it('gone from Fabra: an empty list, and its answer for what is not there', async () => {
    const { say, ids, service } = await fabra(2, ['* /sync*:gone:2']);
    expect([rows(await say('GET /syncs')), (await say(`GET /sync/${ids[0]}`)).status]).toEqual([[], 500]);
    expect([rows(await say('GET /syncs')).length, service.schedules().length]).toEqual([2, 2]);
  });

  it.each([
    ['foreign=new', ['a', 'new', 'mine']],
    ['foreign', ['a', 'Made by somebody else 1', 'mine']],
    ['twin', ['a', 'mine', 'mine']],
  ])('%s: a sync that no request made', async (kind, there) => {
    const { say, ids, service } = await census(1, [`POST /syncs:${kind}:1`]);
    const answer = await say('POST /syncs', syncBody({ label: 'mine' }));
    expect(service.syncs().map(({ label }) => label)).toEqual(there);
    expect(at(answer.body, 'data.sync_id')).toBe(service.syncs().at(-1)?.id);
    expect(new Set(service.syncs().map(({ id }) => id)).size).toBe(ids.length + 2);
  });

  it('foreign in Fabra', async () => {
    const { say, service } = await fabra(1, ['GET /syncs:foreign=theirs:1']);
    expect([labels(await say('GET /syncs')).length, service.schedules().length]).toEqual([2, 2]);
  });
});

describe('how an answer looks', () => {
  const two = { mappings: [email, column('first_name', 'FirstName'), column('last_name', 'LastName')] };
  const orders = (heard: Heard) => {
    const list = at(heard.body, 'data.mappings');
    return isList(list) ? list.map((one) => at(one, 'to')) : [];
  };

  it('shuffle: lists in another order at each read', async () => {
    const { say, ids } = await census(1, ['GET /syncs/*:shuffle'], two);
    const first = orders(await say(`GET /syncs/${ids[0]}`));
    const second = orders(await say(`GET /syncs/${ids[0]}`));
    expect(second).not.toEqual(first);
    expect(new Set(second)).toEqual(new Set(first));
  });

  it('shuffle and without=position together: nothing says which came first', async () => {
    const { say, ids } = await census(1, ['GET /syncs/*:shuffle=mappings', 'GET /syncs/*:without=position'], two);
    const answer = await say(`GET /syncs/${ids[0]}`);
    expect(JSON.stringify(answer.body)).not.toContain('position');
    expect(orders(answer)).not.toEqual(orders(await say(`GET /syncs/${ids[0]}`)));
  });

  it.each<[string, string | undefined]>([
    ['skew=-7200000', 'Sat, 28 Nov 2026 07:00:00 GMT'],
    ['skew=+60000', 'Sat, 28 Nov 2026 09:01:00 GMT'],
    ['skew=none', undefined],
  ])('%s: the Date of an answer', async (kind, date) => {
    const { say } = await census(0, [`* *:${kind}`]);
    expect((await say('GET /syncs')).headers.date).toBe(date);
  });
});

describe('a service that has had enough', () => {
  it.each<[string, readonly (string | undefined)[]]>([
    ['rate=2/3000', [undefined, undefined, '3', '3']],
    ['rate=2/3000/silent', [undefined, undefined, undefined, undefined]],
  ])('%s', async (kind, waits) => {
    const { say, clock } = await census(0, [`* *:${kind}`]);
    const answers = [];
    for (let n = 0; n < 4; n += 1) answers.push(await say('GET /syncs'));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 429, 429]);
    expect(answers.map(({ headers }) => headers['retry-after'])).toEqual(waits);
    clock.pass(3000);
    expect((await say('GET /syncs')).status).toBe(200);
  });

  it('429=1@2 for 3000: from the second create on, for a time', async () => {
    const { say, clock } = await census(0, ['POST /syncs:429=1@2 for 3000']);
    const create = async () => (await say('POST /syncs', syncBody())).status;
    const seen = [await create(), await create(), await create()];
    clock.pass(3000);
    expect([...seen, await create()]).toEqual([201, 429, 429, 201]);
  });

  it('401:*@3: the token is revoked at the third request, for good', async () => {
    const { say } = await census(0, ['* *:401:*@3']);
    const seen = [];
    for (let n = 0; n < 5; n += 1) seen.push((await say('GET /syncs')).status);
    expect(seen).toEqual([200, 200, 401, 401, 401]);
  });
});

describe('which requests', () => {
  const pattern = async (rule: string) => {
    const { say } = await census(0, [rule]);
    const seen = [];
    for (let n = 0; n < 200; n += 1) seen.push((await say('GET /syncs')).status);
    return seen;
  };

  it('chance: a share of them, the same ones for the same seed', async () => {
    const seen = await pattern('GET /syncs:500 chance 30%/7');
    const failed = seen.filter((status) => status === 500).length;
    expect(failed).toBeGreaterThan(40);
    expect(failed).toBeLessThan(80);
    expect(await pattern('GET /syncs:500 chance 30/7')).toEqual(seen);
    expect(await pattern('GET /syncs:500 chance 30/8')).not.toEqual(seen);
  });

  it('a manner and a fault befall the same request', async () => {
    const { say, labels: stored } = await census(0, ['POST /syncs:trim', 'POST /syncs:drop-response:1']);
    await expect(say('POST /syncs', syncBody({ label: ' a ' }))).rejects.toThrow('drop');
    expect(stored()).toEqual(['a']);
  });

  it('with *, a manner lets pass what it cannot befall, and counts it not', async () => {
    const { say } = await census(2, ['* /syncs:page-empty:1']);
    expect((await say('POST /syncs', syncBody())).status).toBe(201);
    expect(labels(await say('GET /syncs'))).toEqual([]);
    expect(labels(await say('GET /syncs'))).toHaveLength(3);
  });

  it('are changed while it runs, for Fabra in its own terms', async () => {
    const { say } = await fabra(1, []);
    expect((await say('POST /__emulator/faults', { rules: ['GET /syncs:gone'] })).status).toBe(200);
    expect(rows(await say('GET /syncs'))).toEqual([]);
    const refused = await say('POST /__emulator/faults', { rules: ['GET /syncs:total=3'], clear: true });
    expect([refused.status, rows(await say('GET /syncs'))]).toEqual([400, []]);
  });
});

describe('rules that make no sense', () => {
  const fabraTraits = { name: 'Fabra', pages: false, validate_only: false };

  it.each<[string, string, RegExp]>([
    ['GET /syncs:page-sise=3', 'has the unknown kind "page-sise"', /^Did you mean "page-size"\?/],
    ['GET /syncs:page-size', 'page-size needs a value', /page-size=10/],
    ['GET /syncs:page-size=0', 'page-size cannot be "0"', /page-size=10/],
    ['POST /syncs:page-size=3', 'page-size cannot befall a POST', /GET or \*/],
    ['GET /syncs:not-done', 'not-done cannot befall a GET', /DELETE or \*/],
    ['DELETE /syncs/1:not-done=2', 'not-done cannot be "2"', /out\.$/],
    ['GET /syncs:stale=2s', 'stale cannot be "2s"', /stale=2000ms/],
    ['GET /syncs:gone=half', 'gone cannot be "half"', /gone=50%/],
    ['GET /syncs:gone=150%', 'gone cannot be "150%"', /gone=50%/],
    ['GET /syncs:rate=5', 'rate cannot be "5"', /rate=10\/1000/],
    ['GET /syncs:skew=soon', 'skew cannot be "soon"', /skew=none/],
    ['GET /syncs:500 chance 0', 'would never act', /./],
    ['GET /syncs:500 chance 101', 'has a chance above 100', /./],
    ['GET /syncs:500 for 0', 'would never act', /./],
    ['GET /syncs:500 sometimes', 'is not understood', /for MS/],
  ])('%s', (rule, message, hint) => {
    expect(parseFaultRule(rule)).toEqual({
      message: expect.stringContaining(message),
      hint: expect.stringMatching(hint),
    });
  });

  it.each([
    ['GET /syncs:page-size=3', 'Fabra answers its lists whole, without pages.'],
    ['GET /syncs:total=3', 'Fabra answers its lists whole, without pages.'],
    ['POST /sync:validate-ignored', 'Fabra has no validate_only.'],
  ])('%s for Fabra', (rule, message) => {
    expect(parseFaultRule(rule, fabraTraits)).toMatchObject({ message: expect.stringContaining(message) });
  });
});
