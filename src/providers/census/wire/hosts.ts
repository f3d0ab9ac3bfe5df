import { createHttp, type Http, type HttpOptions } from '../../../http/client.ts';
import { Exit, SynclineError } from '../../../model/errors.ts';
import { type Secret, secret } from '../../../model/secret.ts';
import type { ConnectOptions } from '../../connect-options.ts';

/** How to reach the service, whatever the version of its API. */
export interface WireOptions extends ConnectOptions {
  /** Default: the public host of the region. */
  readonly baseUrl?: string | undefined;
  /** `us` (default) or `eu`. */
  readonly region?: string | undefined;
  /** Requests in flight at a time; default 8. */
  readonly concurrency?: number | undefined;
}

const hosts: Readonly<Record<string, string>> = {
  us: 'https://app.getcensus.com',
  eu: 'https://app-eu.getcensus.com',
};

/** Where people see what an API serves: at the public hosts the web app is at the same one. undefined at any other host. */
export function webApp(host: string): string | undefined {
  return Object.values(hosts).find((url) => url === `https://${host}`);
}

/** The public address of a region. @throws SynclineError (exit 3) where there is none */
export function publicHost(region = 'us'): string {
  const host = Object.hasOwn(hosts, region) ? hosts[region] : undefined;
  if (host !== undefined) return host;
  const hint = `Write one of: ${Object.keys(hosts).join(', ')}; or give \`base_url\`.`;
  throw invalid('unknown-region', `Census has no public API host for the region "${region}".`, hint);
}

/** A client that carries a token. @throws SynclineError (exit 3) for options that cannot work */
export function clientFor(
  options: WireOptions,
  token: Secret | string | undefined,
  { secrets = [], hint }: { readonly secrets?: readonly Secret[]; readonly hint: string },
): Http {
  const baseUrl = options.baseUrl ?? publicHost(options.region);
  if (token === undefined) throw invalid('missing-token', 'No token is given for Census.', hint);
  const settings: HttpOptions = {
    ...options,
    baseUrl,
    token: asSecret(token),
    secrets,
    concurrency: options.concurrency ?? 8,
  };
  return createHttp(settings);
}

export function asSecret(token: Secret | string): Secret {
  return typeof token === 'string' ? secret(token) : token;
}

export function invalid(code: string, message: string, hint: string): SynclineError {
  return new SynclineError(code, message, hint, Exit.invalid);
}
