import { parseFaultRules } from '../cli-options.ts';
import { EmulatorInputError } from '../input-problem.ts';
import type { LoggedRequest } from '../request-log.ts';
import { serve } from '../serve.ts';
import { behindTheBack, type StateAccess } from './access.ts';
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

export interface CensusEmulator extends StateAccess {
  /** `http://127.0.0.1:PORT`; the API is below `/api/v1`. */
  readonly url: string;
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
  const { seed = {}, port = 0, latency = 0, personalAccessToken = freshKey() } = options;
  const [problem] = seedShapeProblems(seed);
  if (problem !== undefined) throw new EmulatorInputError(problem);
  const world = buildWorld({
    seed,
    token: options.token,
    personalAccessToken,
    quirks: { ...defaultQuirks, ...options.quirks },
  });
  warm(world);
  const served = await serve({
    port,
    latency,
    faults: faultsOf(options.faults ?? []),
    prefix,
    handle: router(routes, world),
  });
  const { faults, log } = served;
  return {
    url: served.url,
    token: world.workspaces.all()[0]?.api_key ?? '',
    personalAccessToken,
    requests: log.entries,
    get maxInFlight() {
      return log.maxInFlight;
    },
    clearRequests: log.clear,
    addFaults: (rules) => faults.add(faultsOf(rules)),
    clearFaults: faults.clear,
    commitDelayed: served.commitDelayed,
    close: served.close,
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

function faultsOf(rules: readonly string[]) {
  const { faults, problems } = parseFaultRules(rules);
  const [problem] = problems;
  if (problem !== undefined) throw new EmulatorInputError(problem);
  return faults;
}
