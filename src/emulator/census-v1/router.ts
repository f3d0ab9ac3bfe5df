import type { Exchange, Reply } from '../exchange.ts';
import { isObject, type JsonObject } from '../json.ts';
import type { Call, Route } from './call.ts';
import { forbidden, notFound, refused, success, unauthorised } from './reply.ts';
import type { Workspace, World } from './state.ts';

export const prefix = '/api/v1';

interface Compiled {
  readonly route: Route;
  readonly method: string;
  readonly parts: readonly string[];
}

/** Finds the route of a request, checks its credential and body, and calls it. The first route that fits wins. */
export function router(routes: readonly Route[], world: World): (exchange: Exchange) => Reply {
  const compiled = routes.map(compile);
  return (exchange) => {
    if (!exchange.path.startsWith(prefix)) return notFound();
    const parts = split(exchange.path.slice(prefix.length));
    if (parts === undefined) return notFound();
    if (parts.length === 0) return reachable(exchange, world);
    const match = compiled.find((one) => one.method === exchange.method && fits(one.parts, parts));
    if (match === undefined) return notFound();
    return answer(match, parts, exchange, world);
  };
}

function answer({ route, parts: names }: Compiled, parts: readonly string[], exchange: Exchange, world: World): Reply {
  const token = bearer(exchange);
  const workspace = workspaceOf(world, token);
  const personal = token === world.personalAccessToken;
  if (workspace === undefined && !personal) return unauthorised();
  const body = bodyOf(exchange);
  if ('status' in body) return body;
  const address = `${exchange.origin}${exchange.path}`;
  const call: Call = {
    world,
    quirks: world.quirks,
    params: params(names, parts),
    query: exchange.query,
    address,
    body: body.value,
  };
  if (route.scope === 'organisation') {
    return personal ? route.handle(call) : forbidden('This API needs a personal access token');
  }
  if (workspace === undefined) return forbidden('This API needs the API key of a workspace');
  const reply = route.handle({ ...call, workspace });
  // Syncs are replaced when they change; only what they are made of makes the others' answers stale.
  if (exchange.method !== 'GET' && parts[0] !== 'syncs') workspace.revision.value += 1;
  return reply;
}

function compile(route: Route): Compiled {
  const [method = '', path = ''] = route.on.split(' ');
  return { route, method, parts: path.split('/').slice(1) };
}

/** The decoded parts of a path, one trailing slash aside; undefined where it cannot be decoded. */
function split(path: string): readonly string[] | undefined {
  const parts = path.replace(/\/$/u, '').split('/');
  if (parts[0] !== '') return undefined;
  try {
    return parts.slice(1).map(decodeURIComponent);
  } catch {
    return undefined;
  }
}

function fits(names: readonly string[], parts: readonly string[]): boolean {
  return names.length === parts.length && names.every((name, index) => name.startsWith(':') || name === parts[index]);
}

function params(names: readonly string[], parts: readonly string[]): Record<string, string> {
  const found: Record<string, string> = {};
  names.forEach((name, index) => {
    if (name.startsWith(':')) found[name.slice(1)] = parts[index] ?? '';
  });
  return found;
}

function bearer(exchange: Exchange): string | undefined {
  return /^bearer\s+(\S+)\s*$/iu.exec(exchange.authorization ?? '')?.[1];
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

function bodyOf(exchange: Exchange): { readonly value: JsonObject } | Reply {
  if (exchange.unreadable === 'too-large') return refused('The request body is too large', 413);
  if (exchange.unreadable === 'malformed') return refused('The request body is not valid JSON', 400);
  if (exchange.body === undefined) return { value: {} };
  return isObject(exchange.body) ? { value: exchange.body } : refused('The request body must be a JSON object', 400);
}
