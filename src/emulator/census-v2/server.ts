import {
  type AccountAccess,
  accessTo,
  accountOf,
  allRoutes,
  type CensusV1Options,
  traitsOf,
} from '../census-v1/account.ts';
import { prefix as olderPrefix, router as olderRouter } from '../census-v1/router.ts';
import type { World } from '../census-v1/state.ts';
import type { Clock } from '../clock.ts';
import { type Api, desk } from '../desk.ts';
import { jsonReply } from '../exchange.ts';
import { type InProcess, inProcess } from '../in-process.ts';
import { type Owner, ownerOf, type Served } from '../owner.ts';
import { serve } from '../serve.ts';
import type { Face } from './face.ts';
import { prefix, router } from './router.ts';
import { activationRoutes } from './routes/activations.ts';
import { sourceRoutes } from './routes/sources.ts';
import { syncRoutes } from './routes/syncs.ts';
import { defaultV2, type V2Options } from './switches.ts';

/** `token` is the personal access token, the only one that version 2 takes; `workspaceToken` the key of the first workspace. */
export interface CensusV2Options extends Omit<CensusV1Options, 'personalAccessToken'> {
  readonly workspaceToken?: string | undefined;
  readonly v2?: Partial<V2Options> | undefined;
}

/** What any emulator of this API lets its owner do, served or not. */
export interface CensusV2Owner extends Owner, AccountAccess {
  /** The keys of its workspaces, by their ids; version 1 takes them. */
  readonly workspaceTokens: Readonly<Record<string, string>>;
}

export interface CensusV2Emulator extends CensusV2Owner, Served {}

/**
 * Starts a local server with the behaviour of versions 1 and 2 of the API, over one account. Otherwise it is like
 * `startCensusV1`. Throws EmulatorInputError, and Node's own error where the port cannot be had.
 */
export async function startCensusV2(options: CensusV2Options = {}): Promise<CensusV2Emulator> {
  const { port = 0, latency = 0, faults = [] } = options;
  const { api, world } = build(options, Date.now);
  const served = await serve(api, { port, latency, faults });
  const { url, commitDelayed, close } = served;
  return ownerOf(served, { url, commitDelayed, close, ...held(world) });
}

/** The same emulator without a socket, in the time of `clock`. Throws EmulatorInputError. */
export function openCensusV2(options: Omit<CensusV2Options, 'port'>, clock: Clock): CensusV2Owner & InProcess {
  const { latency = 0, faults = [] } = options;
  const { api, world } = build(options, clock.now);
  const opened = desk(api, { latency, faults, clock });
  return ownerOf(opened, { commitDelayed: clock.flush, ...inProcess(opened, clock), ...held(world) });
}

function build(options: CensusV2Options, moment: () => number): { readonly api: Api; readonly world: World } {
  const { token: personalAccessToken, workspaceToken: token, v2, ...rest } = options;
  const world = accountOf({ ...rest, token, personalAccessToken }, moment);
  const face: Face = { world, switches: { ...defaultV2, ...v2 }, pairs: new Map() };
  const older = olderRouter(allRoutes, world);
  const newer = router(routes, face);
  const { v1Retired } = face.switches;
  const handle: Api['handle'] = (exchange) => {
    if (!exchange.path.startsWith(olderPrefix)) return newer(exchange);
    return v1Retired === null ? older(exchange) : jsonReply(v1Retired, { status: v1Retired });
  };
  return { world, api: { prefixes: [olderPrefix, prefix], ...traitsOf(world), handle } };
}

function held(world: World) {
  const access = accessTo(world);
  const workspaceTokens = Object.fromEntries(access.workspaces().map(({ id, token }) => [String(id), token]));
  return { token: world.personalAccessToken, workspaceTokens, ...access };
}

const routes = [...syncRoutes, ...sourceRoutes, ...activationRoutes];
