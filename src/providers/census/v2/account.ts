import type { Http } from '../../../http/client.ts';
import { ProviderError } from '../../../model/errors.ts';
import { isObject, type JsonObject } from '../../../model/json.ts';
import type { SharedLists, TakePage } from '../../shared-lists.ts';
import { readAllPages } from '../wire/all-pages.ts';
import { keyOf } from '../wire/page.ts';

const prefix = '/api/v2';

export type ListName = 'activations' | 'sources' | 'syncs' | 'datasets';

/** What a token may see: lists of the whole account, whoever's groups it is in. */
export interface Account {
  readonly http: Http;
  /** Hands out every entry of a list, each once, oldest first. The list may have been read by others a moment ago, but not by this one. */
  read(list: ListName, take: TakePage): Promise<void>;
  /** Does something that reads a list, once, or group by group where the service wants to be asked so (A01). */
  each<Result>(list: ListName, act: Act<Result>): Promise<readonly Result[]>;
  /** Something was written: what has been read for all is no longer what is there. */
  wrote(): void;
}

/** Uses the client for the whole account, or one that asks for this group alone. */
type Act<Result> = (http: Http, group: string | undefined) => Promise<Result>;

/** Who shares lists with whom: a key that only the same host and token have. */
export interface Sharing {
  readonly lists: SharedLists;
  readonly key: string;
}

export function pathOf(list: ListName): string {
  return `${prefix}/${list}`;
}

export function openAccount(http: Http, groups: readonly string[], sharing: Sharing | undefined): Account {
  const reader = {};
  /** Lists that the service shows only for one group at a time. */
  const byGroup = new Set<ListName>();

  async function each<Result>(list: ListName, act: Act<Result>): Promise<readonly Result[]> {
    try {
      if (!byGroup.has(list)) return [await act(http, undefined)];
    } catch (error) {
      if (!wantsGroup(error) || groups.length === 0) throw error;
      byGroup.add(list);
    }
    return Promise.all(groups.map((group) => act(within(http, group), group)));
  }
  function readPart(list: ListName, client: Http, group: string | undefined, take: TakePage): Promise<void> {
    const read = (page: TakePage) => readAllPages(client, pathOf(list), page);
    if (sharing === undefined) return read(take);
    return sharing.lists.read([sharing.key, list, group].join(' '), reader, read, take);
  }
  return {
    http,
    each,
    read: async (list, take) => {
      // Lists of several groups are one, whatever the service does with the filter.
      const seen = new Set<string>();
      const call = { method: 'GET', path: pathOf(list) };
      const fresh: TakePage = (items) => take(items.filter((item) => isNew(seen, keyOf(item, call))));
      await each(list, (client, group) => readPart(list, client, group, fresh));
    },
    wrote: () => sharing?.lists.forget(`${sharing.key} `),
  };
}

function isNew(seen: Set<string>, key: string): boolean {
  const before = seen.size;
  return seen.add(key).size > before;
}

/** The same client, which asks for one group alone. */
function within(http: Http, group: string): Http {
  return { ...http, request: (request) => http.request({ ...request, query: { ...request.query, group_id: group } }) };
}

/** Is the group missing? Nobody has documented with which status, or whether with a good one, that is said (A16, A17). */
function wantsGroup(error: unknown): boolean {
  return error instanceof ProviderError && error.fate === 'refused' && /group_id/.test(error.serverMessage ?? '');
}

/** Every entry of a list of the account. */
export async function entries(account: Account, list: ListName): Promise<readonly JsonObject[]> {
  const all: JsonObject[] = [];
  await account.read(list, (items) => {
    for (const item of items) if (isObject(item)) all.push(item);
  });
  return all;
}
