import { newerTarget, olderTarget } from '../../engine/migrate/meta.ts';
import type { Stored } from '../../ledger/store.ts';
import { Exit, SynclineError } from '../../model/errors.ts';
import type { Target } from '../../model/project.ts';
import type { Migration } from '../../model/service.ts';
import { type ConnectOptions, services } from '../../providers/index.ts';

/** Where a target is to go, and how far it has come. */
export interface Route {
  readonly migration: Migration<ConnectOptions>;
  readonly from: string;
  readonly to: string;
  /** The API in whose words the memory is. */
  readonly lives: string;
  /** Has nothing to be moved any more? */
  readonly isThere: boolean;
  /** The target as the project file has it. */
  readonly written: Target;
}

/** How a target gets to an API. @throws SynclineError (exit 3) where there is no way */
export async function routeOf(target: Target, to: string, stored: Stored | undefined): Promise<Route> {
  const service = services.find((one) => one.name === target.provider);
  const migration = await service?.migration?.();
  const apis = migration === undefined ? [] : [migration.older, migration.newer];
  if (migration === undefined || !apis.includes(target.api)) {
    const message = `Target "${target.name}" uses ${target.provider} ${target.api}, and nothing is known of a move from there.`;
    throw new SynclineError('no-migration', message, 'Only targets of another service can be moved.', Exit.invalid);
  }
  if (!apis.includes(to)) {
    const message = `A target of ${target.provider} cannot be moved to "${to}".`;
    throw new SynclineError(
      'unknown-api',
      message,
      `Write --to ${apis.map((one) => `"${one}"`).join(' or ')}.`,
      Exit.invalid,
    );
  }
  const from = to === migration.newer ? migration.older : migration.newer;
  const meta = stored?.ledger.meta;
  const lives = meta === undefined ? target.api : (meta.api ?? migration.older);
  const isThere = target.api === to && lives === to && meta?.migration?.state !== 'open';
  return { migration, from, to, lives, isThere, written: target };
}

/**
 * The target at the older API: as it is written, or as its memory has kept it. `variable` holds the token at the API that is not
 * written; the one that is written there is no such variable. @throws SynclineError (exit 3)
 */
export function olderOf(
  { migration, written, to }: Route,
  stored: Stored | undefined,
  variable: string | undefined,
): Target {
  const { older } = migration;
  if (written.api === older) return written;
  const meta = stored?.ledger.meta;
  const key = variable === written.token_variable ? undefined : variable;
  if (meta?.v1 !== undefined || to === older) return olderTarget(written, older, meta?.v1, key);
  // Somebody has written the newer API by hand: the token that it takes finds the key of the workspace that the memory names.
  const workspace = meta?.workspace ?? undefined;
  const personal = written.token_variable;
  if (workspace === undefined || personal === undefined) return olderTarget(written, older, undefined);
  const { region, base_url: url } = written;
  const kept = { workspace, personal_access_token: personal, ...(region !== undefined && { region }) };
  return olderTarget(written, older, url === undefined ? kept : { ...kept, base_url: url }, key);
}

/** The target at the newer API, as far as the project file says it: its groups are found at the service. */
export function newerOf(
  { migration, written, to }: Route,
  stored: Stored | undefined,
  variable: string | undefined,
): Target {
  if (written.api === migration.newer) return written;
  const { migration: last, groups = [] } = stored?.ledger.meta ?? {};
  // On the way back that was interrupted the variable is for where it goes.
  const isRerun = to === migration.older && last?.to === to;
  const token = isRerun ? (last.token ?? variable) : (variable ?? last?.token);
  return newerTarget(written, migration.newer, groups, token);
}
