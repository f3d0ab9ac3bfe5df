import { isLoopback, type UrlMistake, urlMistake } from '../model/base-url.ts';
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
  const mistake = urlMistake(text);
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'http:' && !isLoopback(url.hostname)) throw insecure(url.host);
  if (mistake !== undefined || url === undefined) throw invalid(mistake);
  const { origin, pathname, host, hostname } = url;
  return { origin, prefix: pathname.replace(/\/+$/, ''), host, loopback: isLoopback(hostname) };
}

function invalid(mistake: UrlMistake | undefined): SynclineError {
  const { fact = 'is not a web address', hint = '' } = mistake ?? {};
  return new SynclineError('invalid-base-url', `The base URL ${fact}.`, hint, Exit.invalid);
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
