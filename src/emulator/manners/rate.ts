import type { Outcome } from '../exchange.ts';
import { everything, type Manner, type MannerKind, shaped } from './manner.ts';

/** Manners of a service that has had enough. */
export const rateKinds: Readonly<Record<string, MannerKind>> = {
  rate: shaped(
    everything,
    /^([1-9]\d{0,8})\/([1-9]\d{0,8})(\/silent)?$/u,
    'Write how many requests in how many milliseconds: rate=10/1000, or rate=10/1000/silent for a 429 without Retry-After.',
    ([most, window, silent]) => rate(Number(most), Number(window), silent !== undefined),
  ),
};

/** So many requests in each window are worked on, the others are answered 429. A window opens with its first request. */
function rate(most: number, window: number, silent: boolean): Manner {
  let opened = -Infinity;
  let taken = 0;
  return ({ now, failure }, exchange, next) => {
    if (now >= opened + window) {
      opened = now;
      taken = 0;
    }
    taken += 1;
    if (taken <= most) return next(exchange);
    return silent ? failure(429) : asking(failure(429), Math.ceil((opened + window - now) / 1000));
  };
}

function asking(outcome: Outcome, seconds: number): Outcome {
  if (outcome === 'drop') return outcome;
  return { ...outcome, headers: { ...outcome.headers, 'retry-after': String(seconds) } };
}
