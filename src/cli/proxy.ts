import { Exit, SynclineError } from '../model/errors.ts';
import type { Io } from './io.ts';

/** The proxy that requests go through. */
export interface ProxyAddress {
  readonly url: string;
  readonly noProxy: string | undefined;
}

/**
 * The proxy of `HTTPS_PROXY` or `https_proxy`; undefined where neither is set. `host:port` means http, empty text counts as unset.
 * @throws SynclineError (exit 3) that names the variable, and never its value: a password may stand in it.
 */
export function proxyOf(env: Io['env']): ProxyAddress | undefined {
  const name = firstSet(env, ['HTTPS_PROXY', 'https_proxy']);
  if (name === undefined) return undefined;
  const noProxy = firstSet(env, ['NO_PROXY', 'no_proxy']);
  const url = addressIn(env[name]?.trim() ?? '');
  if (url === undefined) throw unusable(name);
  return { url, noProxy: noProxy === undefined ? undefined : env[noProxy] };
}

function firstSet(env: Io['env'], names: readonly string[]): string | undefined {
  return names.find((name) => (env[name] ?? '').trim() !== '');
}

function addressIn(value: string): string | undefined {
  const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? value : `http://${value}`;
  if (/[\s\0]/.test(text) || !URL.canParse(text)) return undefined;
  const { protocol, hostname, username, password, href } = new URL(text);
  if ((protocol !== 'http:' && protocol !== 'https:') || hostname === '') return undefined;
  return isDecodable(username) && isDecodable(password) ? href : undefined;
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

function unusable(name: string): SynclineError {
  return new SynclineError(
    'bad-proxy',
    `The environment variable ${name} is not the address of a proxy that can be used.`,
    'Write it as http://HOST:PORT or HOST:PORT (% in a password as %25; socks is not supported), or unset it.',
    Exit.invalid,
  );
}
