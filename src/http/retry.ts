import type { Failure } from './failure.ts';

/** How often a request is sent at most. */
export const maxTries = 5;

const first = 500;
const longest = 90_000;

/** What may be sent again after which failure. */
interface Repeat {
  /** May it be carried out twice without harm: GET, DELETE, a PATCH that says the same both times. */
  readonly repeatable: boolean;
}

/**
 * Milliseconds to wait before the next try, or undefined where there must be none. Requests that never left may always be sent
 * again; after anything else only what can be repeated. (429 is the shared back-off's.) `random` is in [0, 1).
 */
export function waitBefore(
  failure: Failure,
  tries: number,
  repeat: Repeat,
  clock: { readonly now: number; readonly random: number },
): number | undefined {
  if (tries >= maxTries || failure.reason === 'final') return undefined;
  if (failure.reason === 'broken' && !repeat.repeatable) return undefined;
  const asked = retryAfter(failure.retryAfter, clock.now);
  // Callers that were turned away together must not come back together.
  if (asked !== undefined) return Math.min(asked, longest) + Math.round(clock.random * 250);
  return Math.round(Math.min(first * 2 ** (tries - 1), longest) * (0.8 + clock.random * 0.4));
}

/** `Retry-After` in milliseconds from now: seconds, or an HTTP date. */
export function retryAfter(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  const text = header.trim();
  if (/^\d+(\.\d+)?$/.test(text)) return Math.round(Number(text) * 1000);
  const date = /[a-z]{3}/i.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/** Waits, or returns early when the signal is aborted. */
export async function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  if (signal?.aborted) return;
  await new Promise<void>((done) => {
    const finish = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', finish);
      done();
    };
    const timer = setTimeout(finish, milliseconds);
    signal?.addEventListener('abort', finish, { once: true });
  });
}
