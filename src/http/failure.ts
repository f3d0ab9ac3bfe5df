import { type Fate, ProviderError } from '../model/errors.ts';

/** One request as error messages name it. */
export interface RequestName {
  readonly method: string;
  readonly path: string;
}

type Redact = (text: string) => string;

/** A failed attempt, and what the retry policy has to know about it. */
export interface Failure {
  readonly error: ProviderError;
  /** `limited`: 429. `broken`: 5xx, timeout, lost or unreadable answer. `offline`: nothing was sent, and it may work in a moment. */
  readonly reason: 'limited' | 'broken' | 'offline' | 'final';
  /** The `Retry-After` header as it came. */
  readonly retryAfter: string | undefined;
}

/** Every failed request ends here: one sentence with method, path, what happened and the service's own words, redacted. */
export function providerError(
  name: RequestName,
  what: string,
  facts: {
    readonly status?: number;
    readonly serverMessage?: string | undefined;
    readonly fate: Fate;
    readonly doubt?: 'trust' | undefined;
  },
  redact: Redact,
): ProviderError {
  const said = facts.serverMessage === undefined ? undefined : redact(facts.serverMessage);
  return new ProviderError(redact(`${name.method} ${name.path} ${what}${said === undefined ? '' : `: "${said}"`}`), {
    ...name,
    status: facts.status,
    serverMessage: said,
    fate: facts.fate,
    doubt: facts.doubt,
  });
}

/** The failure that an answer outside 2xx is. A redirect of a write may follow something that was done, so nobody knows. */
export function fromStatus(
  name: RequestName,
  status: number,
  serverMessage: string | undefined,
  host: string,
  redact: Redact,
): Omit<Failure, 'retryAfter'> {
  const fate = status >= 400 && status < 500 ? 'refused' : 'unknown';
  const error = providerError(
    name,
    `answered ${status}${explained(status, host)}`,
    { status, serverMessage, fate },
    redact,
  );
  if (status === 429) return { error, reason: 'limited' };
  return { error, reason: status >= 500 ? 'broken' : 'final' };
}

function explained(status: number, host: string): string {
  if (status === 401) return ` (the token was rejected by ${host})`;
  if (status === 403) return ` (the token lacks the rights for this on ${host})`;
  return status >= 300 && status < 400 ? ' (a redirect, which is never followed: check the base URL)' : '';
}

/** The failure that no answer, or half an answer, is. */
export function fromException(name: RequestName, exception: unknown, redact: Redact): Omit<Failure, 'retryAfter'> {
  const code = codeOf(exception);
  const unsent = isUnsent(exception);
  const fate = unsent ? 'unsent' : 'unknown';
  const doubt = isUntrusted(exception) ? 'trust' : undefined;
  const error = providerError(name, `got no answer (${described(exception, code)})`, { fate, doubt }, redact);
  if (!unsent) return { error, reason: 'broken' };
  return { error, reason: temporary.has(code ?? '') ? 'offline' : 'final' };
}

function described(exception: unknown, code: string | undefined): string {
  if (exception instanceof Error && exception.name === 'TimeoutError') return 'timed out';
  const message = exception instanceof Error && exception.message !== '' ? exception.message : 'unknown error';
  return code === undefined || message.includes(code) ? message : `${code}: ${message}`;
}

function codeOf(exception: unknown): string | undefined {
  if (!(exception instanceof Error) || !('code' in exception)) return undefined;
  return typeof exception.code === 'string' ? exception.code : undefined;
}

/** Connecting may work in a moment; a wrong certificate or a name that does not exist stays. */
const temporary: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/**
 * Proof that not a byte of the request left: the name was not found, no connection came about, or this side refused the
 * certificate. A connection that was reset is no proof.
 */
function isUnsent(exception: unknown): boolean {
  if (exception instanceof AggregateError && exception.errors.length > 0) return exception.errors.every(isUnsent);
  const code = codeOf(exception);
  if (code === undefined) return false;
  if (isUntrusted(exception) || code.startsWith('CERT_')) return true;
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID' || code === 'UND_ERR_CONNECT_TIMEOUT') return true;
  const call = exception instanceof Error && 'syscall' in exception ? exception.syscall : undefined;
  return call === 'connect' || call === 'getaddrinfo';
}

/** Was the certificate refused because nobody here vouches for who signed it? */
function isUntrusted(exception: unknown): boolean {
  return /^(UNABLE_TO_|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT|CERT_UNTRUSTED)/.test(codeOf(exception) ?? '');
}
