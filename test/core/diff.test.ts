import { describe, expect, it } from 'vitest';
import { diff } from '../../src/core/spec/diff.ts';
import { normalise } from '../../src/core/spec/normalise.ts';
import { censusSyncTraits } from '../../src/generated/census-sync-traits.ts';
import { fabraSyncTraits } from '../../src/generated/fabra-sync-traits.ts';
import type { JsonObject } from '../../src/model/json.ts';
import type { KindTraits } from '../../src/model/traits.ts';

interface Row {
  readonly live: JsonObject;
  readonly desired: JsonObject;
  readonly applied?: JsonObject;
  readonly memory?: boolean;
  /** What the manifest calls things, by where the name stood. */
  readonly names?: Readonly<Record<string, string>>;
  /** `path from → to (cause, impact)` of every change. */
  readonly changes: readonly string[];
  readonly unreadable?: readonly string[];
}

const email = { from: { type: 'column', data: 'EMAIL' }, to: 'Email', is_primary_identifier: true };
const name = { from: { type: 'column', data: 'NAME' }, to: 'Name' };
const plan = { from: { type: 'column', data: 'PLAN' }, to: 'Plan' };
const failure = { type: 'FailureAlertConfiguration', send_for: 'first_time', should_send_recovery: true };
const daily = { frequency: 'daily', hour: 6, minute: 0 };

const modelName = '/source_attributes/object/name';
const from = (object: JsonObject): JsonObject => ({ source_attributes: { connection_id: 501, object } });

