import type { Http } from '../../../http/client.ts';
import { ProviderError } from '../../../model/errors.ts';
import type { Json } from '../../../model/json.ts';
import type { Call } from '../../../wire/answer.ts';
import { turns } from '../../../wire/turns.ts';
import { contradicts, getPage, incompleteList, keyOf, type Page, pageIn, pageText } from './page.ts';

const perPage = 100;
const mostRounds = 5;
/** A million entries: more than any workspace has. */
const mostPages = 10_000;
/** So many pages of each request in flight may wait to be read, while the next ones are on their way. */
const ahead = 4;

/**
 * Every item of a collection, oldest first and each id once, handed over page by page as pages arrive. Pages beyond the first are
 * read side by side, past the first `last_page` where the collection grows, up to one that brings nothing new. When something is
 * deleted meanwhile, all that follows moves up by one and may slip into a page that was read already: where the totals of the
 * pages differ, the collection is walked again, until they agree.
 * `key` is what tells items apart.
 * @throws SynclineError (exit 1, `list-incomplete`) where it shows less than it counts, or has no end, twice.
 */
export async function readAllPages(
  http: Http,
  path: string,
  hand: (items: readonly Json[], of: number | undefined) => void,
  key: (item: Json, call: Call) => string = keyOf,
): Promise<void> {
  const seen = new Map<string, number>();
  let faults = 0;
  for (let rounds = 1; ; rounds += 1) {
    const { totals, found, total, endless } = await readOnce(http, path, { seen, rounds, hand, key });
    const [first] = totals;
    const steady = totals.every((one) => one === first);
    const complete = !endless && found >= (total ?? 0);
    if (steady && complete) return;
    if (steady) faults += 1;
    if (faults > 1) throw incompleteList(http, path, found, total);
    if (rounds < mostRounds) continue;
    // Growth alone appends, which hides nothing. Anything else does, and five times in a row it is not bad luck.
    if (totals.some((one) => (one ?? 0) < (first ?? 0))) throw unstable(path);
    if (!complete) throw incompleteList(http, path, found, total);
    return;
  }
}

interface Round {
  /** What the pages said, in the order in which they came. */
  readonly totals: readonly (number | undefined)[];
  /** Different ids. */
  readonly found: number;
  /** What the last page said. */
  readonly total: number | undefined;
  /** Did it stop before the end that the pages promised? */
  readonly endless: boolean;
}

interface Rounds {
  /** The round in which an id was seen last. */
  readonly seen: Map<string, number>;
  readonly rounds: number;
  readonly hand: (items: readonly Json[], of: number | undefined) => void;
  readonly key: (item: Json, call: Call) => string;
}

async function readOnce(http: Http, path: string, { seen, rounds, hand, key: keyFor }: Rounds): Promise<Round> {
  const totals: (number | undefined)[] = [];
  let found = 0;
  let last = 1;
  let next = 1;
  let over = false;
  let endless = false;
  // Only figures are kept: thousands of raw items would otherwise stay in memory until the last page is there.
  let highest: Pick<Page, 'number' | 'total'> = { number: 0, total: undefined };

  /** Hands over what is new, and says whether anything of it is new in this round. */
  function take(page: Page): boolean {
    const before = found;
    const fresh = page.items.filter((item) => {
      const key = keyFor(item, { method: 'GET', path });
      const when = seen.get(key);
      seen.set(key, rounds);
      if (when !== rounds) found += 1;
      return when === undefined;
    });
    if (fresh.length > 0) hand(fresh, page.total);
    return found > before;
  }
  function read(page: Page): void {
    totals.push(page.total);
    if (page.number > highest.number) highest = { number: page.number, total: page.total };
    if (take(page)) {
      last = Math.max(last, page.last);
      endless ||= page.number >= mostPages && last > page.number;
    } else {
      over = true;
      endless ||= contradicts(page);
    }
    over ||= endless;
  }
  const turn = turns();
  async function readText(text: string, number: number): Promise<void> {
    try {
      await turn();
      read(await pageIn(text, http, path, queryFor(number)));
    } catch (error) {
      over = true;
      throw error;
    }
  }
  /** Asks for one page after the other. The service makes the next ones while those that are there are read. */
  async function lane(): Promise<void> {
    const unread: Promise<void>[] = [];
    try {
      while (!over && next <= Math.min(last, mostPages)) {
        const number = next;
        next += 1;
        const reading = readText(await pageText(http, path, queryFor(number)), number);
        // It may fail before anybody waits for it here.
        reading.catch(() => undefined);
        unread.push(reading);
        if (unread.length >= ahead) await unread.shift();
      }
      await Promise.all(unread);
    } catch (error) {
      over = true;
      throw error;
    }
  }
  next += 1;
  read(await getPage(http, path, queryFor(1)));
  // The last pages to be read may say that there are more.
  while (!over && next <= Math.min(last, mostPages))
    await Promise.all(Array.from({ length: Math.min(http.concurrency, last) }, lane));
  return { totals, found, total: highest.total, endless };
}

function queryFor(page: number): Parameters<typeof getPage>[2] {
  return { page, per_page: perPage, order: 'asc' };
}

function unstable(path: string): ProviderError {
  const message = `GET ${path} changed while it was read, ${mostRounds} times in a row: run again when it is quieter`;
  const facts = { method: 'GET', path, status: 200, serverMessage: undefined, fate: 'unknown' } as const;
  return new ProviderError(message, facts);
}
