import { pairThings } from '../../core/migrate/pair.ts';
import { byCodePoint } from '../../core/stable.ts';
import { storeWith } from '../../engine/migrate/memory.ts';
import { withoutMigration } from '../../engine/migrate/meta.ts';
import type { Side } from '../../engine/migrate/prove.ts';
import type { LedgerStore, Stored } from '../../ledger/store.ts';
import { Exit, SynclineError } from '../../model/errors.ts';
import type { Thing } from '../../model/migration.ts';
import type { Project, Target } from '../../model/project.ts';
import type { Migration, Reached, Survey } from '../../model/service.ts';
import { tool } from '../../model/version.ts';
import { type ConnectOptions, connect } from '../../providers/index.ts';
import { openManifests } from '../check.ts';

/** A project that has this target in the place of the one of its name. */
function projectWith(project: Project, target: Target): Project {
  return { ...project, targets: project.targets.map((one) => (one.name === target.name ? target : one)) };
}

/** What both sides share. */
export interface Shared {
  readonly project: Project;
  readonly store: LedgerStore;
  readonly stored: Stored | undefined;
  readonly now: () => Date;
  readonly warn: ((message: string) => void) | undefined;
}

/** A side of a move, with a connection that somebody has to close. */
export async function openSide(
  { project, store, stored, now, warn }: Shared,
  target: Target,
  { target: resolved, token, options }: Reached<ConnectOptions>,
  things: readonly Thing[],
): Promise<Side> {
  const own = projectWith(project, target);
  const { manifests } = await openManifests(own, [target]);
  const provider = await connect({ ...target, base_url: resolved.base_url }, token, options);
  const held = stored === undefined ? undefined : { ...stored.ledger, meta: withoutMigration(stored.ledger.meta) };
  const request = {
    project: own,
    target,
    manifests: manifests.get(target.name) ?? [],
    provider,
    store: storeWith(store, stored, held),
    tool,
    now,
    warn,
  };
  return { request, things };
}

/** The groups of what the older API shows, sorted. @throws SynclineError (exit 4) where the newer one shows nothing of it */
export function groupsOf(
  { grouped }: Migration<ConnectOptions>,
  { older, newer }: Survey,
  target: string,
): readonly string[] {
  const own = (one: Thing) => one.space === grouped;
  const pairs = pairThings(older.filter(own), newer.filter(own));
  const paired = new Set(pairs.flatMap(({ from, to }) => (from === null || to === null ? [] : [to])));
  const groups = newer.filter((one) => own(one) && paired.has(one.id)).flatMap((one) => one.group ?? []);
  if (groups.length > 0) return [...new Set(groups)].sort(byCodePoint);
  const message = `The new token shows none of the ${grouped} of target "${target}", so its groups cannot be told.`;
  const hint = 'Use the personal access token of somebody who may see them, with --token-env NAME.';
  throw new SynclineError('no-groups', message, hint, Exit.refused);
}

/** What to say of things of the older API that lie in groups and of which the newer one shows nothing; undefined where there are none. */
export function unseen(
  { grouped, newer: api }: Migration<ConnectOptions>,
  { older, newer }: Survey,
): string | undefined {
  const own = (one: Thing) => one.space === grouped;
  const pairs = pairThings(older.filter(own), newer.filter(own));
  const lost = pairs.flatMap(({ from, to, name }) =>
    from !== null && to === null ? [`"${name ?? ''}" (${from})`] : [],
  );
  if (lost.length === 0) return undefined;
  return `The token for ${api} shows nothing of these ${grouped}: ${lost.join(', ')}. If they matter here, use the token of somebody who may see them, with --token-env NAME.`;
}

/** What lies within some groups, and what has none. */
export function within(groups: readonly string[], things: readonly Thing[]): readonly Thing[] {
  return things.filter(({ group }) => group === undefined || groups.includes(group));
}
