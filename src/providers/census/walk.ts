import type { Http } from '../../http/client.ts';
import { ProviderError } from '../../model/errors.ts';
import type { Json } from '../../model/json.ts';
import { getPage } from './api.ts';

const perPage = 100;
const mostWalks = 5;

/**
 * Every item of a collection, oldest first, handed over page by page as pages arrive (an item may come more than once). Pages
 * beyond the first are read side by side, past the first `last_page` where the collection grows. When something is deleted
 * meanwhile, all that follows moves up by one and may slip into a page that was read already: where the totals of the pages
 * differ, the collection is walked again, until they agree.
 */
export async function walk(http: Http, path: string, hand: (items: readonly Json[]) => void): Promise<void> {
  for (let walks = 1; ; walks += 1) {
    const totals = await walkOnce(http, path, hand);
    const [first] = totals;
    if (totals.every((total) => total === first)) return;
    // Growth alone appends, which hides nothing. Anything else does, and five times in a row it is not bad luck.
    if (walks >= mostWalks && totals.every((total) => (total ?? 0) >= (first ?? 0))) return;
    if (walks >= mostWalks) throw unstable(path);
  }
}

/** One walk over all pages; the totals that the pages told, the first page's first. */
async function walkOnce(
  http: Http,
  path: string,
  hand: (items: readonly Json[]) => void,
): Promise<readonly (number | undefined)[]> {
  const totals: (number | undefined)[] = [];
  // Only the figure is kept: thousands of raw items would otherwise stay in memory until the last page is there.
  const read = async (page: number): Promise<number> => {
    const { items, total, last } = await getPage(http, path, { page, per_page: perPage, order: 'asc' });
    hand(items);
    totals.push(total);
    // An empty page is beyond the end, whatever its figures say.
    return items.length > 0 || page === 1 ? last : 0;
  };
  let seen = 1;
  let last = await read(1);
  while (seen < last) {
    const pages = Array.from({ length: last - seen }, (_, index) => seen + 1 + index);
    const lasts = await Promise.all(pages.map(read));
    seen = last;
    last = Math.max(last, ...lasts);
  }
  return totals;
}

function unstable(path: string): ProviderError {
  const message = `GET ${path} changed while it was read, ${mostWalks} times in a row: run again when it is quieter`;
  const facts = { method: 'GET', path, status: 200, serverMessage: undefined, fate: 'unknown' } as const;
  return new ProviderError(message, facts);
}
