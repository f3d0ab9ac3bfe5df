import type { Exchange, Outcome } from '../exchange.ts';
import { isObject, type JsonObject, listAt, objectAt, objectIn } from '../json.ts';
import { changed } from './answered.ts';
import { type Manner, type MannerKind, plain, reads, shaped } from './manner.ts';

const count = /^(\d{1,9})$/u;

/** Manners of lists that come in pages. */
export const pageKinds: Readonly<Record<string, MannerKind>> = paged({
  'page-size': shaped(
    reads,
    /^([1-9]\d{0,8})$/u,
    'Write the most that a page holds, for example page-size=10.',
    ([most]) => smaller(Number(most)),
  ),
  'page-ignored': plain(reads, (_turn, exchange, next) => next(asking(exchange, { page: undefined }))),
  'page-endless': shaped(
    reads,
    /^(repeat)?$/u,
    'Write page-endless, or page-endless=repeat to have the last page again.',
    ([repeat]) => endless(repeat !== undefined),
  ),
  'page-shift': shaped(reads, /^(-?[1-9]\d{0,8})$/u, 'Write by how many, for example page-shift=1 or -1.', ([by]) =>
    shift(Number(by)),
  ),
  'page-empty': plain(reads, (_turn, exchange, next) =>
    changed(next(exchange), (answer) => (isObject(answer.pagination) ? { ...answer, data: [] } : answer)),
  ),
  total: shaped(
    reads,
    /^([+-]?)(\d{1,9})$/u,
    'Write a number, or + or - and by how many it is wrong: total=7, total=+3.',
    ([sign, number]) => total(sign ?? '', Number(number)),
  ),
  'last-page': shaped(
    reads,
    count,
    'Write a number, for example last-page=1.',
    ([last]) =>
      (_turn, exchange, next) =>
        paging(next(exchange), () => ({ last_page: Number(last) })),
  ),
});

function paged(kinds: Readonly<Record<string, MannerKind>>): Readonly<Record<string, MannerKind>> {
  return Object.fromEntries(Object.entries(kinds).map(([name, kind]) => [name, { ...kind, wants: 'pages' }]));
}

function asking(exchange: Exchange, change: Readonly<Record<string, string | undefined>>): Exchange {
  const query = new URLSearchParams(exchange.query);
  for (const [key, value] of Object.entries(change)) {
    if (value === undefined) query.delete(key);
    else query.set(key, value);
  }
  return { ...exchange, query };
}

/** Changes the `pagination` of an answer that has one. */
function paging(outcome: Outcome, change: (pagination: JsonObject) => JsonObject): Outcome {
  return changed(outcome, (answer) => {
    const pagination = objectAt(answer, 'pagination');
    return isObject(answer.pagination) ? { ...answer, pagination: { ...pagination, ...change(pagination) } } : answer;
  });
}

function smaller(most: number): Manner {
  return (_turn, exchange, next) => {
    const asked = Number(exchange.query.get('per_page') ?? 25);
    return next(asking(exchange, { per_page: String(asked > 0 ? Math.min(asked, most) : most) }));
  };
}

/** There is always a next page: an empty one, or the last one again. */
function endless(repeat: boolean): Manner {
  return (_turn, exchange, next) => {
    const page = pageOf(exchange);
    let answer = next(exchange);
    if (repeat && page > 1 && answer !== 'drop' && isEmpty(answer.text)) {
      answer = next(asking(exchange, { page: String(lastOf(answer.text)) }));
    }
    return paging(answer, () => ({ page, next_page: page + 1, last_page: 1_000_000 }));
  };
}

function isEmpty(text: string): boolean {
  return listAt(objectIn(text) ?? {}, 'data').length === 0;
}

function lastOf(text: string): number {
  return Number(objectAt(objectIn(text) ?? {}, 'pagination').last_page ?? 1);
}

/**
 * As if, before each page after the first, so many syncs that were shown already had been deleted: as many that were
 * not shown are skipped. Below zero, as if so many had come in front after the first page: they push what it showed on.
 */
function shift(by: number): Manner {
  return (turn, exchange, next) => {
    const page = pageOf(exchange);
    const oldestFirst = turn.backstage.ids();
    const walked = exchange.query.get('order')?.toLowerCase() === 'asc' ? oldestFirst : [...oldestFirst].reverse();
    const gone = by > 0 ? by * (page - 1) : page === 1 ? -by : 0;
    const hidden = new Set(walked.slice(0, gone));
    const bringBack = turn.backstage.hide((id) => hidden.has(id));
    try {
      return next(exchange);
    } finally {
      bringBack();
    }
  };
}

function pageOf(exchange: Exchange): number {
  const page = Number(exchange.query.get('page') ?? 1);
  return Number.isInteger(page) && page > 0 ? page : 1;
}

function total(sign: string, number: number): Manner {
  return (_turn, exchange, next) =>
    paging(next(exchange), ({ total_records: real }) => ({
      total_records: sign === '' ? number : Math.max(0, Number(real ?? 0) + (sign === '+' ? number : -number)),
    }));
}
