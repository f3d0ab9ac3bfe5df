import { bearer, bodyOf, matcher, partsOf } from '../census-v1/match.ts';
import { notFound, success, unauthorised } from '../census-v1/reply.ts';
import type { Exchange, Reply } from '../exchange.ts';
import type { V2Route } from './call.ts';
import type { Face } from './face.ts';
import { worded } from './reply.ts';

export const prefix = '/api/v2';

/** Finds the route of a request, checks its credential and body, and calls it. The first route that fits wins. */
export function router(routes: readonly V2Route[], face: Face): (exchange: Exchange) => Reply {
  const match = matcher(routes);
  const { switches } = face;
  const missing = switches.without.map(pathPattern);
  return (exchange) => {
    const below = exchange.path.slice(prefix.length).replace(/\/$/u, '');
    const parts = partsOf(exchange.path, prefix);
    const hardly = { ...switches, softErrors: false };
    if (parts === undefined) return worded(notFound(), hardly);
    if (exchange.method === 'GET' && missing.some((one) => one.test(below))) return worded(notFound(), hardly);
    const found = match(exchange.method, parts);
    const isBase = parts.length === 0 && exchange.method === 'GET';
    if (found === undefined && !isBase) return worded(notFound(), hardly);
    if (bearer(exchange) !== face.world.personalAccessToken) {
      return isBase && exchange.authorization === undefined ? success({}) : worded(unauthorised(), hardly);
    }
    if (found === undefined) return success({});
    const body = bodyOf(exchange);
    if ('status' in body) return worded(body, hardly);
    return worded(found.route.handle({ face, exchange, params: found.params, body: body.value }), switches);
  };
}

/** A path in which `*` stands for one part. */
export function pathPattern(path: string): RegExp {
  const parts = path.split('/').map((part) => (part === '*' ? '[^/]+' : part.replace(/[.+^${}()|[\]\\?]/gu, '\\$&')));
  return new RegExp(`^${parts.join('/')}$`, 'u');
}
