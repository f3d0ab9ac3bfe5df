import { isObject, type Json, type JsonObject, type Spec } from '../model/json.ts';
import type {
  Dead,
  Entry,
  JournalLine,
  KeptId,
  KeptPair,
  KeptTarget,
  LastApply,
  LedgerMeta,
  MigrationRecord,
  Moved,
  PendingCreate,
  Run,
  RunChange,
} from '../model/ledger.ts';
import type { Lock } from '../model/lock.ts';
import {
  and,
  type Fields,
  flag,
  listOf,
  type Misfit,
  mapOf,
  matching,
  misfit,
  oneOf,
  orNull,
  record,
  type Shape,
  shape,
  text,
  within,
} from './shape.ts';

// What every record of a ledger looks like, wherever it is kept. Nothing that is read back is believed before it was held
// against these shapes.

/** `CensusSync/users`: the kind and name of a manifest, and so two segments of a path. */
export const address = matching('an address (Kind/name)', /^[A-Z][A-Za-z0-9]*\/[a-z0-9-]+$/);

/** `users`: the name of a manifest. */
export const manifestName = matching('a name', /^[a-z0-9-]+$/);

/** Ids are numbers with the services of today; one is always one segment of a path. */
export const remoteId = matching('an id', /^[A-Za-z0-9][\w.:-]*$/);

export const kindName = matching('a kind', /^[A-Z][A-Za-z0-9]*$/);

const runName = matching('the name of a run', /^[^\p{Cc}]{1,200}$/u);

const isoTime = /^(\d{4}-\d\d-\d\d)T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

export const time: Shape<string> = shape('a time (2026-11-21T10:00:00Z)', (value) => {
  const day = typeof value === 'string' ? isoTime.exec(value)?.[1] : undefined;
  if (day === undefined || Number.isNaN(Date.parse(String(value)))) return false;
  // Date takes the 30th of February for a day in March.
  return new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);
});

/** More levels than any spec has, and few enough to be walked. */
const deepest = 200;

/** JSON whose keys are all harmless. */
export const spec: Shape<Spec> = (value) => (isObject(value) ? trouble(value, 0) : misfit('an object', value));

/** Any JSON, likewise. */
export const json: Shape<Json> = (value) => trouble(value, 0);

/** Walks ten thousand specs in every plan, and so makes nothing on its way. */
function trouble(value: unknown, depth: number): Misfit | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (depth > deepest) return { at: '', words: `is nested more than ${deepest} levels deep` };
  for (const key of Object.keys(value)) {
    if (key === '__proto__') return { at: '', words: 'has a key "__proto__"' };
    const found = trouble(Reflect.get(value, key), depth + 1);
    if (found !== undefined) return within(key, found);
  }
  return undefined;
}

/** Of the spec that is recorded beside it. */
export const hide = listOf(matching('a JSON Pointer', /^(\/[^/]*)+$/));

const onDelete = oneOf<Entry['on_delete']>('delete', 'pause', 'abandon');

const sentCreate: Fields<Omit<PendingCreate, 'earlier' | 'absent'>> = {
  label: text,
  spec,
  before: listOf(remoteId),
  sent_at: orNull(time),
};

const absent: Shape<true> = shape('true', (value) => value === true);

const pending = record<PendingCreate>(
  {
    ...sentCreate,
    absent,
    earlier: listOf(record<Omit<PendingCreate, 'earlier'>>({ ...sentCreate, absent }, ['absent'])),
  },
  ['earlier', 'absent'],
);

const keptId = record<KeptId>({ id: remoteId });

/** An entry whose spec is known to be sound may leave it out. */
function entryWith(body: Shape<Spec | null>): Shape<Entry> {
  const parts = record<Pick<Entry, keyof Entry>>(
    {
      state: oneOf('bound', 'pending', 'deleting', 'retiring'),
      id: orNull(remoteId),
      spec: body,
      label: orNull(text),
      protect: flag,
      on_delete: onDelete,
      pending: orNull(pending),
      retires: orNull(remoteId),
      replaced: spec,
      hide,
      pulled: shape('true', (value) => value === true),
      v1: keptId,
      v2: keptId,
    },
    ['replaced', 'hide', 'pulled', 'v1', 'v2'],
  );
  return and<Pick<Entry, keyof Entry>, Entry>(parts, contradiction);
}

/** What the state of an entry says must be there, is. */
function contradiction({ state, id, pending: sent, retires }: JsonObject): Misfit | undefined {
  if (state === 'pending' && sent === null) return { at: '/pending', words: 'is missing while the state is pending' };
  if (state !== 'pending' && id === null) return { at: '/id', words: `is missing while the state is ${state}` };
  if (state === 'retiring' && retires === null)
    return { at: '/retires', words: 'is missing while the state is retiring' };
  return undefined;
}

export const entry = entryWith(orNull(spec));

/** Where the spec is one that a manifest declares, it need not be walked again. */
export const entryOfDeclared = entryWith(shape('an object', isObject));

export const dead = record<Dead>(
  {
    // A row that nobody owns has none.
    address: shape('an address or empty', (value) => value === '' || address(value) === undefined),
    reason: oneOf('deleted', 'replaced', 'gone', 'ghost', 'by-hand'),
    at: time,
    v1: keptId,
    v2: keptId,
  },
  ['v1', 'v2'],
);

