import fc from 'fast-check';
import type { PlanInput } from '../../src/core/decision.ts';
import { labelOf } from '../../src/core/label.ts';
import { normalise } from '../../src/core/normalise.ts';
import { censusDatasetTraits } from '../../src/generated/census-dataset-traits.ts';
import { censusSyncTraits as traits } from '../../src/generated/census-sync-traits.ts';
import type { JsonObject } from '../../src/model/json.ts';
import type { Entry, Ledger } from '../../src/model/ledger.ts';
import { type Key, keyOf, type Live } from '../../src/model/live.ts';
import { defaultLifecycle, type Lifecycle, type Manifest } from '../../src/model/manifest.ts';
import type { KindTraits } from '../../src/model/traits.ts';

/** The smallest canonical spec that a CensusSync can have, and what a test is about. */
export function spec(extra: JsonObject = {}): JsonObject {
  return normalise(traits, {
    label: 'Users',
    operation: 'upsert',
    source_attributes: { connection_id: 501, object: { type: 'model', id: 15 } },
    destination_attributes: { connection_id: 601, object: 'Contact' },
    mappings: [{ from: { type: 'column', data: 'EMAIL' }, to: 'Email', is_primary_identifier: true }],
    ...extra,
  });
}

export function manifest(name: string, body: JsonObject = spec(), lifecycle: Partial<Lifecycle> = {}): Manifest {
  return {
    address: `CensusSync/${name}`,
    kind: 'CensusSync',
    name,
    spec: body,
    lifecycle: { ...defaultLifecycle, ...lifecycle },
    origin: { file: `syncs/${name}.yaml`, line: 1, column: 1 },
    document: 0,
  };
}

export function live(id: string, body: JsonObject = spec()): Live {
  const clean = normalise(traits, body);
  return { kind: 'CensusSync', id, label: labelOf(traits, clean), spec: clean };
}

export function entry(id: string, body: JsonObject | null = spec(), extra: Partial<Entry> = {}): Entry {
  const label = body === null ? null : (labelOf(traits, body) ?? null);
  return {
    state: 'bound',
    id,
    spec: body,
    label,
    protect: false,
    on_delete: 'delete',
    pending: null,
    retires: null,
    ...extra,
  };
}

export function ledger(syncs: Record<string, Entry> = {}, extra: Partial<Ledger> = {}): Ledger {
  const meta = { format: 2 as const, provider: 'census', host: 'app.getcensus.com', workspace: 4321, project: 'crm' };
  const addressed = Object.fromEntries(Object.entries(syncs).map(([name, one]) => [`CensusSync/${name}`, one]));
  return { meta, syncs: addressed, dead: {}, runs: [], ...extra };
}

/** The key of a sync with this id. */
export function key(id: string): Key {
  return keyOf('CensusSync', id);
}

export function keys(...ids: readonly string[]): Set<Key> {
  return new Set(ids.map(key));
}

/** Live things by their keys. */
export function byKey(live: readonly Live[]): Map<Key, Live> {
  return new Map(live.map((one) => [keyOf(one.kind, one.id), one]));
}

/** The traits of both kinds. */
export function traitsOf(kind: string): KindTraits {
  return kind === 'CensusDataset' ? censusDatasetTraits : traits;
}

export function input(parts: Partial<PlanInput> = {}): PlanInput {
  return {
    target: { name: 'production', provider: 'census', api: 'v1', host: 'app.getcensus.com', workspace: 4321 },
    traitsOf,
    types: new Map(),
    manifests: [],
    live: [],
    ledger: ledger(),
    gone: new Set(),
    suspects: new Map(),
    verbsOf: () => ['update', 'delete'],
    prune: false,
    only: undefined,
    forceDeletes: undefined,
    forceCreates: undefined,
    maxDeletes: 5,
    protect: [],
    settleSeconds: 480,
    notes: [],
    age: { relation: 'none', last: undefined },
    createdAt: '2026-11-21T10:00:00.000Z',
    tool: 'syncline 0.1.0',
    commit: null,
    ...parts,
  };
}

