import { allRoutes } from '../census-v1/account.ts';
import type { Route as V1Route, WorkspaceCall } from '../census-v1/call.ts';
import type { Quirks } from '../census-v1/quirks.ts';
import { notFound } from '../census-v1/reply.ts';
import { callOf, inWorkspace } from '../census-v1/router.ts';
import type { Source, Workspace } from '../census-v1/state.ts';
import type { Exchange, Reply } from '../exchange.ts';
import type { Json, JsonObject } from '../json.ts';
import { type Face, groupOf, isSeen, type Kept, sourceOfGroup } from './face.ts';
import { refused } from './reply.ts';

/** One authorised request, as a route of version 2 sees it. */
export interface V2Call {
  readonly face: Face;
  readonly exchange: Exchange;
  /** What stood in the path where the route has `:name`, decoded. */
  readonly params: Readonly<Record<string, string>>;
  /** Empty where none was sent. */
  readonly body: JsonObject;
}

/** `METHOD /path/:param` and what answers it. */
export interface V2Route {
  readonly on: string;
  readonly handle: (call: V2Call) => Reply;
}

export function route(on: string, handle: (call: V2Call) => Reply): V2Route {
  return { on, handle };
}

type OwnRoute = Extract<V1Route, { readonly scope: 'workspace' }>;

/** What version 1 has of its own: routes that want a workspace's key. */
export const olderRoutes: ReadonlyMap<string, OwnRoute> = new Map(
  allRoutes.flatMap((one) => (one.scope === 'workspace' ? [[one.on, one] as const] : [])),
);

interface Older {
  readonly workspace: Workspace;
  readonly params?: Readonly<Record<string, string>>;
  readonly body?: JsonObject;
  readonly query?: URLSearchParams;
  readonly quirks?: Partial<Quirks>;
}

/** What version 1 answers to a request for the same thing in one workspace. */
export function askOlder({ face, exchange, ...call }: V2Call, on: string, older: Older): Reply {
  const found = olderRoutes.get(on);
  if (found === undefined) return notFound();
  const { workspace, params = call.params, body = call.body, query = exchange.query } = older;
  const quirks = { ...face.world.quirks, errorStatus: 400, ...older.quirks } as const;
  const world = { ...face.world, quirks };
  const asked: WorkspaceCall = { ...callOf({ ...exchange, query }, { world, params, body }), workspace };
  return inWorkspace(found, asked, on.split(' ', 1)[0] ?? '');
}

/** Answers with the thing that was found, or says that there is none, or that it is not for the owner of the token. */
export function withKept<Thing>(
  { face }: V2Call,
  kept: Kept<Thing> | undefined,
  groupOf: (kept: Kept<Thing>) => string | undefined,
  reply: (kept: Kept<Thing>) => Reply,
): Reply {
  if (kept === undefined) return notFound();
  return isSeen(face, groupOf(kept)) ? reply(kept) : outOfSight(face);
}

/** Answers with the source of the group that a request names, or says that there is no such group. */
export function withGroup(face: Face, group: Json | undefined, reply: (source: Kept<Source>) => Reply): Reply {
  const source = sourceOfGroup(face, group);
  const isThere = source !== undefined && isSeen(face, groupOf(face, source.workspace, source.thing.id));
  if (isThere) return reply(source);
  if (source !== undefined && face.switches.hidden === 403) return outOfSight(face);
  return refused(`Invalid group_id: ${String(group)}`);
}

/** What is said of a thing that the owner of the token may not see. */
export function outOfSight({ switches }: Face): Reply {
  return switches.hidden === 403 ? refused('You do not have access to this group', 403) : notFound();
}
