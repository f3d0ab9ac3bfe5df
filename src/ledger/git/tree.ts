import type { Ledger, Run } from '../../model/ledger.ts';
import type { Lock } from '../../model/lock.ts';
import { readableJson } from './readable-json.ts';

/** What the tree of a ledger's commit holds. */
export interface Tree {
  /** `runs`: the last one alone, as `run.json` has it. */
  readonly ledger: Ledger;
  readonly lock: Lock | undefined;
}

/** The new text of a file, or null where it goes. */
export type Edits = ReadonlyMap<string, string | null>;

/** Where things lie in the tree. */
export const paths = { meta: 'meta.json', lock: 'lock.json', run: 'run.json', syncs: 'syncs/', dead: 'dead/' } as const;

/**
 * The files that differ between two trees. Records are compared by identity: a step that changes a record makes a new one, and
 * one that is made again without a change costs a file that git finds unchanged.
 */
export function editsBetween(before: Tree | undefined, after: Tree): Edits {
  const edits = new Map<string, string | null>();
  const put = (path: string, old: object | undefined, now: object | undefined): void => {
    if (old === now) return;
    edits.set(path, now === undefined ? null : readableJson(now));
  };
  const old = before?.ledger;
  put(paths.meta, old?.meta, after.ledger.meta);
  put(paths.lock, before?.lock, after.lock);
  const run = after.ledger.runs.at(-1);
  if (run !== undefined) put(paths.run, old?.runs.at(-1), run);
  putAll(put, syncPath, old?.syncs ?? {}, after.ledger.syncs);
  putAll(put, deadPath, old?.dead ?? {}, after.ledger.dead);
  return edits;
}

function putAll<Value extends object>(
  put: (path: string, old: Value | undefined, now: Value | undefined) => void,
  pathOf: (key: string) => string,
  old: Readonly<Record<string, Value>>,
  now: Readonly<Record<string, Value>>,
): void {
  for (const key of new Set([...Object.keys(old), ...Object.keys(now)])) put(pathOf(key), old[key], now[key]);
}

function syncPath(address: string): string {
  return `${paths.syncs}${address}.json`;
}

/** Ids are whatever a service says; as a file name each is one segment. */
function deadPath(id: string): string {
  return `${paths.dead}${encodeURIComponent(id)}.json`;
}

/** `CensusSync/users` of `syncs/CensusSync/users.json`; undefined for any other path. */
export function addressIn(path: string): string | undefined {
  return path.startsWith(paths.syncs) && path.endsWith('.json') ? path.slice(paths.syncs.length, -5) : undefined;
}

/** The id of `dead/<id>.json`; undefined for any other path, and for one whose escapes say nothing. */
export function deadIdIn(path: string): string | undefined {
  if (!path.startsWith(paths.dead) || !path.endsWith('.json')) return undefined;
  try {
    return decodeURIComponent(path.slice(paths.dead.length, -5));
  } catch {
    return undefined;
  }
}

/** Only a run that did not come to its end matters to the next. */
export function openRuns(run: Run | undefined): readonly Run[] {
  return run?.status === 'running' ? [run] : [];
}
