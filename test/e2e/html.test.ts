import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { Plan } from '../../src/model/plan.ts';
import { planHtml } from '../../src/render/plan/html/page.ts';
import { manifest, workspace } from '../cli/workspace.ts';
import { bigPlan } from '../support/big-plan.ts';
import { type Browser, type Page, startChromium } from '../support/chromium.ts';
import { brokenWords, overfullBoxes, paleText, sticksOut } from '../support/page-probes.ts';

let browser: Browser;
let folder = '';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'syncline-page-'));
  browser = await startChromium();
  return () => browser.close();
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const one = [bigPlan()];
const several = [
  bigPlan(),
  bigPlan({ target: 'staging "2"', changes: [], blocked: [], notes: [] }),
  bigPlan({ target: 'eu' }),
];

function open(plans: readonly Plan[], options?: Parameters<Browser['open']>[1]): Promise<Page> {
  return openText(planHtml(plans), options);
}

async function openText(text: string, options?: Parameters<Browser['open']>[1]): Promise<Page> {
  const file = join(folder, 'plan.html');
  writeFileSync(file, text);
  const page = await browser.open(pathToFileURL(file).href, options);
  onTestFinished(() => page.close());
  return page;
}

const entriesOf = (plans: readonly Plan[]) => plans.flatMap(({ changes, blocked }) => [...changes, ...blocked]);

/** The articles that are seen, each by what it is for. */
const seen = `[...document.querySelectorAll('article')].filter((one) => one.checkVisibility()).map((one) => ({ ...one.dataset, id: one.id }))`;

interface Seen {
  readonly id: string;
  readonly action: string;
  readonly impact: string;
  readonly blocked?: string;
}

describe.each([
  ['one target', one],
  ['several targets', several],
])('the page of %s', (_name, plans) => {
  test('says nothing in the console, and asks for nothing', async () => {
    const page = await open(plans);
    expect(page.console).toEqual([]);
    expect(page.requests).toEqual([pathToFileURL(join(folder, 'plan.html')).href]);
  });

  test('has one first heading, and skips no level', async () => {
    const page = await open(plans);
    const levels = await page.evaluate<number[]>(
      `[...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].map((one) => Number(one.tagName[1]))`,
    );
    expect(levels[0]).toBe(1);
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    expect(levels.filter((level, index) => level > (levels[index - 1] ?? 0) + 1)).toEqual([]);
  });

  test('has an article for every change and all that is blocked, what is blocked and what deletes first', async () => {
    const page = await open(plans);
    await page.click('#unfold');
    const articles = await page.evaluate<Seen[]>(seen);
    expect(articles).toHaveLength(entriesOf(plans).length);
    const kinds = articles.map(({ action, blocked }) => (blocked === undefined ? action : 'blocked'));
    expect(kinds.slice(0, 8)).toEqual([...Array(5).fill('blocked'), 'delete', 'delete', 'replace']);
    expect(new Set(articles.map(({ impact }) => impact)).size).toBe(8);
  });

  test('gives every name once, and every link leads somewhere', async () => {
    const page = await open(plans);
    const [ids, links] = await page.evaluate<[string[], string[]]>(
      `[[...document.querySelectorAll('[id]')].map((one) => one.id), [...document.querySelectorAll('a')].map((one) => one.getAttribute('href'))]`,
    );
    expect(new Set(ids).size).toBe(ids.length);
    expect(links.filter((link) => !ids.includes(link.slice(1)) || !link.startsWith('#'))).toEqual([]);
    // One in the contents and one in the graph for each change but those that are only recorded.
    expect(links.length).toBeGreaterThan(entriesOf(plans).length * 1.7);
  });

  test.each(['light', 'dark'] as const)('can be read in %s', async (scheme) => {
    const page = await open(plans);
    await page.look({ scheme });
    await page.click('#unfold');
    expect(await page.evaluate<string[]>(paleText)).toEqual([]);
  });

  test('fits on a narrow screen, and breaks no word', async () => {
    const page = await open(plans);
    await page.look({ width: 500 });
    await page.click('#unfold');
    expect(await page.evaluate<string[]>(sticksOut)).toEqual([]);
    expect(await page.evaluate<string[]>(brokenWords)).toEqual([]);
  });

  test('shows where the keyboard is', async () => {
    const page = await open(plans);
    const places = new Set<string>();
    for (let press = 0; press < 12; press += 1) {
      await page.tab();
      const focus = `(({ top, left }, { outlineStyle, outlineWidth }) => [top >= 0 && left >= 0, outlineStyle, outlineWidth])(document.activeElement.getBoundingClientRect(), getComputedStyle(document.activeElement))`;
      expect(await page.evaluate<unknown[]>(focus)).toEqual([true, 'solid', '2px']);
      places.add(await page.evaluate<string>(`document.activeElement.outerHTML`));
    }
    expect(places.size).toBe(12);
  });

  test('is printed whole, without its controls', async () => {
    const page = await open(plans);
    await page.look({ media: 'print' });
    expect(await page.evaluate<Seen[]>(seen)).toHaveLength(entriesOf(plans).length);
    expect(
      await page.evaluate<boolean>(
        `[...document.querySelectorAll('button, input, nav')].some((one) => one.checkVisibility())`,
      ),
    ).toBe(false);
  });

  test('draws a graph whose texts fit into their boxes', async () => {
    const page = await open(plans);
    expect(await page.evaluate<string[]>(overfullBoxes)).toEqual([]);
  });
});

