import fc from 'fast-check';
import { describe, it } from 'vitest';
import type { Outcome } from '../../src/emulator/exchange.ts';
import { isList, isObject, type Json, pointer, withValueAt } from '../../src/model/json.ts';
import { censusService, censusWithDatasets } from './census-service.ts';
import { fail } from './court.ts';
import { fabraService } from './fabra-service.ts';
import { judgeError } from './judge-report.ts';
import { blankDisk } from './memory-ledger.ts';
import { type Deed, perform, quiet } from './run.ts';
import { addressOf, blank, type Declaration, type Service } from './service.ts';
import { openSky } from './wire.ts';

/** What nobody would expect at any place of an answer. */
const odd: readonly Json[] = [
  ...[null, '', ' ', 'x', '0', '-1', '../x', '__proto__', 'CensusSync/a', '\u0000', '\ud800', 'x'.repeat(100_000)],
  ...[0, -1, 0.5, 1e21, true, false, [], {}, [[]], [null], [{}], { id: null }, { '': '' }],
  ...[JSON.parse('{"__proto__": {"id": 1}}'), JSON.parse('{"toString": 1, "valueOf": null, "constructor": []}')],
];

const bodies: readonly string[] = [
  ...['', 'null', '"x"', '0', '[]', '{}', '{', '<html>', '{"status":"success"}', '{"status":"success","data":{}}'],
  ...[
    '{"data":[null]}',
    '{"data":{"__proto__":{"id":1}}}',
    '['.repeat(100_000),
    `${'['.repeat(1000)}${']'.repeat(1000)}`,
  ],
];

/** What becomes of the answer to one request. */
type Twist =
  | { readonly what: 'value'; readonly place: number; readonly value: Json }
  | { readonly what: 'missing'; readonly place: number }
  | { readonly what: 'body'; readonly text: string }
  | { readonly what: 'status'; readonly status: number };

const twist: fc.Arbitrary<Twist> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ what: fc.constant('value' as const), place: fc.nat(200), value: fc.constantFrom(...odd) }),
  },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('missing' as const), place: fc.nat(200) }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('body' as const), text: fc.constantFrom(...bodies) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      what: fc.constant('status' as const),
      status: fc.constantFrom(
        200,
        201,
        202,
        204,
        206,
        299,
        301,
        304,
        400,
        401,
        402,
        403,
        404,
        405,
        409,
        410,
        418,
        422,
        451,
        500,
        501,
        599,
      ),
    }),
  },
);

/** Every place of a value below its root, as a JSON Pointer. */
function placesIn(value: Json, above: readonly string[] = []): string[] {
  const keys = isList(value) ? value.map((_, index) => String(index)) : isObject(value) ? Object.keys(value) : [];
  return keys.flatMap((key) => {
    const here = [...above, key];
    const child = isList(value) ? value[Number(key)] : isObject(value) ? value[key] : undefined;
    return [pointer(here), ...(child === undefined ? [] : placesIn(child, here))];
  });
}

function twisted(answer: Outcome, how: Twist): Outcome {
  if (answer === 'drop') return answer;
  if (how.what === 'body') return { ...answer, text: how.text };
  if (how.what === 'status') return { ...answer, status: how.status };
  const body: Json = answer.text === '' ? null : JSON.parse(answer.text);
  const places = placesIn(body);
  const place = places[how.place % Math.max(1, places.length)];
  if (place === undefined || !isObject(body)) return answer;
  return { ...answer, text: JSON.stringify(withValueAt(body, place, how.what === 'value' ? how.value : undefined)) };
}

/** The service, with the answers to some of its requests twisted while `on`. */
function strange(service: Service, twists: readonly { readonly nth: number; readonly how: Twist }[]) {
  let count = 0;
  const state: { on: boolean } = { on: false };
  const handle: Service['handle'] = (request) => {
    const answer = service.handle(request);
    if (state.on) count += 1;
    const found = state.on ? twists.find((one) => one.nth === count) : undefined;
    return found === undefined ? answer : twisted(answer, found.how);
  };
  return { service: { ...service, handle }, state };
}

