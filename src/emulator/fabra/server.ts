import { parseFaultRules } from '../cli-options.ts';
import { EmulatorInputError } from '../input-problem.ts';
import type { LoggedRequest } from '../request-log.ts';
import { serve } from '../serve.ts';
import { behindTheBack, type StateAccess } from './access.ts';
import { buildWorld } from './build.ts';
import { documentedRoutes } from './documented.ts';
import { failure } from './reply.ts';
import { router } from './router.ts';
import { accountRoutes } from './routes/account.ts';
import { objectRoutes } from './routes/objects.ts';
import { placeRoutes } from './routes/places.ts';
import { syncRoutes } from './routes/syncs.ts';
import { schedulerControl } from './scheduler.ts';
import type { FabraSeed } from './seed.ts';
import { fabraSeedProblems } from './seed-shape.ts';
import type { FabraProfile } from './state.ts';

export interface FabraOptions {
  /** 0, the default, means any free port. */
  readonly port?: number | undefined;
  /** API key of the first organisation; the seed's, or a fresh one, where it is absent. */
  readonly token?: string | undefined;
  /** Milliseconds that every request waits; 0 where it is absent. */
  readonly latency?: number | undefined;
  /** Rules in the grammar of `parseFaultRule`. */
  readonly faults?: readonly string[] | undefined;
  /** The default seed where it is absent. */
  readonly seed?: FabraSeed | undefined;
  /** `as-traced` where it is absent. */
  readonly profile?: FabraProfile | undefined;
  /** `server`, the default, is the open-source server; `documented` what the published documentation says. */
  readonly dialect?: 'server' | 'documented' | undefined;
  /** Milliseconds until a silent scheduler is given up; 5000, as the server does, where it is absent. */
  readonly patience?: number | undefined;
}

export interface FabraEmulator extends StateAccess {
  /** `http://127.0.0.1:PORT`; the API has no prefix. */
  readonly url: string;
  readonly token: string;
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

const serverRoutes = [...syncRoutes, ...objectRoutes, ...placeRoutes, ...accountRoutes];

/**
 * Starts a local server with the behaviour of the Fabra API on 127.0.0.1. It keeps its state in memory; a request that
 * changes something has done so when its answer leaves. There is no customer's store behind it: what would look into one
 * fails, and no sync ever moves a row.
 *
 * Throws EmulatorInputError (message and hint) for a fault rule or a seed that cannot be used, and Node's own error
 * where the port cannot be had.
 */
export async function startFabra(options: FabraOptions = {}): Promise<FabraEmulator> {
  const { seed = {}, port = 0, latency = 0, profile = 'as-traced', patience = 5000, token } = options;
  const [problem] = fabraSeedProblems(seed);
  if (problem !== undefined) throw new EmulatorInputError(problem);
  const world = buildWorld({ seed, token, profile, patience });
  const served = await serve({
    port,
    latency,
    faults: faultsOf(options.faults ?? []),
    prefix: '',
    failure,
    handle:
      options.dialect === 'documented'
        ? router({ routes: documentedRoutes, world, wrongKey: 401 })
        : router({ routes: serverRoutes, world, wrongKey: 500 }),
    control: (exchange) => schedulerControl(exchange, world),
  });
  const { faults, log } = served;
  return {
    url: served.url,
    token: [...world.keys.keys()][0] ?? '',
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

function faultsOf(rules: readonly string[]) {
  const { faults, problems } = parseFaultRules(rules);
  const [problem] = problems;
  if (problem !== undefined) throw new EmulatorInputError(problem);
  return faults;
}
