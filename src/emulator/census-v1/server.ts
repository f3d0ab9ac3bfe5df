import type { Clock } from '../clock.ts';
import { type Api, desk } from '../desk.ts';
import { type InProcess, inProcess } from '../in-process.ts';
import { EmulatorInputError } from '../input-problem.ts';
import { type Owner, type OwnerOptions, ownerOf, type Served } from '../owner.ts';
import { serve } from '../serve.ts';
import { behindTheBack, type StateAccess } from './access.ts';
import { censusBackstage } from './backstage.ts';
import { buildWorld } from './build.ts';
import { defaultQuirks, type Quirks } from './quirks.ts';
import { prefix, router } from './router.ts';
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

/** What any emulator of this API lets its owner do, served or not. */
export interface CensusOwner extends Owner, StateAccess {
  readonly personalAccessToken: string;
}

export interface CensusEmulator extends CensusOwner, Served {}

/**
 * Starts a local server with the behaviour of the Census Management API, version 1, on 127.0.0.1. It keeps its state in
 * memory; a request that changes something has done so when its answer leaves.
 *
 * Throws EmulatorInputError (message and hint) for a fault rule or a seed that cannot be used, and Node's own error
 * where the port cannot be had.
 */
export async function startCensusV1(options: CensusV1Options = {}): Promise<CensusEmulator> {
  const { port = 0, latency = 0, faults = [] } = options;
  const { api, world } = build(options, Date.now);
  const served = await serve(api, { port, latency, faults });
  const { url, commitDelayed, close } = served;
  return ownerOf(served, { url, commitDelayed, close, ...held(world) });
}

/**
 * The same emulator without a socket: requests are handed over and answered in this process, in the time of `clock`.
 * Throws EmulatorInputError for a fault rule or a seed that cannot be used.
 */
export function openCensusV1(options: Omit<CensusV1Options, 'port'>, clock: Clock): CensusOwner & InProcess {
  const { latency = 0, faults = [] } = options;
  const { api, world } = build(options, clock.now);
  const opened = desk(api, { latency, faults, clock });
  return ownerOf(opened, { commitDelayed: clock.flush, ...inProcess(opened, clock), ...held(world) });
}

function build(options: CensusV1Options, moment: () => number): { readonly api: Api; readonly world: World } {
  const { seed = {}, personalAccessToken = freshKey(), token } = options;
  const [problem] = seedShapeProblems(seed);
  if (problem !== undefined) throw new EmulatorInputError(problem);
  const quirks = { ...defaultQuirks, ...options.quirks };
  const world = buildWorld({ seed, token, personalAccessToken, quirks, moment });
  warm(world);
  const service = { name: 'Census', pages: true, validate_only: true };
  return { world, api: { prefix, service, backstage: censusBackstage(world), handle: router(routes, world) } };
}

function held(world: World) {
  const token = world.workspaces.all()[0]?.api_key ?? '';
  return { token, personalAccessToken: world.personalAccessToken, ...behindTheBack(world) };
}

/** `GET /syncs/test_status` has to be tried before `GET /syncs/:id`. */
const routes = [
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
