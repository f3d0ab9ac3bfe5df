import { jsonOf } from '../../../http/answer.ts';
import type { Http, HttpAnswer } from '../../../http/client.ts';
import { Exit, ProviderError, SynclineError } from '../../../model/errors.ts';
import { isList, isObject, type Json, type JsonObject } from '../../../model/json.ts';
import { type Call, misshapen } from '../../../wire/answer.ts';
import { asObject, isSet } from '../../../wire/json.ts';

/** One page of a collection, and where it stands in it as far as its own figures say. */
export interface Page {
  readonly number: number;
  readonly items: readonly Json[];
  /** The last page that there is, or may be. */
  readonly last: number;
  /** undefined where the answer does not say. */
  readonly total: number | undefined;
}

interface Query {
  readonly page: number;
  readonly per_page: number;
  readonly order: 'asc' | 'desc';
}

/** One page. `page` starts at 1; the API hands out at most 100 items per page. Figures of a wrong type say nothing. */
export async function getPage(http: Http, path: string, query: Query): Promise<Page> {
  const page = await ask(http, path, query);
  const isJustFull = page.total === undefined && page.number === 1 && page.last === 2;
  if (!isJustFull || page.items.length !== query.per_page) return page;
  // Where a list has no pages at all, it is as long as ever when fewer entries are asked for.
  const shorter = await ask(http, path, { ...query, per_page: query.per_page - 1 });
  return shorter.items.length === page.items.length ? { ...page, last: 1 } : page;
}

/** The text of a page. */
export async function pageText(http: Http, path: string, query: Query): Promise<string> {
  const { body } = await http.request({ method: 'GET', path, query: { ...query }, asText: true });
  return typeof body === 'string' ? body : '';
}

/** The page that a text says. One that cannot be read is asked for again, as any request: that tells what is wrong with it. */
export async function pageIn(text: string, http: Http, path: string, query: Query): Promise<Page> {
  const body = jsonOf(text);
  return body === undefined ? ask(http, path, query) : pageOf({ status: 200, body }, path, query);
}

async function ask(http: Http, path: string, query: Query): Promise<Page> {
  return pageOf(await http.request({ method: 'GET', path, query: { ...query } }), path, query);
}

function pageOf(answer: HttpAnswer, path: string, query: Query): Page {
  const call = { method: 'GET', path };
  const body = envelope(answer, call);
  if (!isList(body.data)) throw misshapen(call, '/data', 'a list', body.data);
  const pagination = isObject(body.pagination) ? body.pagination : {};
  const total = whole(pagination.total_records);
  const last = lastPage(pagination, query, body.data.length, total);
  return { number: query.page, items: body.data, total, last };
}

/** Without `last_page` the other figures tell; without any, a page that is just full means that there may be another. */
function lastPage(pagination: JsonObject, query: Query, length: number, total: number | undefined): number {
  const said = pagination.next_page === null ? 0 : whole(pagination.next_page);
  const next = said ?? 0;
  const last = whole(pagination.last_page);
  if (last !== undefined) return Math.max(last, next);
  if (total !== undefined) return Math.max(Math.ceil(total / query.per_page), next);
  if (said !== undefined) return Math.max(query.page, next);
  return length === query.per_page ? query.page + 1 : query.page;
}

function whole(value: Json | undefined): number | undefined {
  const number = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0 ? number : undefined;
}

/** What tells an item from the others of its collection. */
export function keyOf(item: Json, call: Call): string {
  const id = isObject(item) ? item.id : undefined;
  if (typeof id === 'string' || typeof id === 'number') return String(id);
  throw misshapen(call, '/id of an item', 'a number or text', id);
}

/** A page that brought nothing new: does it end the collection, or contradict what is said of it? */
export function contradicts(page: Page): boolean {
  return page.items.length > 0 || page.last > page.number;
}

/** A part of a list is none: what is missing would be taken for gone, or made again. */
export function incompleteList(http: Http, path: string, found: number, total: number | undefined): SynclineError {
  const short = total !== undefined && found < total;
  const fact = short
    ? `shows ${found} of ${total} entries`
    : `does not end: its pages bring nothing new after ${found}`;
  return new SynclineError(
    'list-incomplete',
    `The list at ${http.host}${path} ${fact}.`,
    'Syncline does not plan from an incomplete list. Run again; if it happens again, look for a cache or proxy that ignores ?page=.',
    Exit.failed,
  );
}

/** The body of an answer as an object. `status` in it is text or a number, depending on the mood of the endpoint: nobody reads it. */
export function envelope(answer: HttpAnswer, call: Call): JsonObject {
  if (!isObject(answer.body)) throw misshapen(call, 'the body', 'an object', answer.body);
  return answer.body;
}

/** Is it gone? A 404 proves that there is no such thing if it is the service's own: every body of the API has a `status`, a gateway's has not. */
export function isGone(answer: HttpAnswer, call: Call): boolean {
  if (answer.status !== 404) return false;
  if (isSet(asObject(answer.body)?.status)) return true;
  const message = `${call.method} ${call.path} answered 404, but not in the words of the API: check the base URL`;
  throw new ProviderError(message, { ...call, status: 404, serverMessage: undefined, fate: 'refused' });
}

/** The thing that an answer is about. */
export function dataOf(answer: HttpAnswer, call: Call): JsonObject {
  const data: Json | undefined = envelope(answer, call).data;
  if (!isObject(data)) throw misshapen(call, '/data', 'an object', data);
  return data;
}
