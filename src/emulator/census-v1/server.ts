import type { Clock } from '../clock.ts';
import { type Api, type Desk, desk } from '../desk.ts';
import { type InProcess, inProcess } from '../in-process.ts';
import { EmulatorInputError } from '../input-problem.ts';
import type { LoggedRequest } from '../request-log.ts';
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

export interface CensusV1Options {
  /** 0, the default, means any free port. */
  readonly port?: number | undefined;
  /** API key of the first workspace; a fresh one where it is absent. */
  readonly token?: string | undefined;
  readonly personalAccessToken?: string | undefined;
  /** Milliseconds that every request waits; 0 where it is absent. */
  readonly latency?: number | undefined;
  /** Rules in the grammar of `parseFaultRule`. */
  readonly faults?: readonly string[] | undefined;
  /** The default seed where it is absent. */
  readonly seed?: CensusSeed | undefined;
  readonly quirks?: Partial<Quirks> | undefined;
}

/** What any emulator of this API lets its owner do, served or not. */
export interface CensusOwner extends StateAccess {
  readonly token: string;
  readonly personalAccessToken: string;
  /** Every request so far, oldest first; grows as they come. */
  readonly requests: readonly LoggedRequest[];
  /** The most requests that were ever under way at once. */
  readonly maxInFlight: number;
  clearRequests(): void;
  /** Adds rules to those in force. Throws EmulatorInputError. */
  addFaults(rules: readonly string[]): void;
  clearFaults(): void;
  /** Does the work of every `commit-later` that still waits; says how many. */
  commitDelayed(): number;
}

export interface CensusEmulator extends CensusOwner {
  /** `http://127.0.0.1:PORT`; the API is below `/api/v1`. */
  readonly url: string;
  /** Ends every connection and forgets what waits. */
  close(): Promise<void>;
}

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
  return owner(world, served, { url, commitDelayed, close });
}

/**
 * The same emulator without a socket: requests are handed over and answered in this process, in the time of `clock`.
 * Throws EmulatorInputError for a fault rule or a seed that cannot be used.
 */
export function openCensusV1(options: Omit<CensusV1Options, 'port'>, clock: Clock): CensusOwner & InProcess {
  const { latency = 0, faults = [] } = options;
  const { api, world } = build(options, clock.now);
  const opened = desk(api, { latency, faults, clock });
  return owner(world, opened, { commitDelayed: clock.flush, ...inProcess(opened, clock) });
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

function owner<More extends object>(
  world: World,
  { faults, log }: Desk,
  more: More,
): Omit<CensusOwner, 'commitDelayed'> & More {
  return {
    ...more,
    token: world.workspaces.all()[0]?.api_key ?? '',
    personalAccessToken: world.personalAccessToken,
    requests: log.entries,
    get maxInFlight() {
      return log.maxInFlight;
    },
    clearRequests: log.clear,
    addFaults: (rules) => faults.add(rules),
    clearFaults: faults.clear,
    ...behindTheBack(world),
  };
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
