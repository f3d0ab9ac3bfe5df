import type { Exchange, Reply } from '../exchange.ts';
import type { JsonObject } from '../json.ts';
import type { Call, Route, WorkspaceCall } from './call.ts';
import { bearer, bodyOf, matcher, partsOf } from './match.ts';
import { forbidden, notFound, success, unauthorised } from './reply.ts';
import type { Workspace, World } from './state.ts';

export const prefix = '/api/v1';

/** Finds the route of a request, checks its credential and body, and calls it. The first route that fits wins. */
export function router(routes: readonly Route[], world: World): (exchange: Exchange) => Reply {
  const match = matcher(routes);
  return (exchange) => {
    const parts = partsOf(exchange.path, prefix);
    if (parts === undefined) return notFound();
    if (parts.length === 0) return reachable(exchange, world);
    const found = match(exchange.method, parts);
    return found === undefined ? notFound() : answer(found.route, found.params, exchange, world);
  };
}

function answer(route: Route, params: Readonly<Record<string, string>>, exchange: Exchange, world: World): Reply {
  const token = bearer(exchange);
  const workspace = workspaceOf(world, token);
  const personal = token === world.personalAccessToken;
  if (workspace === undefined && !personal) return unauthorised();
  const body = bodyOf(exchange);
  if ('status' in body) return body;
  const call = callOf(exchange, { world, params, body: body.value });
  if (route.scope === 'organisation') {
    return personal ? route.handle(call) : forbidden('This API needs a personal access token');
  }
  if (workspace === undefined) return forbidden('This API needs the API key of a workspace');
  return inWorkspace(route, { ...call, workspace }, exchange.method);
}

/** What a route of a workspace answers. */
export function inWorkspace(
  route: Extract<Route, { readonly scope: 'workspace' }>,
  call: WorkspaceCall,
  method: string,
): Reply {
  const reply = route.handle(call);
  // Syncs are replaced when they change; only what they are made of makes the others' answers stale.
  if (method !== 'GET' && !/^\S+ \/syncs\b/u.test(route.on)) call.workspace.revision.value += 1;
  return reply;
}

interface Asked {
  readonly world: World;
  readonly params: Readonly<Record<string, string>>;
  readonly body: JsonObject;
}

/** A request as a handler sees it. */
export function callOf({ origin, path, query }: Exchange, { world, params, body }: Asked): Call {
  return { world, quirks: world.quirks, params, query, address: `${origin}${path}`, body };
}

function workspaceOf(world: World, token: string | undefined): Workspace | undefined {
  return token === undefined ? undefined : world.workspaces.all().find((one) => one.api_key === token);
}

/** The bare base path says that the service is there; a credential is not needed, but a wrong one is refused. */
function reachable(exchange: Exchange, world: World): Reply {
  if (exchange.method !== 'GET') return notFound();
  const token = bearer(exchange);
  const known = token === world.personalAccessToken || workspaceOf(world, token) !== undefined;
  return exchange.authorization === undefined || known ? success({}) : unauthorised();
}
