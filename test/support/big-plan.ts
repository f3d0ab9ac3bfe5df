import type { About } from '../../src/model/about.ts';
import type { Json } from '../../src/model/json.ts';
import type { Blocked, BlockReason, Change, FieldChange, Note, Plan } from '../../src/model/plan.ts';
import { impacts } from '../../src/model/traits.ts';
import { blocked, change, field, plan } from '../render/build.ts';

/** Text that tries to be something else, in each of the languages that reports are written in. */
export const hostile = [
  '"><script>alert(1)</script><img src=x onerror=alert(2)>',
  'end"] --> x(("`evil`")) %%{init: {}}%% click n1 "javascript:alert(1)"',
  '</details></svg></style>@team **bold** | `code` [link](http://example.com)',
  '1. A\n- list\r\n#35; fa:fa-bomb ﬂ°°34¶ß style a:b#c;',
  'مرحبا \u202eגבר 👩‍🚀 日本語の同期 e\u0301',
  `${'long '.repeat(20)}${'x'.repeat(200)}`,
];

const sources = [
  ['501', 'Snowflake Prod'],
  ['502', 'BigQuery Marketing'],
  ['503', 'Postgres Replica'],
] as const;
const destinations = [
  ['601', 'Salesforce', 'Contact'],
  ['602', 'HubSpot', 'contacts'],
  ['603', 'Braze', 'user'],
  ['604', 'Google Ads', 'customer_match'],
] as const;

function about(index: number, dataset: string | null = null): About {
  const [sourceId, source] = at(sources, dataset === null ? index : 0);
  const [destinationId, destination, object] = at(destinations, Math.floor(index / 3));
  const table = dataset === null ? `ANALYTICS.PUBLIC.TABLE_${index}` : `dataset ${dataset}`;
  return {
    source: { id: sourceId, name: source, object: table, address: dataset && `CensusDataset/${dataset}` },
    destination: { id: destinationId, name: destination, object, address: null },
    operation: index % 4 === 0 ? 'mirror' : 'upsert',
    schedule: index % 5 === 0 ? 'never' : 'daily at 04:15',
  };
}

function at<Item>(list: readonly Item[], index: number): Item {
  return list[index % list.length] as Item;
}

/** A plan of 150 syncs of which 40 change: every action, impact, reason, cause and verdict, notes, and names that mean harm. */
export function bigPlan(parts: Partial<Plan> = {}): Plan {
  const changes = [...datasets(), ...creates(), ...updates(), ...others(), ...recorded()];
  const base = plan({ changes, blocked: stuck(), notes: notes(), commit: '3f2a9c1d', ...parts });
  return { ...base, summary: { ...base.summary, noop: 110, foreign: 14, ...parts.summary } };
}

function named(name: string, index: number, parts: Parameters<typeof change>[0] = {}): Change {
  return change({
    address: `CensusSync/${name}`,
    id: String(90_000 + index),
    label: words(name),
    origin: { file: `syncs/crm/${name}.yaml`, line: 1 + index, column: 1 },
    about: about(index),
    ...parts,
  });
}

function words(name: string): string {
  return `${name.charAt(0).toUpperCase()}${name.slice(1).replaceAll('-', ' ')}`;
}

const query = Array.from({ length: 30 }, (_, line) => `  column_${line},`);

function datasets(): readonly Change[] {
  const origin = { file: 'datasets/active-users.yaml', line: 1, column: 1 };
  const source = { id: '501', name: 'Snowflake Prod', object: null, address: null };
  const isDataset: About = { source, destination: null, operation: null, schedule: null };
  const from = ['SELECT', ...query, 'FROM users'].join('\n');
  const to = from.replace('column_7', 'lower(column_7)').replace('FROM users', 'FROM users\nWHERE active');
  return [
    change({
      address: 'CensusDataset/active-users',
      id: '71',
      label: 'Active users',
      origin,
      about: isDataset,
      fields: [field({ path: '/query', from, to, impact: 'next_run' })],
    }),
    change({
      action: 'create',
      address: 'CensusDataset/churn-risk',
      id: null,
      label: 'Churn risk',
      origin: { ...origin, file: 'datasets/churn-risk.yaml' },
      about: isDataset,
      desired: { name: 'Churn risk', type: 'sql', query: to, source_id: 501 },
      validation: { status: 'unchecked', message: 'The service cannot check a dataset.' },
    }),
  ];
}

