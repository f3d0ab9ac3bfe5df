import type { Reply } from '../exchange.ts';
import type { JsonObject } from '../json.ts';

/** Query of every list: `page` from 1, `per_page` up to 100, `order` by creation. */
interface Window {
  readonly page: number;
  readonly perPage: number;
  readonly descending: boolean;
}

/** One page of a list: its things as JSON, and where it stands. */
interface Page {
  readonly data: string;
  readonly pagination: JsonObject;
  readonly next: number | null;
  readonly perPage: number;
}

/**
 * One page of a list in the list envelope. `items` stand oldest first; `text` writes one of them as JSON.
 * `address` is the list's own URL, for the deprecated `next`.
 */
export function page<T>(
  items: readonly T[],
  query: URLSearchParams,
  address: string,
  text: (item: T) => string,
): Reply {
  const { data, pagination, next, perPage } = pageOf(items, query, text);
  const link = next === null ? null : `${address}?${nextQuery(query, next, perPage)}`;
  return {
    status: 200,
    text: `{"status":"success","data":${data},"pagination":${JSON.stringify(pagination)},"next":${JSON.stringify(link)}}`,
  };
}

/** The page that a query asks for. `items` stand oldest first; `text` writes one of them as JSON. */
export function pageOf<T>(items: readonly T[], query: URLSearchParams, text: (item: T) => string): Page {
  const window = windowOf(query);
  const last = Math.max(1, Math.ceil(items.length / window.perPage));
  const previous = window.page > 1 ? Math.min(window.page - 1, last) : null;
  const next = window.page < last ? window.page + 1 : null;
  const pagination = {
    total_records: items.length,
    per_page: window.perPage,
    prev_page: previous,
    page: window.page,
    next_page: next,
    last_page: last,
  };
  const data = slice(items, window).map(text).join(',');
  return { data: `[${data}]`, pagination, next, perPage: window.perPage };
}

function windowOf(query: URLSearchParams): Window {
  const page = whole(query.get('page'), 1);
  const perPage = Math.min(whole(query.get('per_page'), 25), 100);
  return { page, perPage, descending: query.get('order')?.toLowerCase() !== 'asc' };
}

/** What is no number from 1 upwards (0 too) means the default. */
function whole(text: string | null, otherwise: number): number {
  return text !== null && /^\d{1,9}$/u.test(text) && Number(text) > 0 ? Number(text) : otherwise;
}

function slice<T>(items: readonly T[], { page, perPage, descending }: Window): readonly T[] {
  const start = (page - 1) * perPage;
  if (!descending) return items.slice(start, start + perPage);
  const end = Math.max(0, items.length - start);
  return items.slice(Math.max(0, end - perPage), end).reverse();
}

function nextQuery(query: URLSearchParams, next: number, perPage: number): string {
  const changed = new URLSearchParams(query);
  changed.set('page', String(next));
  changed.set('per_page', String(perPage));
  return changed.toString();
}
