import type { Api } from '../desk.ts';
import { EmulatorInputError } from '../input-problem.ts';
import type { OwnerOptions } from '../owner.ts';
import { behindTheBack, type StateAccess } from './access.ts';
import { censusBackstage } from './backstage.ts';
import { buildWorld } from './build.ts';
import { defaultQuirks, type Quirks } from './quirks.ts';
import { datasetRoutes } from './routes/datasets.ts';
import { destinationRoutes } from './routes/destinations.ts';
import { modelRoutes } from './routes/models.ts';
import { runRoutes } from './routes/runs.ts';
import { segmentRoutes } from './routes/segments.ts';
import { sourceRoutes } from './routes/sources.ts';
import { syncRoutes } from './routes/syncs.ts';
import { webhookRoutes } from './routes/webhooks.ts';
import { workspaceRoutes } from './routes/workspaces.ts';
import type { CensusSeed } from './seed.ts';
import { seedShapeProblems } from './seed-shape.ts';
import type { World } from './state.ts';
import { syncText } from './sync/answer.ts';
import { freshKey } from './world.ts';

export interface CensusV1Options extends OwnerOptions {
  readonly personalAccessToken?: string | undefined;
  /** The default seed where it is absent. */
  readonly seed?: CensusSeed | undefined;
  readonly quirks?: Partial<Quirks> | undefined;
}

/** What the owner of an account can do to it, whichever version of the API shows it. */
export interface AccountAccess extends StateAccess {
  readonly personalAccessToken: string;
}

/** Builds the account that both versions of the API show. Throws EmulatorInputError for a seed that cannot be used. */
export function accountOf(options: Omit<CensusV1Options, 'port'>, moment: () => number): World {
  const { seed = {}, personalAccessToken = freshKey(), token } = options;
  const [problem] = seedShapeProblems(seed);
  if (problem !== undefined) throw new EmulatorInputError(problem);
  const quirks = { ...defaultQuirks, ...options.quirks };
  const world = buildWorld({ seed, token, personalAccessToken, quirks, moment });
  warm(world);
  return world;
}

/** What any version of the API is, apart from its paths. */
export function traitsOf(world: World): Pick<Api, 'service' | 'backstage'> {
  return { service: { name: 'Census', pages: true, validate_only: true }, backstage: censusBackstage(world) };
}

export function accessTo(world: World): AccountAccess {
  return { personalAccessToken: world.personalAccessToken, ...behindTheBack(world) };
}

/** Every route of version 1. `GET /syncs/test_status` has to be tried before `GET /syncs/:id`. */
export const allRoutes = [
  ...runRoutes,
  ...syncRoutes,
  ...workspaceRoutes,
  ...modelRoutes,
  ...segmentRoutes,
  ...sourceRoutes,
  ...datasetRoutes,
  ...destinationRoutes,
  ...webhookRoutes,
];

/** Writes every seeded sync once, so that the first walk through a large account is as quick as the second. */
function warm(world: World): void {
  for (const workspace of world.workspaces.all()) {
    for (const sync of workspace.syncs.all()) syncText(sync, workspace, world);
  }
}
