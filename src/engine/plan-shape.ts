import { address, hide, json, manifestName, remoteId, spec, time } from '../ledger/records.ts';
import {
  and,
  type Fields,
  flag,
  listOf,
  type Misfit,
  matching,
  oneOf,
  orNull,
  record,
  type Shape,
  shape,
  text,
  within,
} from '../ledger/shape.ts';
import type { About, Endpoint } from '../model/about.ts';
import type { Origin } from '../model/diagnostic.ts';
import { Exit, type ExitCode } from '../model/errors.ts';
import type { FailedTarget } from '../model/failed.ts';
import type { JsonObject } from '../model/json.ts';
import type { Lifecycle } from '../model/manifest.ts';
import type {
  Action,
  Blocked,
  BlockReason,
  Cause,
  Change,
  FieldChange,
  FieldNames,
  Forced,
  Note,
  NoteCode,
  Plan,
  PlanFile,
  PlanSummary,
  Selection,
  Validation,
} from '../model/plan.ts';
import { impacts } from '../model/traits.ts';

// What a plan file looks like: whatever passes can be carried out, so far as its shape goes.

const digest = matching('a digest (sha256:…)', /^sha256:[0-9a-f]{64}$/);
export const path = matching('a JSON Pointer', /^(\/[^/]*)+$/);
const count: Shape<number> = shape('a whole number', (value) => Number.isSafeInteger(value) && Number(value) >= 0);
export const action = oneOf<Action>('create', 'update', 'delete', 'adopt', 'replace');

/** Every member of a union, said once each so that none can be forgotten. */
function anyOf<Value extends string>(members: Readonly<Record<Value, true>>): Shape<Value> {
  return oneOf(...(Object.keys(members) as Value[]));
}

const cause = anyOf<Cause>({ git: true, drift: true, conflict: true, unknown: true });

const reason = anyOf<BlockReason>({
  foreign: true,
  twins: true,
  'label-taken': true,
  'needs-label': true,
  'pending-create': true,
  immutable: true,
  unsupported: true,
  'prune-off': true,
  protected: true,
  'max-deletes': true,
  'mass-gone': true,
  'old-checkout': true,
  depends: true,
  changed: true,
});

const noteCode = anyOf<NoteCode>({
  'unreadable-field': true,
  ghost: true,
  zombie: true,
  gone: true,
  released: true,
  lifecycle: true,
  recovered: true,
  'local-check': true,
  'no-memory': true,
  kept: true,
  'unmatched-file': true,
  'sync-cycle': true,
  'same-label': true,
  'similar-label': true,
  'runs-before-pause': true,
  pulled: true,
  moved: true,
  'api-retires': true,
});

const names = record<FieldNames>({ from: text, to: text }, ['from', 'to']);
const field = record<FieldChange>({ path, from: json, to: json, cause, impact: oneOf(...impacts), names }, ['names']);
export const origin = record<Origin>({ file: text, line: count, column: count });

const endpoint = record<Endpoint>({
  id: orNull(text),
  name: orNull(text),
  object: orNull(text),
  address: orNull(address),
});

const about = record<About>({
  source: orNull(endpoint),
  destination: orNull(endpoint),
  operation: orNull(text),
  schedule: orNull(text),
});

const lifecycle = record<Lifecycle>(
  {
    adopt: flag,
    protect: flag,
    replace: oneOf('block', 'allow'),
    on_delete: oneOf('delete', 'pause', 'abandon'),
    ignore: listOf(path),
    hide,
  },
  ['hide'],
);

const validation = record<Validation>({ status: oneOf('valid', 'invalid', 'unchecked'), message: text });

const change = and<Pick<Change, keyof Change>, Change>(
  record(
    {
      action,
      address,
      id: orNull(remoteId),
      label: orNull(text),
      origin: orNull(origin),
      fields: listOf(field),
      about: orNull(about),
      desired: orNull(spec),
      lifecycle: orNull(lifecycle),
      release: flag,
      depends_on: listOf(address),
      fingerprint: orNull(digest),
      validation: orNull(validation),
      record: orNull(digest),
      moved_from: manifestName,
      hide,
    },
    ['moved_from', 'hide'],
  ),
  contradiction,
);