const rows: Record<string, Row> = {
  'equal specs do not differ': { live: { label: 'A' }, desired: { label: 'A' }, changes: [] },
  'silence means: not ours': {
    live: { label: 'A', paused: true, mappings: [email] },
    desired: { label: 'A' },
    changes: [],
  },
  'a default said aloud equals silence of the server': {
    live: {},
    desired: { paused: false, field_behavior: 'specific_properties' },
    changes: [],
  },
  'null clears a field that is set': {
    live: { field_normalization: 'snake_case' },
    desired: { field_normalization: null },
    changes: ['/field_normalization "snake_case" → null (unknown, next_run)'],
  },
  'null, absent, "" and {} all mean: not set': {
    live: { field_normalization: '', advanced_configuration: {}, alert_attributes: [] },
    desired: { field_normalization: null, advanced_configuration: null, alert_attributes: null, label: null },
    changes: [],
  },
  'null on a field with a default means that default': {
    live: { paused: true, mode: { type: 'triggered', triggers: { schedule: daily } } },
    desired: { paused: null, mode: null },
    changes: [
      '/paused true → null (unknown, starts_running)',
      '/mode {"type":"triggered","triggers":{"schedule":{"frequency":"daily","hour":6,"minute":0}}} → null (unknown, stops_running)',
    ],
  },
  'a schedule set to never stops the sync': {
    live: { mode: { triggers: { schedule: daily } } },
    desired: { mode: { triggers: { schedule: { frequency: 'never' } } } },
    changes: ['/mode/triggers/schedule/frequency "daily" → "never" (unknown, stops_running)'],
  },
  'a schedule that is taken away stops the sync': {
    live: { mode: { triggers: { schedule: daily } } },
    desired: { mode: { triggers: { schedule: null } } },
    changes: ['/mode/triggers/schedule {"frequency":"daily","hour":6,"minute":0} → null (unknown, stops_running)'],
  },
  'a schedule in the place of never starts the sync': {
    live: { mode: { triggers: { schedule: { frequency: 'never' } } } },
    desired: { mode: { triggers: { schedule: { frequency: 'hourly' } } } },
    changes: ['/mode/triggers/schedule/frequency "never" → "hourly" (unknown, starts_running)'],
  },
  'a schedule where there was none starts the sync': {
    live: { mode: { triggers: { schedule: null } } },
    desired: { mode: { triggers: { schedule: daily } } },
    changes: ['/mode/triggers/schedule null → {"frequency":"daily","hour":6,"minute":0} (unknown, starts_running)'],
  },
  'a mode at its default is already clear, whatever unset triggers the answer carries': {
    live: { mode: { type: 'triggered', triggers: { schedule: { frequency: 'never' }, dbt_cloud: null } } },
    desired: { mode: null },
    changes: [],
  },
  'a model that is answered by its name is the one that the manifest names so': {
    live: from({ type: 'model', name: 'orders' }),
    desired: from({ type: 'model', id: 15 }),
    names: { [modelName]: 'orders' },
    changes: [],
  },
  'a model that is answered by another name is another one': {
    live: from({ type: 'model', name: 'clicks' }),
    desired: from({ type: 'model', id: 15 }),
    names: { [modelName]: 'orders' },
    changes: ['/source_attributes/object/id null → 15 (unknown, full_resync)'],
  },
  'a model that is answered by its name may be the one that the manifest gives by id': {
    live: from({ type: 'model', name: 'orders' }),
    desired: from({ type: 'model', id: 15 }),
    changes: [],
    unreadable: ['/source_attributes/object/id'],
  },
  'a model that is answered by its name is another one than was applied': {
    live: from({ type: 'model', name: 'orders' }),
    desired: from({ type: 'model', id: 15 }),
    applied: from({ type: 'model', id: 14 }),
    changes: ['/source_attributes/object/id 14 → 15 (git, full_resync)'],
  },
  'a topic that is answered by its id may be the one that the manifest names': {
    live: from({ type: 'topic', id: 3 }),
    desired: from({ type: 'topic', name: 'clicks' }),
    changes: [],
    unreadable: ['/source_attributes/object/name'],
  },
  'null inside a setting that nobody describes leaves its key out': {
    live: { advanced_configuration: { retry: { first: 5 } } },
    desired: { advanced_configuration: { retry: { first: 5, limit: null } } },
    changes: [],
  },
  'null inside a value that an answer carries is no change': {
    live: { mappings: [{ ...name, from: { type: 'column', data: 'NAME', note: null } }] },
    desired: { mappings: [name] },
    changes: [],
  },
  'empty text in a field that has none is silence': {
    live: { field_order: 'mapping_order', mirror_strategy: 'upload_and_swap' },
    desired: { field_order: '', mirror_strategy: '' },
    changes: [],
  },
  'silence inside an object keeps what is live': {
    live: { mode: { type: 'triggered', triggers: { schedule: daily, dbt_cloud: { project_id: '1', job_id: '2' } } } },
    desired: { mode: { triggers: { dbt_cloud: { job_id: '3' } } } },
    changes: ['/mode/triggers/dbt_cloud/job_id "2" → "3" (unknown, next_run)'],
  },
  'a trigger that is gone is a change, not a field that cannot be read': {
    live: { mode: { type: 'triggered', triggers: { schedule: { frequency: 'never' } } } },
    desired: { mode: { triggers: { dbt_cloud: { job_id: '2' } } } },
    applied: { mode: { triggers: { dbt_cloud: { job_id: '2' } } } },
    changes: ['/mode/triggers/dbt_cloud/job_id null → "2" (drift, next_run)'],
  },
  'a schedule is one value': {
    live: { mode: { triggers: { schedule: { frequency: 'weekly', day: 'Monday', hour: 6, minute: 0 } } } },
    desired: { mode: { triggers: { schedule: daily } } },
    changes: ['/mode/triggers/schedule/frequency "weekly" → "daily" (unknown, next_run)'],
  },
  'mappings are found by their destination field, in any order': {
    live: { mappings: [name, email] },
    desired: { mappings: [email, name] },
    changes: [],
  },
  'their order counts under mapping_order': {
    live: { field_order: 'mapping_order', mappings: [name, email] },
    desired: { mappings: [email, name] },
    changes: ['/mappings ["Name","Email"] → ["Email","Name"] (unknown, next_run)'],
  },
  'mappings are added, changed and removed by name': {
    live: { mappings: [email, { ...name, sync_null_values: false }] },
    desired: { mappings: [{ ...email, from: { type: 'column', data: 'MAIL' } }, plan] },
    changes: [
      '/mappings/Email/from {"type":"column","data":"EMAIL"} → {"type":"column","data":"MAIL"} (unknown, rekeys)',
      '/mappings/Plan null → {"from":{"type":"column","data":"PLAN"},"to":"Plan"} (unknown, next_run)',
      '/mappings/Name {"from":{"type":"column","data":"NAME"},"to":"Name","sync_null_values":false} → null (unknown, next_run)',
    ],
  },
  'a flag left out of a mapping means its default': {
    live: { mappings: [{ ...email, sync_null_values: false, preserve_values: true }] },
    desired: { mappings: [email] },
    changes: [
      '/mappings/Email/preserve_values true → null (unknown, next_run)',
      '/mappings/Email/sync_null_values false → null (unknown, next_run)',
    ],
  },
  'set and null are one operation': {
    live: { mappings: [{ ...email, operation: null }] },
    desired: { mappings: [{ ...email, operation: 'set' }] },
    changes: [],
  },
  'under sync_all_properties only declared mappings are compared': {
    live: { field_behavior: 'sync_all_properties', mappings: [email, name, plan] },
    desired: { mappings: [email] },
    changes: [],
  },
  'a slash in a field name is escaped in its path': {
    live: { mappings: [{ ...name, to: 'a/b~c' }] },
    desired: { mappings: [{ ...plan, to: 'a/b~c' }] },
    changes: [
      '/mappings/a~1b~0c/from {"type":"column","data":"NAME"} → {"type":"column","data":"PLAN"} (unknown, next_run)',
    ],
  },
  'alerts: options {} and null are one, ids do not count': {
    live: { alert_attributes: [{ ...failure, id: 7, options: {} }] },
    desired: { alert_attributes: [{ ...failure, options: null }] },
    changes: [],
  },
  'two alerts of one type in any order': {
    live: { alert_attributes: [{ ...failure, send_for: 'every_time' }, failure] },
    desired: { alert_attributes: [failure, { ...failure, send_for: 'every_time' }] },
    changes: [],
  },
  'an empty list of alerts removes them': {
    live: { alert_attributes: [failure] },
    desired: { alert_attributes: [] },
    changes: [`/alert_attributes/FailureAlertConfiguration ${JSON.stringify(failure)} → null (unknown, none)`],
  },
  'advanced keys that nobody declared stay': {
    live: { advanced_configuration: { bulk: true, country: 'US' } },
    desired: { advanced_configuration: { country: 'GB' } },
    changes: ['/advanced_configuration/country "US" → "GB" (unknown, next_run)'],
  },
  'an advanced key that the answer lacks is not set': {
    live: { advanced_configuration: {} },
    desired: { advanced_configuration: { country: 'GB' } },
    applied: { advanced_configuration: { country: 'GB' } },
    changes: ['/advanced_configuration/country null → "GB" (drift, next_run)'],
  },
  'a table by name is the table with those names, whatever its id': {
    live: {
      source_attributes: {
        connection_id: 1,
        object: { type: 'table', id: 9, table_name: 'users', table_schema: 'public', table_catalog: 'dev' },
      },
    },
    desired: {
      source_attributes: {
        connection_id: 1,
        object: { type: 'table', table_name: 'users', table_schema: 'public', table_catalog: 'dev' },
      },
    },
    changes: [],
  },
  'another kind of source is another source, with all that belongs to it': {
    live: { source_attributes: { connection_id: 1, object: { type: 'table', table_name: 'users' } } },
    desired: { source_attributes: { connection_id: 1, object: { type: 'segment', id: 5, dataset_id: 6 } } },
    applied: { source_attributes: { connection_id: 1, object: { type: 'segment', id: 5, dataset_id: 6 } } },
    changes: [
      '/source_attributes/object/type "table" → "segment" (drift, full_resync)',
      '/source_attributes/object/id null → 5 (drift, full_resync)',
      '/source_attributes/object/dataset_id null → 6 (drift, full_resync)',
    ],
  },
  'mirror starts deleting': {
    live: { operation: 'upsert' },
    desired: { operation: 'mirror' },
    changes: ['/operation "upsert" → "mirror" (unknown, starts_deleting)'],
  },
  'a field that answers leave out is sent once where there is a memory': {
    live: { mappings: [email] },
    desired: { mappings: [{ ...email, field_type: 'text' }] },
    changes: ['/mappings/Email/field_type null → "text" (unknown, next_run)'],
  },
  'and then taken to be as last applied': {
    live: { mappings: [email] },
    desired: { mappings: [{ ...email, field_type: 'text' }] },
    applied: { mappings: [{ ...email, field_type: 'text' }] },
    changes: [],
    unreadable: ['/mappings/Email/field_type'],
  },
  'and planned again when the manifest changes': {
    live: { mappings: [email] },
    desired: { mappings: [{ ...email, field_type: 'number' }] },
    applied: { mappings: [{ ...email, field_type: 'text' }] },
    changes: ['/mappings/Email/field_type "text" → "number" (git, next_run)'],
  },
  'also where the manifest takes it back': {
    live: { mappings: [email] },
    desired: { mappings: [email] },
    applied: { mappings: [{ ...email, array_field: true }] },
    changes: ['/mappings/Email/array_field true → null (git, next_run)'],
  },
  'without a memory it is only noted, or it would be planned for ever': {
    live: { mappings: [email] },
    desired: { mappings: [{ ...email, field_type: 'text' }] },
    memory: false,
    changes: [],
    unreadable: ['/mappings/Email/field_type'],
  },
  'where the answer does show it, it is compared': {
    live: { mappings: [{ ...email, array_field: false }] },
    desired: { mappings: [{ ...email, array_field: true }] },
    applied: { mappings: [{ ...email, array_field: true }] },
    changes: ['/mappings/Email/array_field false → true (drift, next_run)'],
  },
  'cause git: only the manifest moved': {
    live: { paused: false },
    desired: { paused: true },
    applied: { paused: false },
    changes: ['/paused false → true (git, stops_running)'],
  },
  'cause drift: only the live side moved': {
    live: { paused: true },
    desired: { paused: false },
    applied: { paused: false },
    changes: ['/paused true → false (drift, starts_running)'],
  },
  'cause conflict: both moved': {
    live: { label: 'B' },
    desired: { label: 'C' },
    applied: { label: 'A' },
    changes: ['/label "B" → "C" (conflict, none)'],
  },
  'a field declared only now is a change in Git': {
    live: { paused: true },
    desired: { label: 'A', paused: false },
    applied: { label: 'A' },
    changes: ['/paused true → false (git, starts_running)', '/label null → "A" (drift, none)'].reverse(),
  },
  'a list declared only now changes in Git, whatever it takes away': {
    live: { label: 'A', alert_attributes: [failure] },
    desired: { label: 'A', alert_attributes: [] },
    applied: { label: 'A' },
    changes: [`/alert_attributes/FailureAlertConfiguration ${JSON.stringify(failure)} → null (git, none)`],
  },
  'a mapping added behind our back is drift, one that left the manifest is git': {
    live: { mappings: [email, name, plan] },
    desired: { mappings: [email] },
    applied: { mappings: [email, name] },
    changes: [
      `/mappings/Name ${JSON.stringify(name)} → null (git, next_run)`,
      `/mappings/Plan ${JSON.stringify(plan)} → null (drift, next_run)`,
    ],
  },
};

