import type { Clock } from '../clock.ts';
import { type Api, desk } from '../desk.ts';
import { type InProcess, inProcess } from '../in-process.ts';
import { EmulatorInputError } from '../input-problem.ts';
import { type Owner, type OwnerOptions, ownerOf, type Served } from '../owner.ts';
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

export interface FabraOptions extends OwnerOptions {
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
export interface FabraOwner extends Owner, StateAccess {}

export interface FabraEmulator extends FabraOwner, Served {}

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
  return ownerOf(served, { url, commitDelayed, close, ...held(world) });
}

/**
 * The same emulator without a socket: requests are handed over and answered in this process, in the time of `clock`.
 * Throws EmulatorInputError for a fault rule or a seed that cannot be used.
 */
export function openFabra(options: Omit<FabraOptions, 'port'>, clock: Clock): FabraOwner & InProcess {
  const { latency = 0, faults = [] } = options;
  const { api, world } = build(options);
  const opened = desk(api, { latency, faults, clock });
  return ownerOf(opened, { commitDelayed: clock.flush, ...inProcess(opened, clock), ...held(world) });
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
  return { world, api: { prefixes: [''], service, backstage: fabraBackstage(world), handle, failure, control } };
}

function held(world: World) {
  return { token: [...world.keys.keys()][0] ?? '', ...behindTheBack(world) };
}
