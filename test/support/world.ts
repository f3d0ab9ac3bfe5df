import fc from 'fast-check';
import type { PlanInput } from '../../src/core/plan/decision.ts';
import { everything } from '../../src/core/selection.ts';
import { labelOf } from '../../src/core/spec/label.ts';
import { isManaged } from '../../src/core/spec/managed.ts';
import { normalise } from '../../src/core/spec/normalise.ts';
import { censusDatasetTraits } from '../../src/generated/census-dataset-traits.ts';
import { censusSyncTraits as traits } from '../../src/generated/census-sync-traits.ts';
import type { JsonObject } from '../../src/model/json.ts';
import type { Entry, Ledger, PendingCreate } from '../../src/model/ledger.ts';
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

/** A manifest of a dataset whose label is `name`. */
function dataset(name: string, body: JsonObject, lifecycle: Partial<Lifecycle> = {}): Manifest {
  const { spec: clean, ...rest } = manifest(name, body, lifecycle);
  return {
    ...rest,
    address: `CensusDataset/${name}`,
    kind: 'CensusDataset',
    spec: normalise(censusDatasetTraits, clean),
  };
}

function datasetSpec(extra: JsonObject = {}): JsonObject {
  return { name: 'Users', type: 'sql', query: 'select 1', source_id: 501, ...extra };
}

export function liveDataset(id: string, body: JsonObject = datasetSpec()): Live {
  const clean = normalise(censusDatasetTraits, body);
  return { kind: 'CensusDataset', id, label: labelOf(censusDatasetTraits, clean), spec: clean };
}

export function live(id: string, body: JsonObject = spec()): Live {
  const clean = normalise(traits, body);
  return { kind: 'CensusSync', id, label: labelOf(traits, clean), spec: clean };
}

export function entry(
  id: string,
  body: JsonObject | null = spec(),
  extra: Partial<Pick<Entry, keyof Entry>> = {},
): Entry {
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
  } as Entry;
}

/** What the ledger knows of an address whose create is not answered. */
export function pendingEntry(pending: PendingCreate): Entry {
  const { label, protect, on_delete } = entry('');
  return { state: 'pending', id: null, spec: null, label, protect, on_delete, pending, retires: null };
}

