import type { Ledger, LedgerMeta, Run } from '../../model/ledger.ts';
import type { Key } from '../../model/live.ts';
import type { Lock } from '../../model/lock.ts';
import { type DeadName, deadName } from '../decode.ts';
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
  const [syncs, dead] = [old?.syncs ?? {}, old?.dead ?? {}];
  for (const address of keysOf(syncs, after.ledger.syncs))
    put(syncPath(address), syncs[address], after.ledger.syncs[address]);
  for (const key of keysOf(dead, after.ledger.dead)) {
    const [was, is] = [deadPath(old?.meta.format ?? 2, key), deadPath(after.ledger.meta.format, key)];
    if (was !== is) put(was, dead[key], undefined);
    put(is, was === is ? dead[key] : undefined, after.ledger.dead[key]);
  }
  return edits;
}

function keysOf<K extends string>(old: Readonly<Record<K, unknown>>, now: Readonly<Record<K, unknown>>): Set<K> {
  return new Set([...(Object.keys(old) as K[]), ...(Object.keys(now) as K[])]);
}

function syncPath(address: string): string {
  return `${paths.syncs}${address}.json`;
}

/** `dead/<Kind>/<id>.json`, in format 1 `dead/<id>.json`. Ids are whatever a service says; as a file name each is one segment. */
function deadPath(format: LedgerMeta['format'], key: Key): string {
  return `${paths.dead}${deadName(format, key).map(encodeURIComponent).join('/')}.json`;
}

/** `CensusSync/users` of `syncs/CensusSync/users.json`; undefined for any other path. */
export function addressIn(path: string): string | undefined {
  return path.startsWith(paths.syncs) && path.endsWith('.json') ? path.slice(paths.syncs.length, -5) : undefined;
}

/** Kind and id of `dead/CensusSync/12.json`, the id of `dead/12.json`; undefined for any other path, and for escapes that say nothing. */
export function deadNameIn(path: string): DeadName | undefined {
  if (!path.startsWith(paths.dead) || !path.endsWith('.json')) return undefined;
  try {
    const [first = '', second, ...more] = path.slice(paths.dead.length, -5).split('/').map(decodeURIComponent);
    if (second === undefined) return [first];
    return more.length === 0 ? [first, second] : undefined;
  } catch {
    return undefined;
  }
}

/** Only a run that did not come to its end matters to the next. */
export function openRuns(run: Run | undefined): readonly Run[] {
  return run?.status === 'running' ? [run] : [];
}
