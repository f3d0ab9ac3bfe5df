import type { Clock } from '../clock.ts';
import { type Api, desk } from '../desk.ts';
import { type InProcess, inProcess } from '../in-process.ts';
import { type Owner, ownerOf, type Served } from '../owner.ts';
import { serve } from '../serve.ts';
import { type AccountAccess, accessTo, accountOf, allRoutes, type CensusV1Options, traitsOf } from './account.ts';
import { prefix, router } from './router.ts';
import type { World } from './state.ts';

export type { CensusV1Options } from './account.ts';

/** What any emulator of this API lets its owner do, served or not. */
export interface CensusOwner extends Owner, AccountAccess {}

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
  const world = accountOf(options, moment);
  return { world, api: { prefixes: [prefix], ...traitsOf(world), handle: router(allRoutes, world) } };
}

function held(world: World) {
  const token = world.workspaces.all()[0]?.api_key ?? '';
  return { token, ...accessTo(world) };
}