function creates(): readonly Change[] {
  return Array.from({ length: 9 }, (_, index) => {
    const isHostile = index < hostile.length;
    const label = isHostile ? at(hostile, index) : `New sync ${index}`;
    const dataset = index === 7 ? 'churn-risk' : index === 8 ? 'orders' : null;
    const desired: Record<string, Json> = {
      label,
      operation: 'upsert',
      source_attributes: { connection_id: 501, object: { type: 'table', table_name: `table_${index}` } },
      destination_attributes: { connection_id: 601, object: 'Contact' },
      mappings: Array.from({ length: 15 }, (_, item) => ({
        to: `Field_${item}__c`,
        from: { type: 'column', data: `COLUMN_${item}` },
      })),
    };
    return named(`new-sync-${index}`, index, {
      action: 'create',
      id: null,
      label,
      desired,
      about: about(index, dataset),
      depends_on: dataset === 'churn-risk' ? ['CensusDataset/churn-risk'] : [],
      validation: index % 3 === 0 ? { status: 'valid', message: '' } : { status: 'invalid', message: 'No such field.' },
    });
  });
}

function updates(): readonly Change[] {
  const causes = ['git', 'drift', 'conflict', 'unknown'] as const;
  const moved = field({
    path: '/destination_attributes/connection_id',
    from: 601,
    to: 602,
    names: { from: 'Salesforce', to: 'HubSpot' },
  });
  return Array.from({ length: 16 }, (_, index) => {
    const fields: readonly FieldChange[] = [
      field({ impact: at(impacts, index), cause: at(causes, index) }),
      ...(index % 4 === 0 ? [moved] : []),
      ...(index === 5
        ? [field({ path: '/advanced', from: { text: 'a'.repeat(700) }, to: { text: 'b'.repeat(700) } })]
        : []),
      ...(index === 6
        ? Array.from({ length: 20 }, (_, item) => field({ path: `/mappings/Field_${item}__c/from` }))
        : []),
      ...(index === 7 ? [field({ path: '/paused', from: null, to: true }), field({ path: '/alerts', to: null })] : []),
    ];
    const dataset = index === 1 || index === 2 ? 'active-users' : null;
    return named(`accounts-to-crm-${index}`, 20 + index, { fields, about: about(20 + index, dataset) });
  });
}

function others(): readonly Change[] {
  return [
    named('legacy-leads', 40, { action: 'delete', desired: null, origin: null, lifecycle: null }),
    named('legacy-accounts', 41, { action: 'delete', desired: null, origin: null, lifecycle: null }),
    named('made-by-hand', 42, { action: 'adopt', fields: [field({ impact: 'next_run' })] }),
    named('orders-to-braze', 43, {
      action: 'replace',
      fields: [field({ path: '/source_attributes/object/table_name', impact: 'loses_memory' })],
    }),
    named('let-go', 44, { release: true, origin: null, lifecycle: null }),
  ];
}

function recorded(): readonly Change[] {
  return Array.from({ length: 3 }, (_, index) => named(`only-lifecycle-${index}`, 60 + index));
}

function stuck(): readonly Blocked[] {
  const reasons: readonly (readonly [BlockReason, Blocked['wanted'], string])[] = [
    [
      'foreign',
      'create',
      'Sync 812 has this label and is not ours. Take it over with `lifecycle: { adopt: true }`, or rename one.',
    ],
    [
      'immutable',
      'update',
      'Census cannot change /source_attributes/object of this sync. `lifecycle: { replace: allow }` makes a new one.',
    ],
    ['protected', 'delete', 'It is protected. Remove `lifecycle.protect` first, and apply.'],
    ['prune-off', 'delete', 'No manifest declares it any more. `--prune` deletes it.'],
    ['twins', 'create', 'Two live syncs have this label: 813, 814.'],
  ];
  return reasons.map(([reason, wanted, hint], index) =>
    blocked({
      reason,
      wanted,
      hint,
      address: `CensusSync/blocked-${reason}`,
      id: wanted === 'create' ? null : String(91_000 + index),
      label: index === 0 ? at(hostile, 0) : `Blocked by ${reason}`,
      origin: wanted === 'delete' ? null : { file: `syncs/blocked-${reason}.yaml`, line: 2, column: 1 },
      fields: reason === 'immutable' ? [field({ path: '/source_attributes/object', impact: 'full_resync' })] : [],
      about: about(50 + index),
    }),
  );
}

function notes(): readonly Note[] {
  const unreadable = Array.from({ length: 12 }, (_, index) => ({
    address: `CensusSync/accounts-to-crm-${index}`,
    code: 'unreadable-field' as const,
    message: `/advanced_configuration/key_${index % 3} cannot be read back; it is taken to be as last applied.`,
  }));
  return [
    ...unreadable,
    {
      address: 'CensusSync/accounts-to-crm-3',
      code: 'lifecycle',
      message: 'lifecycle.protect changes from true to false.',
    },
    { address: 'CensusSync/legacy-leads', code: 'ghost', message: at(hostile, 2) },
  ];
}
