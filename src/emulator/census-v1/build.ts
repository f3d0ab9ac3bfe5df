import { EmulatorInputError } from '../input-problem.ts';
import { buildDestination } from './build-destination.ts';
import { buildSource, columnsOf } from './build-source.ts';
import { defaultSeed } from './default-seed.ts';
import type { Quirks } from './quirks.ts';
import type { CensusSeed, SeedContent, SeedDataset, SeedSync, SeedWorkspace } from './seed.ts';
import type { Dataset, Sync, Workspace, World } from './state.ts';
import { acceptSync } from './sync/accept.ts';
import { knownAlerts } from './sync/alerts.ts';
import { syncProblem } from './sync/check.ts';
import { draftOf } from './sync/draft.ts';
import { requestForm } from './sync/request-form.ts';
import { emptyWorkspace, emptyWorld, freshKey } from './world.ts';

export interface BuildOptions {
  readonly seed: CensusSeed;
  /** Key of the first workspace; the others have their own, from the seed or fresh. */
  readonly token: string | undefined;
  readonly personalAccessToken: string;
  readonly quirks: Quirks;
  /** Milliseconds since 1970. */
  readonly moment: () => number;
}

/** Gives the seeded things their places. Throws EmulatorInputError where a sync names something that is not seeded. */
export function buildWorld({ seed, token, personalAccessToken, quirks, moment }: BuildOptions): World {
  const workspaces = workspacesOf(seed);
  const world = emptyWorld({ personalAccessToken, quirks, moment, firstId: highestId(workspaces) + 1 });
  const clock = seedClock();
  workspaces.forEach((one, index) => {
    const key = (index === 0 ? token : undefined) ?? one.api_key ?? freshKey();
    const place = seed.workspaces === undefined ? '' : `workspaces[${index}].`;
    world.workspaces.put(buildWorkspace(one, { key, place, world, clock }));
  });
  return world;
}

function workspacesOf(seed: CensusSeed): readonly SeedWorkspace[] {
  if (seed.workspaces !== undefined) return seed.workspaces;
  const { workspace, workspaces: _, ...given } = seed;
  const content: SeedContent = { ...defaultSeed, ...given };
  return [{ id: 4321, name: 'Acme', organization_id: 1, ...content, ...workspace }];
}

/** Seeded things are as old as their place in the seed says, one minute apart. */
function seedClock(): () => string {
  let moment = Date.UTC(2026, 0, 5, 9);
  return () => {
    moment += 60_000;
    return new Date(moment).toISOString();
  };
}

/** Fresh ids begin above every seeded one, wherever it stands. */
function highestId(value: unknown): number {
  if (Array.isArray(value)) return value.reduce<number>((high, item) => Math.max(high, highestId(item)), 100_000);
  if (typeof value !== 'object' || value === null) return 0;
  return Object.entries(value).reduce((high, [key, inner]) => {
    return Math.max(high, key === 'id' && typeof inner === 'number' ? inner : highestId(inner));
  }, 0);
}

interface Surroundings {
  readonly key: string;
  /** What stands before the names of its lists in the seed. */
  readonly place: string;
  readonly world: World;
  readonly clock: () => string;
}

function buildWorkspace(seed: SeedWorkspace, { key: api_key, place, world, clock }: Surroundings): Workspace {
  const { id, name, organization_id = 1, notification_emails = [] } = seed;
  const workspace = emptyWorkspace({ id, name, organization_id, notification_emails, api_key, created_at: clock() });
  for (const source of seed.sources ?? []) workspace.sources.put(buildSource(source, world, clock));
  for (const dataset of seed.datasets ?? []) workspace.datasets.put(buildDataset(dataset, world, clock));
  for (const destination of seed.destinations ?? []) workspace.destinations.put(buildDestination(destination, clock()));
  // All are there before any is checked: a sequence may name a sync that stands further down.
  const syncs = (seed.syncs ?? []).map((sync, index) => {
    return { sync, made: blankSync(sync, clock()), at: `${place}syncs[${index}]` };
  });
  for (const { made } of syncs) workspace.syncs.put(made);
  for (const { sync, made, at } of syncs) workspace.syncs.put(buildSync(sync, made, at, { workspace, world }));
  return workspace;
}

function buildDataset(seed: SeedDataset, world: World, clock: () => string): Dataset {
  const created_at = clock();
  return {
    id: seed.id,
    source_id: seed.source_id,
    source_object_id: world.nextId(),
    name: seed.name,
    type: seed.type ?? 'sql',
    query: seed.query ?? `select * from ${seed.name.replaceAll(' ', '_')}`,
    description: seed.description ?? null,
    columns: columnsOf(seed.columns),
    cached_record_count: seed.cached_record_count ?? null,
    refresh_failure: seed.refresh_failure ?? null,
    created_at,
    updated_at: created_at,
  };
}

function blankSync(seed: SeedSync, now: string): Sync {
  const created_at = typeof seed.created_at === 'string' ? seed.created_at : now;
  const updated_at = typeof seed.updated_at === 'string' ? seed.updated_at : created_at;
  const status = typeof seed.status === 'string' ? seed.status : 'Ready';
  return { id: seed.id, created_at, updated_at, status, body: {}, alerts: [], verbatim: {}, made: undefined };
}

function buildSync(
  seed: SeedSync,
  blank: Sync,
  place: string,
  { workspace, world }: { readonly workspace: Workspace; readonly world: World },
): Sync {
  if (seed.verbatim === true) return verbatimSync(seed, blank);
  const { id: _, verbatim, status, created_at, updated_at, ...sent } = seed;
  const draft = draftOf(world, workspace, sent, undefined);
  const problem = syncProblem(draft);
  if (problem === undefined) return { ...blank, ...acceptSync(draft) };
  throw new EmulatorInputError({
    message: `Sync ${seed.id} of the seed is not valid: ${problem}.`,
    hint: 'Correct it, or set "verbatim": true to have it answered as it stands.',
    place,
  });
}

function verbatimSync(seed: SeedSync, blank: Sync): Sync {
  const { id: _, verbatim: __, status, created_at, updated_at, ...answer } = seed;
  return { ...blank, body: requestForm(answer), alerts: knownAlerts(answer), verbatim: answer, made: [] };
}
