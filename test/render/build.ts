import { everything } from '../../src/core/selection.ts';
import type { ToldFailure } from '../../src/model/failed.ts';
import type { ApplyReport, Outcome } from '../../src/model/outcome.ts';
import { type Blocked, type Change, type FieldChange, isRecorded, type Plan } from '../../src/model/plan.ts';

/** The smallest of each noun; a test says only what it is about. */
export function plan(parts: Partial<Plan> = {}): Plan {
  const changes = parts.changes ?? [];
  const count = (action: Change['action']) => changes.filter((one) => one.action === action).length;
  return {
    target: 'production',
    provider: 'census',
    api: 'v1',
    host: 'app.getcensus.com',
    workspace: 4321,
    digest: 'sha256:d',
    created_at: '2026-11-21T10:00:00.000Z',
    tool: 'syncline 0.1.0',
    commit: null,
    selection: everything.selection,
    prune: false,
    forced: { deletes: null, creates: null },
    changes,
    blocked: [],
    notes: [],
    summary: {
      create: count('create'),
      update: count('update') - changes.filter(isRecorded).length,
      delete: count('delete'),
      adopt: count('adopt'),
      replace: count('replace'),
      recorded: changes.filter(isRecorded).length,
      noop: 0,
      blocked: parts.blocked?.length ?? 0,
      foreign: 0,
    },
    ...parts,
  };
}

export function change(parts: Partial<Pick<Change, keyof Change>> = {}): Change {
  return {
    action: 'update',
    address: 'CensusSync/users',
    id: '90001',
    label: 'Users',
    origin: { file: 'syncs/users.yaml', line: 3, column: 1 },
    fields: [],
    about: null,
    desired: {},
    lifecycle: null,
    release: false,
    depends_on: [],
    fingerprint: 'sha256:f',
    validation: null,
    record: null,
    ...parts,
  } as Change;
}

export function field(parts: Partial<FieldChange> = {}): FieldChange {
  return { path: '/operation', from: 'update', to: 'upsert', cause: 'git', impact: 'none', ...parts };
}

export function blocked(parts: Partial<Blocked> = {}): Blocked {
  return {
    address: 'CensusSync/old',
    wanted: 'delete',
    reason: 'prune-off',
    hint: 'No manifest declares it any more.',
    id: '90009',
    label: 'Old',
    origin: null,
    fields: [],
    about: null,
    ...parts,
  };
}

export function report(parts: Partial<ApplyReport> = {}): ApplyReport {
  return {
    target: 'production',
    run: '20261121T100000Z-1a2b3c',
    blocked: [],
    converged: true,
    outcomes: [],
    notes: [],
    fault: null,
    wrote: false,
    interrupted: false,
    ...parts,
  };
}

export function outcome(parts: Partial<Outcome> = {}): Outcome {
  return {
    address: 'CensusSync/users',
    action: 'update',
    status: 'applied',
    id: '90001',
    error: null,
    origin: null,
    ...parts,
  };
}

export function failure(parts: Partial<ToldFailure> = {}): ToldFailure {
  return {
    target: 'staging',
    exit: 1,
    code: 'provider',
    message: 'GET /syncs: no answer',
    hint: 'Check the network.',
    ...parts,
  };
}
