import { cleanCommit } from '../model/checkout.ts';
import { Exit, SynclineError } from '../model/errors.ts';
import type { Ledger, LedgerMeta, MigrationRecord } from '../model/ledger.ts';
import { type Key, keyAt } from '../model/live.ts';
import { moveLine } from '../model/move-line.ts';
import type { Provider } from '../model/provider.ts';
import { keptLines } from './migrate/meta.ts';
import type { TargetRequest } from './request.ts';

/** Whose ledger is looked at, and at which API. */
export interface Reader {
  readonly target: string;
  readonly api: string;
  /** Does the API have groups in the place of workspaces? */
  readonly grouped: boolean;
  /** How messages call the ledger. */
  readonly place: string;
  /** The variable that holds the token of the target here. */
  readonly token?: string | undefined;
}

export function readerOf({ target, provider, store }: Pick<TargetRequest, 'target' | 'provider' | 'store'>): Reader {
  const { name, token_variable: token } = target;
  return { target: name, api: provider.api, grouped: provider.groups !== undefined, place: store.place, token };
}

/**
 * Throws for a ledger whose ids mean something at another API, and while a move between two is open.
 * @throws SynclineError (exit 4) `migration-open`, `moved-to-v2`, `not-migrated`
 */
export function guardApi({ meta, syncs, dead, runs }: Ledger, reader: Reader): void {
  if (meta.migration?.state === 'open') throw migrationOpen(reader.target, meta.migration);
  if (meta.api !== undefined) {
    if (meta.api !== reader.api) throw movedAway(reader, meta.api, meta);
    return;
  }
  const isEmpty = Object.keys(syncs).length === 0 && Object.keys(dead).length === 0 && runs.length === 0;
  if (reader.grouped && (!isEmpty || meta.last_apply !== undefined)) throw notMigrated(reader, meta);
}

/** What is remembered before anything is, at an API. */
export function metaOf(provider: Provider, workspace: LedgerMeta['workspace'], project: string): LedgerMeta {
  const { name, host } = provider;
  return { ...scopeOf(provider), provider: name, host, workspace, project };
}

/** What a ledger says of itself in the format that is written at an API: more groups than it knew are its own from now on. */
export function scopeOf({ api, groups }: Provider): Pick<LedgerMeta, 'format' | 'api' | 'groups'> {
  return groups === undefined ? { format: 2 } : { format: 3, api, groups };
}

/**
 * Stops where nobody can tell whether what is bound is gone: a token that shows nothing of a group that the target has left may have
 * what is in it answered as not found.
 * @throws SynclineError (exit 4) `unknown-group`
 */
export async function guardGone(provider: Provider, { meta, syncs }: Ledger, gone: ReadonlySet<Key>): Promise<void> {
  const left = (meta.groups ?? []).filter((one) => provider.groups?.includes(one) === false);
  if (gone.size === 0 || left.length === 0) return;
  const unseen = (await provider.unseen?.(left)) ?? [];
  if (unseen.length === 0) return;
  const things = Object.entries(syncs).flatMap(([address, { id }]) =>
    id !== null && gone.has(keyAt(address, id)) ? [address] : [],
  );
  throw new SynclineError(
    'unknown-group',
    `The ledger knows things of ${unseen.join(', ')}, of which the token shows nothing: whether ${things.join(', ')} is gone nobody can tell.`,
    `Use the token of somebody who may see ${unseen.join(', ')}. Where they are gone for good, let go of what was in them: \`syncline forget ADDRESS\`.`,
    Exit.refused,
  );
}

function migrationOpen(target: string, { from, to, token, ...begun }: MigrationRecord): SynclineError {
  return new SynclineError(
    'migration-open',
    `Target "${target}" is being moved from ${from} to ${to}: ${whoBegan(begun)}, and that has not come to its end.`,
    `Run ${moveLine(to, { target, token: known(token) })} where it was begun, or in a checkout of the same commit: it ends the move.`,
    Exit.refused,
  );
}

function movedAway(
  { target, api, place }: Reader,
  to: string,
  { migration, v1: kept }: Pick<LedgerMeta, 'migration' | 'v1'>,
): SynclineError {
  const line = moveLine(api, { target, token: known(migration?.token) });
  if (migration === undefined) {
    const message = `The ledger of target "${target}" (${place}) was written with \`api: ${to}\`, and this checkout says \`api: ${api}\`.`;
    const back = kept === undefined ? '' : `; ${line} takes it back`;
    return new SynclineError('moved-to-v2', message, `Write \`api: ${to}\` for this target${back}.`, Exit.refused);
  }
  const message = `Target "${target}" was moved to ${to} (${whoBegan(migration)}), and this checkout still says \`api: ${api}\`.`;
  const hint = `${whatToMerge(to, migration)} Where it was a mistake, ${line} takes it back.`;
  return new SynclineError('moved-to-v2', message, hint, Exit.refused);
}

function notMigrated({ target, api, place, token }: Reader, { migration, v1: kept }: LedgerMeta): SynclineError {
  if (migration !== undefined) {
    const message = `Target "${target}" was moved back to ${migration.to} (${whoBegan(migration)}), and this checkout still says \`api: ${api}\`.`;
    const lines =
      kept === undefined ? '' : `, or write what it says: ${keptLines(migration.to, kept)}, without \`groups\``;
    const again = moveLine(api, { target, token: kept === undefined ? undefined : null });
    const hint = `${whatToMerge(migration.to, migration, lines)} Where it was a mistake, ${again} moves it there again.`;
    return new SynclineError('not-migrated', message, hint, Exit.refused);
  }
  const message = `The ledger of target "${target}" (${place}) was written with an earlier API, whose ids mean nothing with \`api: ${api}\`.`;
  const hint = `Restore the target as it was in syncline.yaml; ${moveLine(api, { target, token })} moves both, and proves that nothing changes.`;
  return new SynclineError('not-migrated', message, hint, Exit.refused);
}

/** The commit that a move was made on mostly has the project file as it was before; where that said the API already, it is the change. */
function whatToMerge(to: string, { commit }: MigrationRecord, otherwise = ''): string {
  const made = commit === null ? '' : `, made in commit ${cleanCommit(commit)} or after it`;
  return `Merge the change of syncline.yaml that says \`api: ${to}\`${made}${otherwise}.`;
}

/** What a memory knows nobody has to write. */
function known(token: string | undefined): null | undefined {
  return token === undefined ? undefined : null;
}

function whoBegan({ run, actor, at }: Pick<MigrationRecord, 'run' | 'actor' | 'at'>): string {
  return `run ${run} of ${actor}, ${at}`;
}