describe('filters', () => {
  const total = entriesOf(one).length;

  async function unfolded(): Promise<Page> {
    const page = await open(one);
    await page.click('#unfold');
    return page;
  }

  const shown = (page: Page) => page.evaluate<string>(`document.querySelector('#filters output').textContent`);

  test('are controls with names', async () => {
    const page = await open(one);
    expect(await page.names()).toEqual(
      expect.arrayContaining([
        'search Filters',
        'searchbox Find by address, label or file',
        'group Action',
        'checkbox - delete 4',
        'checkbox ! blocked 5',
        'group Impact',
        'checkbox starts deleting records 2',
        'button Show all',
        'button Unfold everything',
      ]),
    );
  });

  test('show what is chosen, by action', async () => {
    const page = await unfolded();
    await page.click('#filters input[value="delete"]');
    const deletes = await page.evaluate<Seen[]>(seen);
    expect(deletes.map(({ action }) => action)).toEqual(['delete', 'delete', 'delete', 'delete']);
    expect(await shown(page)).toBe(`4 of ${total} shown`);
    await page.click('#filters input[value="adopt"]');
    expect(await page.evaluate<Seen[]>(seen)).toHaveLength(5);
    await page.click('#filters input[value="delete"]');
    expect((await page.evaluate<Seen[]>(seen)).map(({ action }) => action)).toEqual(['adopt']);
    await page.click('#reset');
    expect(await page.evaluate<Seen[]>(seen)).toHaveLength(total);
    expect(await shown(page)).toBe(`${total} of ${total} shown`);
  });

  test('show what is chosen, by impact and action together', async () => {
    const page = await unfolded();
    await page.click('#filters input[value="full_resync"]');
    const resyncs = await page.evaluate<Seen[]>(seen);
    expect(resyncs.map(({ impact }) => impact)).toEqual(['full_resync', 'full_resync', 'full_resync']);
    await page.click('#filters input[value="blocked"]');
    expect((await page.evaluate<Seen[]>(seen)).map(({ blocked }) => blocked)).toEqual(['immutable']);
  });

  test('find by address, label and file, with every word', async () => {
    const page = await unfolded();
    await page.click('#find');
    await page.type('LEGACY leads');
    expect((await page.evaluate<Seen[]>(seen)).map(({ id }) => id)).toEqual(['production-CensusSync-legacy-leads']);
    await page.type('!');
    expect(await page.evaluate<Seen[]>(seen)).toEqual([]);
    expect(await shown(page)).toBe(`0 of ${total} shown`);
  });

  test('hide headings and links of what is hidden, and bring it back to whoever follows a link', async () => {
    const page = await unfolded();
    const heads = `[...document.querySelectorAll('main h2')].filter((one) => one.checkVisibility()).map((one) => one.firstChild.textContent.trim())`;
    await page.click('#filters input[value="adopt"]');
    expect(await page.evaluate<string[]>(heads)).toEqual(['Changes', 'Notes', 'Graph']);
    expect(
      await page.evaluate<number>(
        `[...document.querySelectorAll('nav a')].filter((one) => one.checkVisibility()).length`,
      ),
    ).toBe(4);
    await page.click('svg a[href="#production-CensusSync-legacy-leads"]');
    await page.until(`document.querySelector(':target')?.checkVisibility()`);
    expect(await page.evaluate<Seen[]>(seen)).toHaveLength(total);
  });

  test('are not there without scripts, and everything else is', async () => {
    const page = await open(one, { withoutScripts: true });
    const folded = 3;
    expect(await page.evaluate<Seen[]>(seen)).toHaveLength(total - folded);
    expect(await page.evaluate<boolean>(`document.querySelector('#filters').checkVisibility()`)).toBe(false);
    expect(page.console).toEqual([]);
  });
});

test('what the command line writes is such a page, and names what it draws', async () => {
  const { write, run } = await workspace();
  write('syncs/orders.yaml', manifest('orders'));
  const page = await openText((await run('plan --format html')).out);
  expect(page.console).toEqual([]);
  expect(
    await page.evaluate<string[]>(`[...document.querySelectorAll('svg .node title')].map((one) => one.textContent)`),
  ).toEqual([
    'Snowflake Prod, id 501',
    'CensusSync/orders: create (analytics.public.users → Contact)',
    'CensusSync/users: create (analytics.public.users → Contact)',
    'Salesforce, id 601',
  ]);
  await page.click('svg a');
  await page.until(`location.hash === '#production-CensusSync-orders'`);
});
