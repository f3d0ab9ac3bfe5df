import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { diff } from '../../../src/core/spec/diff.ts';
import { normalise } from '../../../src/core/spec/normalise.ts';
import { fabraSyncTraits } from '../../../src/generated/fabra-sync-traits.ts';
import type { JsonObject, Spec } from '../../../src/model/json.ts';
import { canonical } from '../../../src/providers/fabra/language/canonical.ts';
import { type FabraWorld, fabraWorld } from './world.ts';

const text = fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme' }).filter((one) => !one.includes('\u0000'));
const maybe = <Value>(one: fc.Arbitrary<Value>) => fc.option(one, { nil: undefined });

/** Objects of the emulator's seed with the fields that they require and one that they do not. */
const targets = [
  { object_id: 2, required: [11, 12], others: [13] },
  { object_id: 3, required: [21], others: [22, 23, 24] },
  { object_id: 4, required: [31], others: [32, 33] },
];
const fieldNames: Readonly<Record<number, string>> = {
  11: 'order_id',
  12: 'changed_at',
  13: 'note',
  21: 'event',
  22: 'event_id',
  23: 'happened_at',
  24: 'payload',
  31: 'email',
  32: 'full_name',
  33: 'plan',
};

const place = fc.oneof(
  fc.record({ namespace: text, table_name: text }),
  fc.record({ custom_join: text }),
  fc.record({ namespace: text, table_name: text, custom_join: text }),
);
const schedule = fc.oneof(
  fc.record({ frequency: fc.integer({ min: 30, max: 5000 }), frequency_units: fc.constant('minutes') }),
  fc.record({ frequency: fc.integer({ min: 1, max: 99 }), frequency_units: fc.constantFrom('hours', 'days', 'weeks') }),
  fc.constant({}),
);

/** Mappings of an object: the required fields and some others, each by id or by name. */
function mappings(typed: boolean): fc.Arbitrary<JsonObject> {
  return fc.constantFrom(...targets).chain(({ object_id, required, others }) =>
    fc
      .record({
        chosen: fc.subarray(others),
        byName: fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }),
        types: fc.array(maybe(fc.constantFrom('STRING', 'INTEGER')), { minLength: 6, maxLength: 6 }),
        json: fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }),
        names: fc.uniqueArray(text, { minLength: 6, maxLength: 6 }),
      })
      .map(({ chosen, byName, types, json, names }) => ({
        object_id,
        field_mappings: [...required, ...chosen].map((id, index) => ({
          source_field_name: names[index] ?? '',
          ...(byName[index] || !typed
            ? { destination_field_name: fieldNames[id] ?? '' }
            : { destination_field_id: id }),
          ...(typed ? { source_field_type: types[index], is_json_field: json[index] ?? false } : {}),
        })),
      })),
  );
}

const common = fc
  .record({
    display_name: text,
    end_customer_id: fc.constant('abc123'),
    source_id: fc.constantFrom(1, 2),
    source_cursor_field: maybe(text),
    source_primary_key: maybe(text),
    place,
    schedule,
  })
  .map(({ place: where, schedule: when, ...rest }) => ({ ...rest, ...where, ...when }));

const serverSpec = fc
  .record({
    common,
    target: mappings(true),
    own: fc.record({
      sync_mode: maybe(fc.constantFrom('full_overwrite', 'incremental_append', 'incremental_update')),
      recurring: maybe(fc.boolean()),
      status: maybe(fc.constant('active')),
    }),
  })
  .map(({ common: shared, target, own }) => canonical({ ...shared, ...target, ...own }))
  .filter(hasSchedule);

/** An object without a schedule lends none to a sync that is to recur. */
function hasSchedule(spec: Spec): boolean {
  return spec.recurring !== true || spec.object_id !== 4 || spec.frequency !== undefined;
}

const documentedSpec = fc
  .record({ common, target: mappings(false) })
  .map(({ common: shared, target }) => canonical({ ...shared, ...target }));

/** What a plan would change right after an apply. */
function changes(live: Spec, desired: Spec): string[] {
  const wanted = normalise(fabraSyncTraits, desired);
  const found = diff(fabraSyncTraits, normalise(fabraSyncTraits, live), wanted, { applied: wanted, memory: true });
  return found.changes.map((one) => one.path);
}

async function roundTrip({ syncs }: FabraWorld, spec: Spec): Promise<Spec> {
  const made = await syncs.create(spec);
  const reading = await syncs.read(made.id);
  if (reading === undefined) throw new Error(`sync ${made.id} was made`);
  return reading.live.spec;
}

describe.each([
  ['server', serverSpec],
  ['documented', documentedSpec],
] as const)('canonical to wire to canonical, %s', (dialect, specs) => {
  let world: FabraWorld;
  beforeAll(async () => {
    world = await fabraWorld({ dialect });
    world.provider.permit('all');
  });
  afterAll(() => world.close());

  test('what was sent shows no changes', async () => {
    await fc.assert(
      fc.asyncProperty(specs, async (spec) => {
        const live = await roundTrip(world, spec);
        expect(changes(live, spec)).toEqual([]);
        expect(canonical(live)).toEqual(live);
      }),
      { numRuns: 60 },
    );
  });

  test('what was read can be sent, and reads the same', async () => {
    await fc.assert(
      fc.asyncProperty(specs, async (spec) => {
        const { recurring: _recurring, ...live } = await roundTrip(world, spec);
        const { recurring: _again, ...copy } = await roundTrip(world, live);
        expect(copy).toEqual(live);
      }),
      { numRuns: 30 },
    );
  });
});
