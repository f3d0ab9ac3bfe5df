import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { diff } from '../../../src/core/spec/diff.ts';
import type { Quirks } from '../../../src/emulator/census-v1/quirks.ts';
import { censusSyncTraits } from '../../../src/generated/census-sync-traits.ts';
import type { Spec } from '../../../src/model/json.ts';
import { canonical } from '../../../src/providers/census/language/canonical.ts';
import { rules } from '../../../src/providers/census/language/rules.ts';
import { written } from '../../../src/providers/census/language/written.ts';
import { anySpec, partialSpec, tied } from './arbitrary.ts';
import { normalised } from './build.ts';
import { exampleSeed } from './fact-sheet.ts';
import { type CensusWorld, censusWorld, made, readingOf } from './world.ts';

const open: CensusWorld[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

async function world(quirks: Partial<Quirks>): Promise<CensusWorld> {
  const one = await censusWorld({ seed: exampleSeed, quirks });
  one.provider.permit('all');
  open.push(one);
  return one;
}

/** What a plan would change, as paths. Nothing was applied before, or all of it was. */
function changes(live: Spec, desired: Spec, applied: Spec | null): string[] {
  const options = { applied: applied === null ? null : normalised(applied), memory: true };
  return diff(censusSyncTraits, normalised(live), normalised(desired), options).changes.map((one) => one.path);
}

const services: readonly (readonly [string, Partial<Quirks>])[] = [
  ['as documented', {}],
  [
    'that decides everything the other way',
    {
      constantsAsText: false,
      omitNulls: true,
      mappingOrder: 'request',
      readsBackExtraMappingFlags: true,
      emptyAlertOptions: 'null',
      flatScheduleCopies: false,
      unknownKeys: 'reject',
    },
  ],
];

describe('the canonical form', () => {
  test('is a fixed point, for every spec that the schema accepts', () => {
    fc.assert(
      fc.property(anySpec, (spec) => {
        const valid = rules.validate({ kind: 'CensusSync', name: 'one', spec });
        expect(valid ? [] : rules.validate.errors).toEqual([]);
        const once = canonical(spec);
        expect(canonical(once)).toEqual(once);
        expect(normalised(normalised(once))).toEqual(normalised(once));
      }),
      { numRuns: 200 },
    );
  });

  test('is what the written form of it means', () => {
    fc.assert(
      fc.property(anySpec, (spec) => {
        const once = canonical(spec);
        expect(canonical(written(once))).toEqual(once);
        expect(written(canonical(written(once)))).toEqual(written(once));
      }),
      { numRuns: 300 },
    );
  });

  test('exists for any JSON at all', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...keys), fc.jsonValue()), (spec) => {
        const once = canonical(JSON.parse(JSON.stringify(spec)));
        expect(canonical(once)).toEqual(once);
      }),
      { numRuns: 200 },
    );
  });

  const keys = Object.keys(censusSyncTraits.spec.fields ?? {}).concat(
    'schedule_frequency',
    'schedule_day',
    'cron_expression',
    'triggers',
    'lead_union_insert_to',
  );
});

describe.each(services)('with a service %s', (_name, quirks) => {
  test('what was created reads back as it was declared', async () => {
    const { provider } = await world(quirks);
    await fc.assert(
      fc.asyncProperty(anySpec, async (spec) => {
        const desired = canonical(spec);
        const { live } = await made(provider, desired);
        expect(changes(live.spec, desired, desired)).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  test('one update turns any sync into any other, and touches nothing that is not declared', async () => {
    const { provider, syncs } = await world(quirks);
    await fc.assert(
      fc.asyncProperty(anySpec, partialSpec, async (from, to) => {
        const reading = await made(provider, canonical(from));
        const desired = canonical(to);
        await syncs.update(reading, desired, changes(reading.live.spec, desired, null));
        const after = (await readingOf(provider, reading.live.id)).live.spec;
        expect(changes(after, desired, desired)).toEqual([]);
        const before = normalised(reading.live.spec);
        const own = new Set([...Object.keys(to), ...(to.operation === undefined ? [] : tied)]);
        const kept = (spec: Spec): Spec => Object.fromEntries(Object.entries(spec).filter(([key]) => !own.has(key)));
        expect(kept(normalised(after))).toEqual(kept(before));
      }),
      { numRuns: 60 },
    );
  });

  test('a probe says of an update what the update itself would meet', async () => {
    const { provider, syncs, emulator } = await world(quirks);
    await fc.assert(
      fc.asyncProperty(anySpec, partialSpec, async (from, to) => {
        const reading = await made(provider, canonical(from));
        const before = emulator.syncs().length;
        expect(await syncs.check(canonical(to), reading)).toMatchObject({ status: 'valid' });
        expect(emulator.syncs()).toHaveLength(before);
      }),
      { numRuns: 30 },
    );
  });
});