const join = 'select id, at from orders';
const orderId = { source_field_name: 'id', destination_field_id: 11 };
const changedAt = { source_field_name: 'at', destination_field_id: 12 };

/** Values that a service answers whatever was sent, and an order that counts with another field. */
const unproven: Record<string, Row> = {
  'a value that is answered whatever was sent: what was applied stands in': {
    live: { status: 'active' },
    desired: { status: 'paused' },
    applied: { status: 'paused' },
    changes: [],
    unreadable: ['/status'],
  },
  'a change of it shows what was applied, although live and desired look equal': {
    live: { status: 'active' },
    desired: { status: 'active' },
    applied: { status: 'paused' },
    changes: ['/status "paused" → "active" (git, starts_running)'],
  },
  'any other value is proof': {
    live: { status: 'paused' },
    desired: { status: 'active' },
    applied: { status: 'active' },
    changes: ['/status "paused" → "active" (drift, starts_running)'],
  },
  'it is sent once where nothing is recorded': {
    live: { status: 'active' },
    desired: { status: 'active' },
    changes: ['/status null → "active" (unknown, starts_running)'],
  },
  'what was declared only now is sent as well': {
    live: { display_name: 'A', status: 'active' },
    desired: { display_name: 'A', status: 'active' },
    applied: { display_name: 'A' },
    changes: ['/status null → "active" (git, starts_running)'],
  },
  'without a memory it is compared as it is, and noted': {
    live: { status: 'active' },
    desired: { status: 'paused' },
    memory: false,
    changes: ['/status "active" → "paused" (unknown, stops_running)'],
    unreadable: ['/status'],
  },
  'without a memory an equal one is noted, too': {
    live: { status: 'active' },
    desired: { status: 'active' },
    memory: false,
    changes: [],
    unreadable: ['/status'],
  },
  'undeclared, it is nobody’s business': { live: { status: 'active' }, desired: {}, changes: [] },
  'a change of what can be neither read nor sent is a change in Git': {
    live: { recurring: false },
    desired: { recurring: true },
    applied: { recurring: false },
    changes: ['/recurring false → true (git, loses_memory)'],
  },
  'where nothing is recorded, what can be neither read nor sent is only noted': {
    live: { recurring: false },
    desired: { recurring: true, frequency_units: 'hours' },
    changes: [],
    unreadable: ['/recurring', '/frequency_units'],
  },
  'nor is it compared without a memory': {
    live: { recurring: false },
    desired: { recurring: true },
    memory: false,
    changes: [],
    unreadable: ['/recurring'],
  },
  'what is merely missing from a live sync is not excused by that': {
    live: {},
    desired: { frequency: 30 },
    changes: ['/frequency null → 30 (unknown, loses_memory)'],
  },
  'the order of mappings means nothing on its own': {
    live: { field_mappings: [orderId, changedAt] },
    desired: { field_mappings: [changedAt, orderId] },
    changes: [],
  },
  'it counts while the other field is set': {
    live: { custom_join: join, field_mappings: [orderId, changedAt] },
    desired: { custom_join: join, field_mappings: [changedAt, orderId] },
    changes: ['/field_mappings ["id","at"] → ["at","id"] (unknown, loses_memory)'],
  },
  'be it only on the live side': {
    live: { custom_join: join, field_mappings: [changedAt, orderId] },
    desired: { field_mappings: [orderId, changedAt] },
    changes: ['/field_mappings ["at","id"] → ["id","at"] (unknown, loses_memory)'],
  },
  'null is not set': {
    live: { custom_join: null, field_mappings: [changedAt, orderId] },
    desired: { custom_join: null, field_mappings: [orderId, changedAt] },
    changes: [],
  },
  'a mapping by id or by name is compared by what it declares': {
    live: { field_mappings: [{ ...orderId, destination_field_name: 'order_id', source_field_type: 'INTEGER' }] },
    desired: { field_mappings: [{ source_field_name: 'id', destination_field_name: 'order_no' }] },
    changes: ['/field_mappings/id/destination_field_name "order_id" → "order_no" (unknown, loses_memory)'],
  },
};

const cases: readonly (readonly [title: string, row: Row, traits: KindTraits])[] = [
  ...Object.entries(rows).map(([title, row]) => [title, row, censusSyncTraits] as const),
  ...Object.entries(unproven).map(([title, row]) => [title, row, fabraSyncTraits] as const),
];

describe('diff', () => {
  it.each(cases)('%s', (_title, row, traits) => {
    const clean = (spec: JsonObject) => normalise(traits, spec);
    const result = diff(traits, clean(row.live), clean(row.desired), {
      applied: row.applied === undefined ? null : clean(row.applied),
      memory: row.memory ?? true,
      names: row.names,
    });
    const said = result.changes.map(
      (one) => `${one.path} ${JSON.stringify(one.from)} → ${JSON.stringify(one.to)} (${one.cause}, ${one.impact})`,
    );
    expect(said).toEqual(row.changes);
    expect(result.unreadable).toEqual(row.unreadable ?? []);
  });
});
