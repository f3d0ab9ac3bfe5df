import type { Exchange, Outcome } from '../exchange.ts';
import { isObject, objectIn } from '../json.ts';
import { changed } from './answered.ts';
import type { Past } from './backstage.ts';
import { everything, type Manner, type MannerKind, plain, shaped, type Turn, writes } from './manner.ts';

const idHint = 'Write the id of a sync, or leave it out for the oldest one.';
const id = /^(\d{1,15})?$/u;

/** Manners in which the answer and the state behind it do not agree. */
export const stateKinds: Readonly<Record<string, MannerKind>> = {
  'not-done': plain(writes, (turn, exchange, next) => takenBack(turn, () => next(exchange))),
  'known-id': shaped(['POST'], id, idHint, ([known]) => (turn, exchange, next) => {
    const named = nameOf(known, turn);
    return withId(
      takenBack(turn, () => next(exchange)),
      named,
      exchange,
    );
  }),
  'commit-known-id': shaped(['POST'], id, idHint, ([known]) => (turn, exchange, next) => {
    const named = nameOf(known, turn);
    return withId(next(exchange), named, exchange);
  }),
  stale: {
    remembers: true,
    ...shaped(
      ['GET', 'PATCH'],
      /^(?:(\d{1,9})(ms)?)?$/u,
      'Write how many reads after each write are stale (stale=3), for how long (stale=2000ms), or nothing for every read.',
      ([number, ms]) => (ms === undefined ? staleReads(number) : staleFor(Number(number))),
    ),
  },
  gone: shaped(
    everything,
    /^(?:(100|\d{1,2})%|(\d[\d,]*))?$/u,
    'Write nothing for all syncs, ids (gone=12,13) or a share (gone=50%).',
    ([share, ids]) => gone(hides(share, ids)),
  ),
  twin: plain(['POST'], (_turn, exchange, next) => {
    next(exchange);
    return next(exchange);
  }),
  foreign: shaped(everything, /^(.*)$/u, 'Write the label of the sync.', ([label]) => (turn, exchange, next) => {
    turn.backstage.copyNewest(label === '' || label === undefined ? `Made by somebody else ${turn.hit}` : label);
    return next(exchange);
  }),
};

function takenBack(turn: Turn, work: () => Outcome): Outcome {
  const past = turn.backstage.save();
  const outcome = work();
  turn.backstage.restore(past);
  return outcome;
}

/** Asked before the work: the sync that the request makes is not known yet. */
function nameOf(known: string | undefined, turn: Turn): number | undefined {
  return known === undefined ? turn.backstage.ids()[0] : Number(known);
}

/** A create's answer with another id. Where there is no sync yet, the answer is left alone. */
function withId(outcome: Outcome, named: number | undefined, { path }: Exchange): Outcome {
  if (named === undefined) return outcome;
  return changed(outcome, ({ data, sync, ...answer }) => {
    if (isObject(sync)) return { ...answer, data, sync: { ...sync, id: named } };
    if (!isObject(data)) return { ...answer, data, sync };
    if (data.sync_id !== undefined) return { ...answer, data: { ...data, sync_id: named } };
    return { ...answer, data: path.endsWith('/syncs') && data.id !== undefined ? { ...data, id: named } : data };
  });
}

/** So many reads after each change show what was before it; all of them where there is no number. */
function staleReads(number: string | undefined): Manner {
  let since = -1;
  let used = 0;
  return stale(({ memory }) => {
    if (memory.changes !== since) used = 0;
    since = memory.changes;
    used += 1;
    return number === undefined || used <= Number(number) ? memory.last() : undefined;
  });
}

function staleFor(milliseconds: number): Manner {
  return stale(({ memory, now }) => memory.at(now - milliseconds));
}

function stale(pastOf: (turn: Turn) => Past | undefined): Manner {
  return (turn, exchange, next) => {
    if (exchange.method !== 'GET') return staleWrite(turn, exchange, next);
    const past = pastOf(turn);
    return past === undefined ? next(exchange) : seenIn(past, turn, () => next(exchange));
  };
}

/** The work is done, and the answer shows the sync as it was before. */
function staleWrite(turn: Turn, exchange: Exchange, next: (exchange: Exchange) => Outcome): Outcome {
  const past = turn.backstage.save();
  const outcome = next(exchange);
  const before = seenIn(past, turn, () => next({ ...exchange, method: 'GET', body: undefined, text: '' }));
  const data = before === 'drop' ? undefined : objectIn(before.text)?.data;
  return changed(outcome, (answer) => (isObject(answer.data) && isObject(data) ? { ...answer, data } : answer));
}

function seenIn(past: Past, turn: Turn, work: () => Outcome): Outcome {
  const present = turn.backstage.save();
  turn.backstage.restore(past);
  try {
    return work();
  } finally {
    turn.backstage.restore(present);
  }
}

function hides(share: string | undefined, ids: string | undefined): (id: number) => boolean {
  const named = new Set((ids ?? '').split(',').map(Number));
  if (ids !== undefined) return (one) => named.has(one);
  return share === undefined ? () => true : (one) => scattered(one) < Number(share);
}

/** A number from 0 to 99 that depends on the id alone, so that the same ones are gone at each read. */
function scattered(one: number): number {
  return (Math.imul(one, 2_654_435_761) >>> 16) % 100;
}

function gone(isHidden: (id: number) => boolean): Manner {
  return (turn, exchange, next) => {
    const bringBack = turn.backstage.hide(isHidden);
    try {
      return next(exchange);
    } finally {
      bringBack();
    }
  };
}
