import {
  type AccountAccess,
  accessTo,
  accountOf,
  allRoutes,
  type CensusV1Options,
  traitsOf,
} from '../census-v1/account.ts';
import { prefix as olderPrefix, router as olderRouter } from '../census-v1/router.ts';
import type { Clock } from '../clock.ts';
import { type Api, desk } from '../desk.ts';
import { jsonReply } from '../exchange.ts';
import { type InProcess, inProcess } from '../in-process.ts';
import { EmulatorInputError } from '../input-problem.ts';
import { idOf, type JsonObject } from '../json.ts';
import { type Owner, ownerOf, type Served } from '../owner.ts';
import { serve } from '../serve.ts';
import { accountProblems, pathProblems } from './account-problems.ts';
import { type Face, keepActivation } from './face.ts';
import { unshifted } from './ids.ts';
import { prefix, router } from './router.ts';
import { activationRoutes } from './routes/activations.ts';
import { datasetRoutes } from './routes/datasets.ts';
import { runRoutes } from './routes/runs.ts';
import { sourceRoutes } from './routes/sources.ts';
import { syncRoutes } from './routes/syncs.ts';
import { webhookRoutes } from './routes/webhooks.ts';
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
  const { api, face } = build(options, Date.now);
  const served = await serve(api, { port, latency, faults });
  const { url, commitDelayed, close } = served;
  return ownerOf(served, { url, commitDelayed, close, ...held(face) });
}

/** The same emulator without a socket, in the time of `clock`. Throws EmulatorInputError. */
export function openCensusV2(options: Omit<CensusV2Options, 'port'>, clock: Clock): CensusV2Owner & InProcess {
  const { latency = 0, faults = [] } = options;
  const { api, face } = build(options, clock.now);
  const opened = desk(api, { latency, faults, clock });
  return ownerOf(opened, { commitDelayed: clock.flush, ...inProcess(opened, clock), ...held(face) });
}

function build(options: CensusV2Options, moment: () => number): { readonly api: Api; readonly face: Face } {
  const { token: personalAccessToken, workspaceToken: token, v2, ...rest } = options;
  const world = accountOf({ ...rest, token, personalAccessToken }, moment);
  const face: Face = { world, switches: { ...defaultV2, ...v2 }, pairs: new Map() };
  const [problem] = [...pathProblems(face.switches.without, routes), ...accountProblems(face)];
  if (problem !== undefined) throw new EmulatorInputError(problem);
  return { face, api: { prefixes: [olderPrefix, prefix], ...traitsOf(world), handle: bothFaces(face) } };
}

/** What answers the requests of both versions. */
export function bothFaces(face: Face): Api['handle'] {
  const older = olderRouter(allRoutes, face.world);
  const newer = router(routes, face);
  const { v1Retired } = face.switches;
  return (exchange) => {
    const isOlder = exchange.path.startsWith(olderPrefix);
    if (isOlder && v1Retired !== null) return jsonReply(v1Retired, { status: v1Retired });
    if (exchange.method === 'DELETE' || exchange.method === 'PATCH') {
      const [, id] = /\/syncs\/(\d+)\/?$/u.exec(exchange.path) ?? [];
      keepActivation(face, isOlder ? idOf(id) : unshifted(face, 'sync', id));
    }
    return isOlder ? older(exchange) : newer(exchange);
  };
}

function held(face: Face) {
  const access = accessTo(face.world);
  const workspaceTokens = Object.fromEntries(access.workspaces().map(({ id, token }) => [String(id), token]));
  return {
    ...access,
    token: face.world.personalAccessToken,
    workspaceTokens,
    mutate: (id: number, patch: JsonObject) => {
      keepActivation(face, id);
      access.mutate(id, patch);
    },
    remove: (id: number) => {
      keepActivation(face, id);
      access.remove(id);
    },
  };
}

/** `GET /syncs/test_status` has to be tried before `GET /syncs/:id`. */
const routes = [...runRoutes, ...syncRoutes, ...sourceRoutes, ...activationRoutes, ...datasetRoutes, ...webhookRoutes];