/** What the action of a change says must be there, is, and nothing else. */
function contradiction({ action: does, id, label, desired, fingerprint, release }: JsonObject): Misfit | undefined {
  const makes = does === 'create' || does === 'replace';
  if ((does === 'create') !== (id === null)) return wrong('id', id, does);
  if ((does === 'delete') !== (desired === null)) return wrong('desired', desired, does);
  if (makes && label === null) return wrong('label', label, does);
  if (does === 'create' ? fingerprint !== null : does !== 'replace' && fingerprint === null)
    return wrong('fingerprint', fingerprint, does);
  return release === true && does !== 'update' ? wrong('release', release, does) : undefined;
}

function wrong(key: string, value: unknown, does: unknown): Misfit {
  const must = value === null ? 'must not be null' : `must be ${key === 'release' ? 'false' : 'null'}`;
  return { at: `/${key}`, words: `${must} for a ${String(does)}` };
}

export const blocked = record<Blocked>(
  {
    address,
    wanted: action,
    reason,
    hint: text,
    id: orNull(remoteId),
    label: orNull(text),
    origin: orNull(origin),
    fields: listOf(field),
    about: orNull(about),
    hide,
  },
  ['hide'],
);

const note = record<Note>(
  {
    // The kind alone, for what is no address of its own.
    address: matching('an address (Kind/name)', /^[A-Z][A-Za-z0-9]*(\/[a-z0-9-]+)?$/),
    code: noteCode,
    message: text,
    on: matching('a day (2027-01-15)', /^\d{4}-\d\d-\d\d$/),
  },
  ['on'],
);

const summary: Fields<PlanSummary> = {
  create: count,
  update: count,
  delete: count,
  adopt: count,
  replace: count,
  recorded: count,
  noop: count,
  blocked: count,
  foreign: count,
};

const plan = and(
  record<Plan>(
    {
      target: text,
      provider: text,
      api: text,
      host: text,
      workspace: shape('a number, a text or null', (value) => value === null || /^(number|string)$/.test(typeof value)),
      groups: listOf(text),
      digest,
      created_at: time,
      tool: text,
      commit: orNull(text),
      selection: record<Selection>({ only: orNull(listOf(text)), exclude: listOf(text), changed: orNull(text) }),
      prune: flag,
      forced: record<Forced>({ deletes: orNull(count), creates: orNull(count) }),
      summary: record<PlanSummary>(summary),
      changes: listOf(change),
      blocked: listOf(blocked),
      notes: listOf(note),
    },
    ['groups'],
  ),
  ({ changes, blocked: stuck }) => repeated('changes', changes, 'address') ?? repeated('blocked', stuck, 'address'),
);

/** The same name at two places of a list: whoever carries it out could not tell which is meant. */
function repeated(list: string, items: unknown, key: string): Misfit | undefined {
  const seen = new Set<unknown>();
  for (const [index, item] of (Array.isArray(items) ? items : []).entries()) {
    const name = item[key];
    if (seen.has(name)) return within(list, within(String(index), { at: `/${key}`, words: `repeats ${String(name)}` }));
    seen.add(name);
  }
  return undefined;
}

export const exit = shape<ExitCode>('an exit code', (value) => Object.values<unknown>(Exit).includes(value));
export const failed = record<FailedTarget>({ target: text, exit, code: text, message: text });

/** The content of a plan file, sealed or not. */
export const planFile: Shape<PlanFile> = and(
  record<PlanFile>({
    version: shape('1', (value) => value === 1),
    plans: listOf(plan),
    exit,
    failed: listOf(failed),
    seal: digest,
  }),
  (file) => repeated('plans', file.plans, 'target') ?? repeated('failed', file.failed, 'target'),
);
