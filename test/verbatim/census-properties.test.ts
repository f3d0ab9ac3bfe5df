import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { diff } from '../../src/core/spec/diff.ts';
import { normalise } from '../../src/core/spec/normalise.ts';
import { censusSyncTraits as traits } from '../../src/generated/census-sync-traits.ts';
import { isList, isObject, type Json, type JsonObject, type Spec } from '../../src/model/json.ts';
import { canonical } from '../../src/providers/census/language/canonical.ts';
import { type CensusWorld, censusWorld, made, readingOf } from '../providers/census/world.ts';
import { alerts, type Body, base, mappings, modes, settings, sources } from './census-bodies.ts';
import { accountWith } from './census-seed.ts';

/** What a documented body says beyond the plainest one. */
function particular([, body]: Body): JsonObject {
  return Object.fromEntries(Object.entries(body).filter(([key, value]) => value !== base[key]));
}

function one(list: readonly Body[]): fc.Arbitrary<JsonObject> {
  return fc.constantFrom(...list).map(particular);
}

/** Names are resolved by the engine, which is not here. */
const byId = sources.filter(([title]) => !title.includes('name') || title.includes('table'));

/** A source, mappings, triggers, alerts and settings, each as documented. */
const composed: fc.Arbitrary<JsonObject> = fc
  .tuple(one(byId), one(mappings), one(modes), one(alerts), one(settings), one(settings))
  .map((parts) => Object.assign({ ...base, label: 'composed' }, ...parts));

function compared(spec: Spec): Spec {
  return normalise(traits, canonical(spec));
}

/** What a plan would change for somebody who has just written `desired`, remembering nothing. */
function changes(live: Spec, desired: Spec): string[] {
  const options = { applied: null, memory: true };
  return diff(traits, normalise(traits, live), compared(desired), options).changes.map(({ path }) => path);
}

/** The same with the keys of every object the other way round. */
function reversed(value: Json): Json {
  if (isList(value)) return value.map(reversed);
  return isObject(value) ? backwards(value) : value;
}

function backwards(value: JsonObject): JsonObject {
  const entries = Object.entries(value).reverse();
  return Object.fromEntries(entries.map(([key, child]) => [key, child === undefined ? child : reversed(child)]));
}

describe('any composition of documented parts', () => {
  let world: CensusWorld;
  beforeAll(async () => {
    // What an answer hides cannot be pasted back from it.
    const quirks = { liveMode: 'accept', readsBackExtraMappingFlags: true } as const;
    world = await censusWorld({ seed: accountWith([]), quirks });
    world.provider.permit('all');
  });
  afterAll(() => world.close());

  test('has a canonical form that is a fixed point', () => {
    fc.assert(
      fc.property(composed, (spec) => {
        expect(canonical(canonical(spec))).toEqual(canonical(spec));
        expect(normalise(traits, compared(spec))).toEqual(compared(spec));
      }),
    );
  });

  test('says the same whatever the order of its keys', () => {
    fc.assert(
      fc.property(composed, (spec) => {
        expect(compared(backwards(spec))).toEqual(compared(spec));
      }),
    );
  });

  test('is answered with a body that, pasted, changes nothing and means the same', async () => {
    await fc.assert(
      fc.asyncProperty(composed, async (spec) => {
        const { live, wire } = await made(world.provider, compared(spec));
        expect(changes(live.spec, wire)).toEqual([]);
        expect(changes(live.spec, backwards(wire))).toEqual([]);
        const again = await made(world.provider, compared(wire));
        const { live: twin } = await readingOf(world.provider, again.live.id);
        expect(changes(twin.spec, wire)).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});
