import type { Clock } from '../clock.ts';
import { type Api, type Desk, desk } from '../desk.ts';
import { type InProcess, inProcess } from '../in-process.ts';
import { EmulatorInputError } from '../input-problem.ts';
import type { LoggedRequest } from '../request-log.ts';
import { serve } from '../serve.ts';
import { behindTheBack, type StateAccess } from './access.ts';
import { fabraBackstage } from './backstage.ts';
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
import type { FabraProfile, World } from './state.ts';

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

/** What any emulator of this API lets its owner do, served or not. */
export interface FabraOwner extends StateAccess {
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
}

export interface FabraEmulator extends FabraOwner {
  /** `http://127.0.0.1:PORT`; the API has no prefix. */
  readonly url: string;
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
  const { port = 0, latency = 0, faults = [] } = options;
  const { api, world } = build(options);
  const served = await serve(api, { port, latency, faults });
  const { url, commitDelayed, close } = served;
  return owner(world, served, { url, commitDelayed, close });
}

/**
 * The same emulator without a socket: requests are handed over and answered in this process, in the time of `clock`.
 * Throws EmulatorInputError for a fault rule or a seed that cannot be used.
 */
export function openFabra(options: Omit<FabraOptions, 'port'>, clock: Clock): FabraOwner & InProcess {
  const { latency = 0, faults = [] } = options;
  const { api, world } = build(options);
  const opened = desk(api, { latency, faults, clock });
  return owner(world, opened, { commitDelayed: clock.flush, ...inProcess(opened, clock) });
}

function build(options: FabraOptions): { readonly api: Api; readonly world: World } {
  const { seed = {}, profile = 'as-traced', patience = 5000, token, dialect } = options;
  const [problem] = fabraSeedProblems(seed);
  if (problem !== undefined) throw new EmulatorInputError(problem);
  const world = buildWorld({ seed, token, profile, patience });
  const handle =
    dialect === 'documented'
      ? router({ routes: documentedRoutes, world, wrongKey: 401 })
      : router({ routes: serverRoutes, world, wrongKey: 500 });
  const service = { name: 'Fabra', pages: false, validate_only: false };
  const control: Api['control'] = (exchange) => schedulerControl(exchange, world);
  return { world, api: { prefix: '', service, backstage: fabraBackstage(world), handle, failure, control } };
}

function owner<More extends object>(
  world: World,
  { faults, log }: Desk,
  more: More,
): Omit<FabraOwner, 'commitDelayed'> & More {
  return {
    ...more,
    token: [...world.keys.keys()][0] ?? '',
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
