import type { Exchange, Outcome } from '../exchange.ts';
import type { Call, Caller, Route } from './call.ts';
import { DecodeError } from './decode.ts';
import { readLinkToken } from './link-token.ts';
import { bad, failure, nothing, Stopped } from './reply.ts';
import type { World } from './state.ts';

interface Compiled {
  readonly route: Route;
  readonly method: string;
  readonly parts: readonly string[];
}

export interface RouterOptions {
  readonly routes: readonly Route[];
  readonly world: World;
  /** What an unknown key is answered. */
  readonly wrongKey: number;
}

/** Finds a request's route, then looks at its credential, and calls it. Paths are exact, slashes included. */
export function router({ routes, world, wrongKey }: RouterOptions): (exchange: Exchange) => Outcome {
  const compiled = routes.map(compile);
  return (exchange) => {
    const path = decodedPath(exchange.path);
    if (path === undefined) return failure(404);
    const clean = path.replace(/\/{2,}/gu, '/');
    if (clean !== path) return nothing(301, { location: `${encodeURI(clean)}${queryOf(exchange)}` });
    const parts = path.split('/').slice(1);
    const fitting = compiled.filter((one) => fits(one.parts, parts));
    if (fitting.length === 0) return failure(404);
    if (exchange.method === 'OPTIONS') return nothing();
    const match = fitting.find((one) => one.method === exchange.method);
    if (match === undefined) return nothing(405);
    return guarded(() => answer(match, parts, exchange, world, wrongKey));
  };
}

function answer(
  match: Compiled,
  parts: readonly string[],
  exchange: Exchange,
  world: World,
  wrongKey: number,
): Outcome {
  const { route } = match;
  const caller = callerOf(route.needs, exchange, world, wrongKey);
  if (route.needs === 'token' && caller.link === undefined) throw bad('must send link token');
  const call: Call = {
    world,
    caller,
    params: params(match.parts, parts),
    query: exchange.query,
    text: exchange.text,
  };
  return route.handle(call);
}

function callerOf(needs: Route['needs'], exchange: Exchange, world: World, wrongKey: number): Caller {
  if (needs === 'nothing') return { organisation: 0, key: undefined, link: undefined };
  const token = needs === 'key' ? '' : headerOf(exchange, 'x-link-token');
  const link = token === '' ? 'expired' : readLinkToken(token);
  if (link === 'malformed') throw new Stopped(failure(500));
  if (link !== 'expired') return link;
  const key = headerOf(exchange, 'x-api-key');
  if (key === '') throw new Stopped(failure(401));
  const organisation = world.keys.get(key);
  if (organisation === undefined) throw new Stopped(failure(wrongKey));
  return { organisation, key, link: undefined };
}

function headerOf(exchange: Exchange, name: string): string {
  const value = exchange.headers[name];
  return typeof value === 'string' ? value : '';
}

function guarded(work: () => Outcome): Outcome {
  try {
    return work();
  } catch (error) {
    if (error instanceof Stopped) return error.outcome;
    if (error instanceof DecodeError) return failure(500);
    throw error;
  }
}

function compile(route: Route): Compiled {
  const [method = '', path = ''] = route.on.split(' ');
  return { route, method, parts: path.split('/').slice(1) };
}

/** A percent-encoded slash counts as a slash. */
function decodedPath(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}

function queryOf(exchange: Exchange): string {
  const query = exchange.query.toString();
  return query === '' ? '' : `?${query}`;
}

function fits(names: readonly string[], parts: readonly string[]): boolean {
  return (
    names.length === parts.length &&
    names.every((name, index) => (name.startsWith(':') ? parts[index] !== '' : name === parts[index]))
  );
}

function params(names: readonly string[], parts: readonly string[]): Record<string, string> {
  const found: Record<string, string> = {};
  names.forEach((name, index) => {
    if (name.startsWith(':')) found[name.slice(1)] = parts[index] ?? '';
  });
  return found;
}
