import type { Http } from '../../../http/client.ts';
import type { Live, RemoteId } from '../../../model/live.ts';
import type { Collection } from './collection.ts';
import { contradicts, getPage, incompleteList } from './page.ts';

/** Small pages: what is looked for is at the top. */
const perPage = 25;
/** More than can have come since the list was read. */
const mostPages = 1000;

/**
 * Things that are not among `known`, newest first: read until a page brings nothing unknown.
 * @throws SynclineError (exit 1, `list-incomplete`) where the list shows less than it counts, or has no end, twice.
 */
export async function newest(http: Http, source: Collection, known: ReadonlySet<RemoteId>): Promise<readonly Live[]> {
  const { path } = source;
  const first = await lookOnce(http, source, known);
  if (first.complete) return first.found;
  const second = await lookOnce(http, source, known);
  if (second.complete) return second.found;
  throw incompleteList(http, path, second.seen, second.total);
}

interface Look {
  readonly found: readonly Live[];
  readonly complete: boolean;
  /** Different ids, known ones too. */
  readonly seen: number;
  readonly total: number | undefined;
}

async function lookOnce(http: Http, { path, decode }: Collection, known: ReadonlySet<RemoteId>): Promise<Look> {
  const found = new Map<RemoteId, Live>();
  const seen = new Set<RemoteId>();
  const result = (complete: boolean, total: number | undefined): Look => ({
    found: [...found.values()],
    complete,
    seen: seen.size,
    total,
  });
  for (let number = 1; ; number += 1) {
    const page = await getPage(http, path, { page: number, per_page: perPage, order: 'desc' });
    const syncs = page.items.map((item) => decode(item, { method: 'GET', path }));
    const unknown = syncs.filter((sync) => !known.has(sync.id));
    const before = found.size;
    for (const sync of syncs) seen.add(sync.id);
    for (const sync of unknown) if (!found.has(sync.id)) found.set(sync.id, sync);
    // What is older is known.
    if (syncs.length > 0 && unknown.length === 0) return result(true, page.total);
    const all = seen.size >= (page.total ?? 0);
    if (found.size === before) return result(all && !contradicts(page), page.total);
    if (number >= page.last) return result(all, page.total);
    if (number >= mostPages) return result(false, page.total);
  }
}
