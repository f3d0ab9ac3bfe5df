import type { Http, HttpAnswer } from '../../http/client.ts';
import { isList, isObject, type Json, type JsonObject } from '../../model/json.ts';
import { type Call, misshapen } from './wire.ts';

/** Where a page stands in its collection, as far as the answer says. */
export interface Page {
  readonly items: readonly Json[];
  readonly last: number;
  /** undefined where the answer does not say. */
  readonly total: number | undefined;
}

export type Order = 'asc' | 'desc';

/** One page of a collection. `page` starts at 1; the API hands out at most 100 per page. */
export async function getPage(
  http: Http,
  path: string,
  query: { readonly page: number; readonly per_page: number; readonly order: Order },
): Promise<Page> {
  const answer = await http.request({ method: 'GET', path, query: { ...query } });
  const call = { method: 'GET', path };
  const body = envelope(answer, call);
  if (!isList(body.data)) throw misshapen(call, '/data', 'a list', body.data);
  const pagination = isObject(body.pagination) ? body.pagination : {};
  const total = typeof pagination.total_records === 'number' ? pagination.total_records : undefined;
  return { items: body.data, total, last: lastPage(pagination, query, body.data.length, total) };
}

/** Without `last_page` the other figures tell; without any, a full page means that there may be another. */
function lastPage(
  pagination: JsonObject,
  query: { readonly page: number; readonly per_page: number },
  length: number,
  total: number | undefined,
): number {
  const next = typeof pagination.next_page === 'number' ? pagination.next_page : 0;
  if (typeof pagination.last_page === 'number') return Math.max(pagination.last_page, next);
  if (total !== undefined) return Math.max(Math.ceil(total / query.per_page), next);
  if (pagination.next_page !== undefined) return Math.max(query.page, next);
  return length < query.per_page ? query.page : query.page + 1;
}

/** Every item of a collection, page after page. */
export async function getAll(http: Http, path: string): Promise<readonly Json[]> {
  const items: Json[] = [];
  let last = 1;
  for (let page = 1; page <= last; page += 1) {
    const answer = await getPage(http, path, { page, per_page: 100, order: 'asc' });
    items.push(...answer.items);
    last = Math.max(last, answer.last);
    if (answer.items.length === 0) break;
  }
  return items;
}

/** The body of an answer as an object. `status` in it is text or a number, depending on the mood of the endpoint: nobody reads it. */
export function envelope(answer: HttpAnswer, call: Call): JsonObject {
  if (!isObject(answer.body)) throw misshapen(call, 'the body', 'an object', answer.body);
  return answer.body;
}
