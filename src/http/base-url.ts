import { Exit, SynclineError } from '../model/errors.ts';

/** Where requests go: the origin, and a path prefix without a trailing slash. */
export interface BaseUrl {
  readonly origin: string;
  /** Empty, or starts with `/`. */
  readonly prefix: string;
  /** Host with its port where that is not the scheme's own. */
  readonly host: string;
  readonly loopback: boolean;
}

/**
 * Reads a base URL. A token may travel over TLS or to this machine only, so any other `http:` address is refused, and so is
 * one that carries credentials of its own. Throws a SynclineError (exit 3).
 */
export function parseBaseUrl(text: string): BaseUrl {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw invalid('The base URL is not an http or https address.');
  }
  if (url.username !== '' || url.password !== '') throw invalid('The base URL holds a user name or a password.');
  if (url.search !== '' || url.hash !== '') throw invalid('The base URL has a query or a fragment.');
  const loopback = isLoopback(url.hostname);
  if (url.protocol === 'http:' && !loopback) throw insecure(url.host);
  return { origin: url.origin, prefix: url.pathname.replace(/\/+$/, ''), host: url.host, loopback };
}

/** 127.0.0.0/8, ::1 and localhost. The URL parser has already turned other spellings of an IPv4 address into dotted form. */
function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

function invalid(message: string): SynclineError {
  const hint = 'Write scheme, host and path only, for example https://app.getcensus.com.';
  return new SynclineError('invalid-base-url', message, hint, Exit.invalid);
}

function insecure(host: string): SynclineError {
  const message = `The token would travel to ${host} without TLS.`;
  return new SynclineError(
    'insecure-base-url',
    message,
    'Use https; plain http is for this machine alone.',
    Exit.invalid,
  );
}