const change = and<Pick<RunChange, keyof RunChange>, RunChange>(
  record(
    {
      action: oneOf('create', 'update', 'delete', 'adopt', 'replace', 'forget'),
      // The kind alone, for a row that nobody owns.
      address: matching('an address (Kind/name)', /^[A-Z][A-Za-z0-9]*(\/[a-z0-9-]+)?$/),
      id: orNull(remoteId),
      status: oneOf('intended', 'applied', 'failed'),
      label: orNull(text),
      before: orNull(spec),
      after: orNull(spec),
      protect: flag,
      on_delete: onDelete,
      release: flag,
      sends: flag,
      retires: orNull(remoteId),
      moved_from: manifestName,
      hide,
    },
    ['moved_from', 'hide'],
  ),
  impossible,
);

/** It must be there, whatever it is. */
const something = Symbol('something');

type Must = typeof something | null | boolean | string;

/** What follows from the action of a change. */
const musts: Readonly<Record<RunChange['action'], Partial<Record<keyof RunChange, Must>>>> = {
  create: { before: null, release: false, sends: true },
  update: { id: something, retires: null },
  delete: { id: something, release: false, sends: true, retires: null },
  adopt: { id: something, release: false, retires: null },
  replace: { after: something, release: false, sends: true, retires: something },
  forget: { status: 'applied', before: null, after: null, release: true, sends: false, retires: null },
};

const mustsOf = new Map<unknown, readonly (readonly [string, Must])[]>(
  Object.entries(musts).map(([action, must]) => [action, Object.entries(must)]),
);

/** What the action of a change says must be there, is, and nothing else. */
function impossible(change: JsonObject): Misfit | undefined {
  const { action, sends, after } = change;
  for (const [key, must] of mustsOf.get(action) ?? []) {
    const value = change[key];
    if (must === something ? value === null : value !== must)
      return unlike(key, must, `where the action is ${String(action)}`);
  }
  const isOfThing = action === 'update' || action === 'adopt';
  return isOfThing && sends === true && after === null
    ? unlike('after', something, 'where something is sent')
    : undefined;
}

function unlike(key: string, must: Must, where: string): Misfit {
  return { at: `/${key}`, words: `${must === something ? 'must not be null' : `must be ${String(must)}`} ${where}` };
}

/** `v1`. */
const apiName = matching('the name of an API', /^[a-z][a-z0-9-]{0,30}$/);

export const run = record<Run>(
  {
    run: runName,
    at: time,
    actor: text,
    commit: orNull(text),
    digest: orNull(text),
    status: oneOf('running', 'applied', 'partial', 'failed'),
    api: apiName,
    migrated: record<NonNullable<Run['migrated']>>({ from: apiName, to: apiName }),
    changes: listOf(change),
  },
  ['api', 'migrated'],
);

const lastApply = record<LastApply>({ run: runName, at: time, actor: text, commit: text });

const workspace: Shape<LedgerMeta['workspace']> = shape(
  'a number, a text or null',
  (value) => value === null || ['number', 'string'].includes(typeof value),
);

const variable = matching('the name of an environment variable', /^[A-Za-z_]\w*$/);

const keptTarget = record<KeptTarget>(
  { token: variable, personal_access_token: variable, workspace, region: text, base_url: text },
  ['token', 'personal_access_token', 'region', 'base_url'],
);

const keptPair = record<KeptPair>(
  {
    space: text,
    from: remoteId,
    to: remoteId,
    within: record<NonNullable<KeptPair['within']>>({ from: remoteId, to: remoteId }),
  },
  ['within'],
);

const migration = record<MigrationRecord>(
  {
    state: oneOf('open', 'done'),
    from: apiName,
    to: apiName,
    at: time,
    run: runName,
    commit: orNull(text),
    actor: text,
    token: variable,
    pairs: listOf(keptPair),
  },
  ['token', 'pairs'],
);

const metaParts = record<LedgerMeta>(
  {
    format: shape('1, 2 or 3', (value) => value === 1 || value === 2 || value === 3),
    provider: text,
    api: apiName,
    host: text,
    workspace,
    groups: listOf(text),
    project: text,
    last_apply: lastApply,
    moved: mapOf(address, record<Moved>({ names: listOf(manifestName), followed: listOf(manifestName) })),
    v1: keptTarget,
    migration,
  },
  ['api', 'groups', 'last_apply', 'moved', 'v1', 'migration'],
);

export const meta = and(metaParts, ({ format, api, groups }) => {
  if (format !== 3) return undefined;
  if (api === undefined) return { at: '/api', words: 'is missing while the format is 3' };
  return groups === undefined ? { at: '/groups', words: 'is missing while the format is 3' } : undefined;
});

const lockFields: Fields<Lock> = {
  run: runName,
  actor: text,
  host: text,
  boot: orNull(text),
  pid_namespace: orNull(text),
  pid: shape('a whole number', Number.isSafeInteger),
  started: orNull(text),
  at: time,
  until: time,
  journal: orNull(text),
  broken: shape('true', (value) => value === true),
};

export const lock = record<Lock>(lockFields, ['broken']);

/** A lock on disk: also when it was let go. */
export const lockFile = record<Lock & { readonly released: string | null }>({ ...lockFields, released: orNull(time) }, [
  'broken',
]);

export const journalLine = record<JournalLine>(
  {
    at: time,
    event: oneOf('sending', 'done', 'failed'),
    step: oneOf('create', 'update', 'delete', 'retire', 'bind', 'swap', 'ghost', 'bury'),
    address,
    id: orNull(remoteId),
    spec,
    fate: oneOf('refused', 'unsent', 'unknown'),
  },
  ['spec', 'fate'],
);
