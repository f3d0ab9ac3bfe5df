import { Exit, SynclineError } from '../../model/errors.ts';
import type { KeptTarget, Ledger, LedgerMeta, MigrationRecord, Run } from '../../model/ledger.ts';
import type { Workspace } from '../../model/live.ts';
import type { Target } from '../../model/project.ts';
import type { Provider } from '../../model/provider.ts';

/** What a target says at the older API and cannot say at the newer one: kept, so that the way back needs no guess. */
export function keptOf(target: Target): KeptTarget {
  const { token_variable: token, personal_access_token_variable: personal, workspace, region, base_url: url } = target;
  return {
    ...(token !== undefined && { token }),
    ...(personal !== undefined && { personal_access_token: personal }),
    workspace: workspace ?? null,
    ...(region !== undefined && { region }),
    ...(url !== undefined && { base_url: url }),
  };
}

/** How a project file refers to a variable. */
export function reference(variable: string): string {
  return `\${env.${variable}}`;
}

/** The lines of a target at the older API, in backticks, as far as its memory has kept them. */
export function keptLines(api: string, kept: KeptTarget): string {
  const { token, personal_access_token: personal, workspace, region, base_url: url } = kept;
  const lines = {
    api,
    ...(token !== undefined && { token: reference(token) }),
    ...(personal !== undefined && { personal_access_token: reference(personal) }),
    ...(workspace !== null && { workspace }),
    ...(region !== undefined && { region }),
    ...(url !== undefined && { base_url: url }),
  };
  return Object.entries(lines)
    .map(([key, value]) => `\`${key}: ${value}\``)
    .join(', ');
}

/** The head of a memory at the newer API. */
export function newerMeta(meta: LedgerMeta, { name, api, host, groups }: Provider, kept: KeptTarget): LedgerMeta {
  const { provider: _, host: __, workspace: ___, ...rest } = withoutMigration(meta);
  return { ...rest, format: 3, provider: name, api, host, workspace: null, groups: [...(groups ?? [])], v1: kept };
}

/** The head of a memory at the older API. What the project file says there is kept for checkouts that do not say it. */
export function olderMeta(
  meta: LedgerMeta,
  { name, host }: Provider,
  workspace: Workspace | undefined,
  kept: KeptTarget,
): LedgerMeta {
  const { api: _, groups: __, ...rest } = withoutMigration(meta);
  return { ...rest, format: 2, provider: name, host, workspace: workspace?.id ?? null, v1: kept };
}

/** The head of a memory whose move has come to its end. */
function withMove(meta: LedgerMeta, record: MigrationRecord): LedgerMeta {
  return { ...meta, migration: { ...record, state: 'done' } };
}

/** A memory whose move has come to its end, and that has it among its runs. */
export function movedLedger(ledger: Ledger, record: MigrationRecord): Ledger {
  const { run, at, actor, commit, from, to } = record;
  const own: Run = {
    ...{ run, at, actor, commit, digest: null, status: 'applied', api: to },
    ...{ migrated: { from, to }, changes: [] },
  };
  const runs = ledger.runs.some((one) => one.run === run) ? ledger.runs : [...ledger.runs, own];
  return { ...ledger, meta: withMove(ledger.meta, record), runs };
}

/** The head of a memory as it is once no move is under way. */
export function withoutMigration({ migration: _, ...meta }: LedgerMeta): LedgerMeta {
  return meta;
}

/** The head of a memory that says how far a move has come. */
export function withMigration(meta: LedgerMeta, migration: MigrationRecord): LedgerMeta {
  return { ...meta, migration };
}

/** A target as it is at the newer API. `variable` holds the token there. */
export function newerTarget(
  target: Target,
  api: string,
  groups: readonly string[],
  variable: string | undefined,
): Target {
  const { workspace: _, personal_access_token_variable: personal, ...rest } = target;
  return {
    ...rest,
    api,
    groups,
    workspace: undefined,
    token_variable: variable ?? target.token_variable ?? personal,
    personal_access_token_variable: undefined,
  };
}

/**
 * A target as it was at the older API, by what its memory has kept. @throws SynclineError (exit 3) where nothing was: a target that was
 * made at the newer API has never been there.
 */
export function olderTarget(target: Target, api: string, kept: KeptTarget | undefined, variable?: string): Target {
  if (kept === undefined) {
    const message = `Nothing says how target "${target.name}" was reached with \`api: ${api}\`: it was not moved from there, or no ledger has kept it.`;
    const hint = `Revert the commit that moved it; or make a target of its own for \`api: ${api}\` in syncline.yaml, and bind what it has with \`syncline adopt --all-matching\`.`;
    throw new SynclineError('no-way-back', message, hint, Exit.invalid);
  }
  const token = variable ?? kept.token;
  return {
    ...target,
    api,
    groups: undefined,
    workspace: kept.workspace ?? undefined,
    region: kept.region,
    base_url: kept.base_url,
    token_variable: token,
    personal_access_token_variable: token === undefined ? kept.personal_access_token : undefined,
  };
}
