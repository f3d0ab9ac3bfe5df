import type { DriftReport } from '../../src/model/drift.ts';
import type { Json } from '../../src/model/json.ts';
import type { Plan } from '../../src/model/plan.ts';
import { change, field, plan } from './build.ts';

/** A field that may hold text of several lines. */
export const path = '/query';

/** A plan in which this field changes. */
export function changed(from: Json, to: Json): Plan {
  return plan({ changes: [change({ fields: [field({ path, from, to })] })] });
}

/** A plan that makes something with this text. */
export function created(query: string): Plan {
  return plan({ changes: [change({ action: 'create', id: null, desired: { query } })] });
}

/** A report in which this field is not as it was. */
export function drifted(was: Json, now: Json): DriftReport {
  const origin = { file: 'datasets/users.yaml', line: 3, column: 1 };
  const drift = { address: 'CensusDataset/users', id: '7', label: 'Users', kind: 'changed', origin } as const;
  return { target: 'production', drift: [{ ...drift, fields: [{ path, was, now }] }], notes: [] };
}

/** `line 1` … `line 30`, or what `edit` makes of them. */
export function numbered(count: number, edit: (line: string, number: number) => string = (line) => line): string {
  return Array.from({ length: count }, (_, index) => `${edit(`line ${index + 1}`, index + 1)}\n`).join('');
}
