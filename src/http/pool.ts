import { EnvHttpProxyAgent, Pool } from 'undici';
import type { BaseUrl } from './base-url.ts';
import type { HttpOptions } from './client.ts';
import type { Connections, Held } from './connections.ts';
import { lastCheck } from './last-check.ts';

/**
 * The connections of a client: as many to this host, and by this proxy, as `limit` says, together with all who came while that was
 * the limit; or the caller's own, which stay open.
 */
export function poolFor({ dispatcher, proxy }: HttpOptions, base: BaseUrl, ways: Connections, limit: number): Held {
  if (dispatcher !== undefined) return { dispatcher, letGo: async () => undefined };
  const { origin } = base;
  const settings = { connections: limit, pipelining: 1 };
  if (proxy === undefined || base.loopback) {
    return ways.take(`${origin} ${limit}`, () => new Pool(origin, settings).compose(lastCheck));
  }
  // Empty text keeps the agent from looking into the environment by itself.
  const { url, noProxy = '' } = proxy;
  const agent = { ...settings, httpProxy: '', httpsProxy: url, noProxy };
  const name = JSON.stringify([origin, limit, url, noProxy]);
  return ways.take(name, () => new EnvHttpProxyAgent(agent).compose(lastCheck));
}