/** A name without a kind is that of a sync. */
export function ledger(syncs: Record<string, Entry> = {}, extra: Partial<Ledger> = {}): Ledger {
  const meta = { format: 2 as const, provider: 'census', host: 'app.getcensus.com', workspace: 4321, project: 'crm' };
  const addressed = Object.fromEntries(
    Object.entries(syncs).map(([name, one]) => [name.includes('/') ? name : `CensusSync/${name}`, one]),
  );
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
    chosen: everything,
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

/** Datasets bear the names and labels of syncs: what is told apart is their kind. */
const anyDatasets = fc
  .uniqueArray(
    fc.record({
      name: fc.constantFrom(...names),
      label: fc.constantFrom(...labels),
      query: fc.constantFrom('select 1', 'select 2'),
      description: fc.constantFrom(undefined, null, 'text'),
      adopt: fc.boolean(),
      protect: fc.boolean(),
    }),
    { selector: (one) => one.name, maxLength: 3 },
  )
  .map((list) => {
    const taken = new Set<string>();
    return list
      .filter((one) => !taken.has(one.label) && taken.add(one.label))
      .map(({ name, label, query, description, adopt, protect }) => {
        const body = datasetSpec({ name: label, query, ...(description === undefined ? {} : { description }) });
        return dataset(name, body, { adopt, protect });
      });
  });

const anySyncs = fc
  .uniqueArray(
    fc.record({
      name: fc.constantFrom(...names),
      label: fc.constantFrom(...labels),
      body: anySpec,
      parent: fc.constantFrom(undefined, ...names),
      uses: fc.constantFrom(undefined, ...labels),
      adopt: fc.boolean(),
      replace: fc.constantFrom('allow' as const, 'block' as const),
      protect: fc.boolean(),
    }),
    { selector: (one) => one.name, maxLength: 4 },
  )
  .map((list) => {
    const taken = new Set<string>();
    return list.filter((one) => !taken.has(one.label) && taken.add(one.label));
  });

const anyManifests = fc.record({ syncs: anySyncs, datasets: anyDatasets }).map(({ syncs, datasets }) => {
  const known = new Set(syncs.map((one) => one.name));
  const declared = new Set(datasets.map((one) => one.spec.name));
  const made = syncs.map(({ name, label, body, parent, uses, adopt, replace, protect }) => {
    // A parent earlier in the alphabet keeps sequences free of cycles, and there is one, as validation sees to.
    const after = parent !== undefined && parent < name && known.has(parent) ? parent : undefined;
    const mode = { type: 'triggered', triggers: { sync_sequence: { sync: after } } };
    // A name that nobody declares is an id by now.
    const object = uses !== undefined && declared.has(uses) ? { type: 'dataset', name: uses } : undefined;
    return manifest(
      name,
      normalise(traits, {
        ...body,
        label,
        ...(after === undefined ? {} : { mode }),
        ...(object === undefined ? {} : { source_attributes: { connection_id: 501, object } }),
      }),
      { adopt, replace, protect },
    );
  });
  return [...made, ...datasets];
});

const anyLiveDatasets = fc
  .array(fc.record({ label: fc.constantFrom(...labels), type: fc.constantFrom('sql', 'sql', 'sql', 'entity') }), {
    maxLength: 3,
  })
  .map((list) =>
    // The ids of syncs, too.
    list.map(({ label, type }, index) => liveDataset(String(100 + index), datasetSpec({ name: label, type }))),
  );

const anyLive = fc
  .record({
    datasets: anyLiveDatasets,
    syncs: fc.array(fc.record({ label: fc.constantFrom(...labels, undefined), body: anyLiveSpec, uses: fc.nat(5) }), {
      maxLength: 5,
    }),
  })
  .map(({ datasets, syncs }) => [
    ...syncs.map(({ label, body, uses }, index) => {
      const { label: _, ...rest } = body;
      const used = datasets[uses];
      const object = used === undefined ? {} : { object: { type: 'dataset', id: Number(used.id) } };
      const source = used === undefined ? {} : { source_attributes: { connection_id: 501, ...object } };
      return live(String(100 + index), { ...rest, ...source, ...(label === undefined ? {} : { label }) });
    }),
    ...datasets,
  ]);

/** Any manifests, live syncs and memory, with any flags. */
export const anyWorld: fc.Arbitrary<Partial<PlanInput>> = fc
  .record({
    manifests: anyManifests,
    live: anyLive,
    bindings: fc.array(
      fc.record({
        name: fc.constantFrom(...names, 'old'),
        index: fc.nat(7),
        applied: fc.boolean(),
        protect: fc.boolean(),
      }),
      { maxLength: 6 },
    ),
    prune: fc.boolean(),
    memory: fc.boolean(),
    maxDeletes: fc.nat(3),
  })
  .map(({ manifests, live: listed, bindings, prune, memory, maxDeletes }) => {
    const syncs: Record<string, Entry> = {};
    const bound = new Set<Key>();
    for (const one of bindings) {
      const found = listed[one.index];
      if (found === undefined || !isManaged(traitsOf(found.kind), found)) continue;
      const address = `${found.kind}/${one.name}`;
      const identity = keyOf(found.kind, found.id);
      if (bound.has(identity) || syncs[address] !== undefined) continue;
      bound.add(identity);
      const entryOf = found.kind === 'CensusSync' ? entry : datasetEntry;
      syncs[address] = entryOf(found.id, one.applied ? found.spec : null, { protect: one.protect });
    }
    return { manifests, live: listed, ledger: memory ? ledger(syncs) : null, prune, maxDeletes };
  });

function datasetEntry(id: string, body: JsonObject | null, extra: Partial<Entry>): Entry {
  return { ...entry(id, body, extra), label: typeof body?.name === 'string' ? body.name : null };
}
