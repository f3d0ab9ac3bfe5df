import type { Exchange, Reply } from '../exchange.ts';
import { isObject, type JsonObject } from '../json.ts';
import { refused } from './reply.ts';

interface Match<Route> {
  readonly route: Route;
  /** What stood in the path where the route has `:name`. */
  readonly params: Readonly<Record<string, string>>;
}

/** Finds the route of a method and the parts of a path. The first route that fits wins. */
export function matcher<Route extends { readonly on: string }>(
  routes: readonly Route[],
): (method: string, parts: readonly string[]) => Match<Route> | undefined {
  const compiled = routes.map((route) => {
    const [method = '', path = ''] = route.on.split(' ');
    return { route, method, names: path.split('/').slice(1) };
  });
  return (method, parts) => {
    const found = compiled.find((one) => one.method === method && fits(one.names, parts));
    return found === undefined ? undefined : { route: found.route, params: params(found.names, parts) };
  };
}

/** The decoded parts of a path below the prefix, one trailing slash aside; undefined where it is no such path. */
export function partsOf(path: string, prefix: string): readonly string[] | undefined {
  if (!path.startsWith(prefix)) return undefined;
  const parts = path.slice(prefix.length).replace(/\/$/u, '').split('/');
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

export function bearer(exchange: Exchange): string | undefined {
  return /^bearer\s+(\S+)\s*$/iu.exec(exchange.authorization ?? '')?.[1];
}

/** The body of a request, empty where none was sent; or the refusal of what is no JSON object. */
export function bodyOf(exchange: Exchange): { readonly value: JsonObject } | Reply {
  if (exchange.unreadable === 'too-large') return refused('The request body is too large', 413);
  if (exchange.unreadable === 'malformed') return refused('The request body is not valid JSON', 400);
  if (exchange.body === undefined) return { value: {} };
  return isObject(exchange.body) ? { value: exchange.body } : refused('The request body must be a JSON object', 400);
}