const column = fc.constantFrom('EMAIL', 'FIRST_NAME', 'PLAN');
const mapping = fc.record(
  {
    from: fc.oneof(
      column.map((data) => ({ type: 'column', data })),
      fc.constantFrom('x', '1').map((value) => ({ type: 'constant_value', data: { value, basic_type: 'text' } })),
    ),
    to: fc.constantFrom('Email', 'Name', 'Plan__c', 'a/b~c'),
    is_primary_identifier: fc.boolean(),
    sync_null_values: fc.boolean(),
    operation: fc.constantFrom(null, 'set', 'merge'),
    field_type: fc.constantFrom('text', 'number'),
    array_field: fc.boolean(),
  },
  { requiredKeys: ['from', 'to'] },
);
const alert = fc.record({
  type: fc.constantFrom('FailureAlertConfiguration', 'StatusAlertConfiguration'),
  send_for: fc.constantFrom('first_time', 'every_time'),
  should_send_recovery: fc.boolean(),
  options: fc.constantFrom(null, {}, { status_name: 'started' }),
});
const schedule = fc.oneof(
  fc.constant({ frequency: 'never' }),
  fc.record({ frequency: fc.constant('daily'), hour: fc.nat(23), minute: fc.nat(59) }),
);
const optional = fc.record(
  {
    paused: fc.constantFrom(true, false, null),
    operation: fc.constantFrom('upsert', 'mirror', 'delete'),
    mirror_strategy: fc.constantFrom('sync_updates_and_deletes', 'upload_and_swap'),
    field_behavior: fc.constantFrom('specific_properties', 'sync_all_properties', null),
    field_order: fc.constantFrom('alphabetical_column_name', 'mapping_order', null, ''),
    field_normalization: fc.constantFrom('snake_case', null),
    advanced_configuration: fc.oneof(
      fc.constant(null),
      fc.dictionary(fc.constantFrom('a', 'b', 'valueOf', 'toString'), fc.constantFrom(1, 'x', null)),
    ),
    mode: fc.oneof(
      fc.constant(null),
      fc.record(
        {
          type: fc.constant('triggered'),
          triggers: fc.record(
            { schedule, dbt_cloud: fc.constantFrom(null, { job_id: '1', project_id: '2' }) },
            { requiredKeys: [] },
          ),
        },
        { requiredKeys: ['triggers'] },
      ),
    ),
    alert_attributes: fc.oneof(fc.constant(null), fc.array(alert, { maxLength: 3 })),
    mappings: fc.uniqueArray(mapping, { selector: (one) => one.to, maxLength: 4 }),
    high_water_mark_attributes: fc.constantFrom({ column_name: 'c', use_high_water_mark_diff_type: true }),
  },
  { requiredKeys: [] },
);

/** Any declared spec: silent about some fields, clearing others. */
const anySpec: fc.Arbitrary<JsonObject> = optional.map((extra) => spec(extra as JsonObject));

/** Any spec as a service would answer it: nothing that is set is null in an odd place, but much may be missing. */
const anyLiveSpec = anySpec;

const labels = ['Users', 'Orders', 'Events', 'Leads'];
const names = ['a', 'b', 'c', 'd'];

const anyManifests = fc
  .uniqueArray(
    fc.record({
      name: fc.constantFrom(...names),
      label: fc.constantFrom(...labels),
      body: anySpec,
      parent: fc.constantFrom(undefined, ...names),
      adopt: fc.boolean(),
      replace: fc.constantFrom('allow' as const, 'block' as const),
      protect: fc.boolean(),
    }),
    { selector: (one) => one.name, maxLength: 4 },
  )
  .map((list) => {
    const taken = new Set<string>();
    return list
      .filter((one) => !taken.has(one.label) && taken.add(one.label))
      .map((one) => {
        const { label, adopt, replace, protect } = one;
        // A parent earlier in the alphabet keeps sequences free of cycles, as validation does.
        const parent = one.parent !== undefined && one.parent < one.name ? one.parent : undefined;
        const mode = { type: 'triggered', triggers: { sync_sequence: { sync: parent } } };
        const body = normalise(traits, { ...one.body, label, ...(parent === undefined ? {} : { mode }) });
        return manifest(one.name, body, { adopt, replace, protect });
      });
  })
  .map((list) => {
    // A link to a manifest that does not exist cannot pass validation either.
    const known = new Set(list.map((one) => one.name));
    return list.filter((one) => {
      const text = JSON.stringify(one.spec);
      const parent = /"sync":"(.)"/.exec(text)?.[1];
      return parent === undefined || known.has(parent);
    });
  });

const anyLive = fc
  .array(fc.record({ label: fc.constantFrom(...labels, undefined), body: anyLiveSpec }), { maxLength: 5 })
  .map((list) =>
    list.map((one, index) => {
      const { label: _, ...rest } = one.body;
      return live(String(100 + index), one.label === undefined ? rest : { ...rest, label: one.label });
    }),
  );

/** Any manifests, live syncs and memory, with any flags. */
export const anyWorld: fc.Arbitrary<Partial<PlanInput>> = fc
  .record({
    manifests: anyManifests,
    live: anyLive,
    bindings: fc.array(
      fc.record({
        name: fc.constantFrom(...names, 'old'),
        index: fc.nat(4),
        applied: fc.boolean(),
        protect: fc.boolean(),
      }),
      { maxLength: 4 },
    ),
    prune: fc.boolean(),
    memory: fc.boolean(),
    maxDeletes: fc.nat(3),
  })
  .map(({ manifests, live: listed, bindings, prune, memory, maxDeletes }) => {
    const syncs: Record<string, Entry> = {};
    const bound = new Set<string>();
    for (const one of bindings) {
      const sync = listed[one.index];
      if (sync === undefined || bound.has(sync.id)) continue;
      if (syncs[one.name] !== undefined) continue;
      bound.add(sync.id);
      syncs[one.name] = entry(sync.id, one.applied ? sync.spec : null, { protect: one.protect });
    }
    return { manifests, live: listed, ledger: memory ? ledger(syncs) : null, prune, maxDeletes };
  });