const before: readonly Declaration[] = [
  { ...blank, name: 'a', label: 'Users', tag: 'x' },
  { ...blank, name: 'b', label: 'Orders', tag: 'x', paused: true },
];
/** One sync is changed, one goes, and two come. */
const after: readonly Declaration[] = [
  { ...blank, name: 'a', label: 'Users', tag: 'x', paused: true },
  { ...blank, name: 'c', label: 'Plans', tag: 'y' },
  { ...blank, name: 'd', label: 'Items', tag: 'y', after: 'c' },
];

/** The same, where a new sync reads a new dataset, and one that is changed a dataset whose query is. */
const set: Declaration = { ...blank, noun: 'dataset', name: 'a', label: 'Users', tag: 'x' };
const setsBefore = [set, ...before.map((one) => ({ ...one, of: 'a' }))];
const setsAfter = [
  { ...set, tag: 'y' },
  { ...set, name: 'c', label: 'Plans' },
  ...after.map((one) => ({ ...one, of: one.name })),
];

const flags = { prune: true, only: undefined, force: false };
const deeds: readonly Deed[] = [
  { do: 'apply', flags },
  { do: 'dry-run', flags },
  { do: 'plan', flags },
  { do: 'undo', run: 'run-1' },
];

/** What an error of the engine says where nobody foresaw it. */
const slips =
  /is not a function|is not iterable|Cannot (?:read|convert|set|destructure)|\[object Object\]|undefined|Invalid (?:time|date)|Maximum call/;

const syncs = { before, after };
const services: readonly (readonly [string, () => Service, typeof syncs])[] = [
  ['Census', () => censusService({}), syncs],
  ['Census with datasets', () => censusWithDatasets({}), { before: setsBefore, after: setsAfter }],
  ['Fabra as traced', () => fabraService('as-traced'), syncs],
  ['Fabra as intended', () => fabraService('as-intended'), syncs],
];

describe('whatever a service answers, the end is a report or an error that says which answer it was', () => {
  it.each(services)('%s', { timeout: 600_000 }, async (_name, open, declared) => {
    const world = fc.record({
      twists: fc.array(fc.record({ nth: fc.integer({ min: 1, max: 30 }), how: twist }), { minLength: 1, maxLength: 3 }),
      deed: fc.constantFrom(...deeds),
      ledger: fc.constantFrom('memory' as const, 'memory' as const, 'none' as const),
    });
    const property = fc.asyncProperty(world, async ({ twists, deed, ledger }) => {
      const { service, state } = strange(open(), twists);
      const sky = openSky(service, { milliseconds: Date.parse('2026-11-21T10:00:00Z') }, 1);
      const manifests = new Map(declared.before.map((one) => [addressOf(service, one), one]));
      const stage = {
        world: { ledger, maxDeletes: 5, concurrency: 3, seed: 1, settled: false, declarations: [], steps: [] },
        sky,
        disk: blankDisk(),
        manifests,
        watch: () => undefined,
      };
      await perform(stage, 1, { do: 'apply', flags }, quiet);
      if (deed.do === 'undo' && ledger === 'none') return;
      if (deed.do !== 'undo') {
        manifests.clear();
        for (const one of declared.after) manifests.set(addressOf(service, one), one);
      }
      state.on = true;
      const ended = await perform(stage, 2, deed, quiet);
      state.on = false;
      judgeError(ended);
      if (ended.hung) fail('a run asks without end', { moments: ended.moments });
      // A refusal of what was carried out is a lie that nobody could see through.
      const lied = twists.some(({ how }) => how.what === 'status' && how.status >= 300 && how.status < 500);
      const written = !lied && sky.writes.some((one) => one.run === 2 && one.effect === 'done');
      if (ended.error !== undefined && written) fail('an error hides what was written', { error: String(ended.error) });
      if (written && ended.exit !== 5 && ended.report?.outcomes.every((one) => one.status !== 'applied'))
        fail('an exit code hides what was written', { exit: ended.exit, outcomes: ended.report?.outcomes });
      const said = [String(ended.error ?? ''), ...(ended.report?.outcomes ?? []).map((one) => one.error ?? '')];
      const slip = said.find((one) => slips.test(one));
      if (slip !== undefined) fail('an error that nobody foresaw', { slip });
    });
    await fc.assert(property, { numRuns: Number(process.env.WORLDS ?? 160), seed: Number(process.env.SEED ?? '1') });
  });
});
