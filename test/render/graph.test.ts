import { describe, expect, test } from 'vitest';
import type { About } from '../../src/model/about.ts';
import type { Plan } from '../../src/model/plan.ts';
import { planHtml } from '../../src/render/plan/html/page.ts';
import { planMarkdown } from '../../src/render/plan/markdown.ts';
import { bigPlan, hostile } from '../support/big-plan.ts';
import { blocked, change, field, plan } from './build.ts';

const snowflake = { id: '501', name: 'Snowflake', object: 'PUBLIC.USERS', address: null };
const salesforce = { id: '601', name: 'Salesforce', object: 'Contact', address: null };
const about: About = { source: snowflake, destination: salesforce, operation: 'upsert', schedule: 'never' };

function sync(name: string, parts: Parameters<typeof change>[0] = {}) {
  return change({ address: `CensusSync/${name}`, fields: [field()], about, ...parts });
}

/** The lines of the graphs in the Markdown of these plans. */
function drawn(...plans: readonly Plan[]): readonly string[] {
  const fences = planMarkdown(plans).matchAll(/^```mermaid\n([\s\S]*?)\n```$/gm);
  return [...fences].flatMap(([, text = '']) => text.split('\n'));
}

describe('the graph in Markdown', () => {
  test('has each source, dataset, sync and destination once, and what happens to it in words', () => {
    const ofDataset = { ...about, source: { ...snowflake, object: 'dataset users', address: 'CensusDataset/users' } };
    const changes = [
      sync('b', { about: ofDataset }),
      sync('a', { action: 'create', id: null, desired: {} }),
      sync('users', {
        address: 'CensusDataset/users',
        about: { source: { ...snowflake, object: null }, destination: null, operation: null, schedule: null },
      }),
    ];
    expect(drawn(plan({ changes, blocked: [blocked({ about })] }))).toEqual([
      'flowchart LR',
      '  n1[("Snowflake")]',
      '  n2[["#126; update users"]]',
      '  n3["#33; delete blocked old"]',
      '  n4["#126; update b"]',
      '  n5["#43; create a"]',
      '  n6(["Salesforce"])',
      '  n1 --> n3',
      '  n3 --> n6',
      '  n1 --> n2',
      '  n2 --> n4',
      '  n4 --> n6',
      '  n1 --> n5',
      '  n5 --> n6',
      expect.stringMatching(/^ {2}classDef create fill/),
      '  class n5 create',
      expect.stringMatching(/^ {2}classDef update fill/),
      '  class n2,n4 update',
      expect.stringMatching(/^ {2}classDef blocked fill/),
      '  class n3 blocked',
    ]);
  });

  test('two ends of one name and another id are two', () => {
    const other = { ...about, destination: { ...salesforce, id: '602' } };
    const lines = drawn(plan({ changes: [sync('a'), sync('b', { about: other })] }));
    expect(lines.filter((line) => line.includes('Salesforce'))).toHaveLength(2);
  });

  test('a dataset that does not change is drawn too where a sync that does reads it', () => {
    const source = { ...snowflake, address: 'CensusDataset/users' };
    expect(drawn(plan({ changes: [sync('a', { about: { ...about, source } })] }))).toContain('  n2[["users"]]');
  });

  test('is not there where nothing is known to be connected', () => {
    expect(planMarkdown([plan({ changes: [change({ fields: [field()] })] })])).not.toContain('mermaid');
    expect(planMarkdown([plan()])).not.toContain('mermaid');
  });

  test('counts what it leaves out', () => {
    const changes = Array.from({ length: 70 }, (_, index) => sync(`s${index}`));
    const { summary } = plan({ changes });
    const text = planMarkdown([plan({ changes, summary: { ...summary, noop: 110 } })]);
    expect(text).toContain('Left out: 10 further changes, 110 unchanged.');
    expect(text.match(/ update s\d+"\]$/gm)).toHaveLength(60);
  });

  test('gives way first, which is said', () => {
    const fields = Array.from({ length: 10 }, (_, index) => field({ path: `/field_${index}` }));
    const grown = (count: number) =>
      planMarkdown([plan({ changes: Array.from({ length: count }, (_, index) => sync(`s${index}`, { fields })) })]);
    const full = (text: string) => text.match(/<summary>10 fields/g)?.length;
    const counts = Array.from({ length: 20 }, (_, index) => 40 + 2 * index);
    const first = counts.find((count) => !grown(count).includes('```mermaid')) ?? 0;
    expect(full(grown(first))).toBe(first);
    expect(grown(first)).toContain('The graph does not fit here.');
    expect(Math.max(...counts.map((count) => grown(count).length))).toBeLessThan(60_000);
  });
});

describe('promise 13: a name in a graph stays a name', () => {
  const names = [
    ...hostile,
    'end',
    'subgraph x',
    'A"]; click B "x"',
    '`md`',
    '##vso[x]',
    '::error::x',
    '😀'.repeat(80),
  ];
  const plans = names.map((name) => {
    const end = { id: null, name, object: name, address: null };
    return plan({
      target: name,
      changes: [sync('a', { address: `CensusSync/${name}`, about: { ...about, source: end, destination: end } })],
      blocked: [blocked({ address: name, about })],
    });
  });

  test('in Mermaid', () => {
    // Letters, digits, spaces, what is not ASCII, and what joins two letters; all else as the number of its character.
    const label = '"(?:[A-Za-z0-9 \\u00a0-\\u{10ffff}]|(?<=[A-Za-z0-9])[-_](?=[A-Za-z0-9])|#\\d+;)+"';
    const shapes = ['\\[L\\]', '\\[\\[L\\]\\]', '\\[\\(L\\)\\]', '\\(\\[L\\]\\)'].join('|').replaceAll('L', label);
    const looks = 'classDef [a-z]+ [a-z0-9:#, -]+|class (?:n\\d+,?)+ [a-z]+';
    const line = new RegExp(`^(?:flowchart LR|  (?:n\\d+(?:${shapes})|n\\d+ --> n\\d+|${looks}))$`, 'u');
    for (const one of plans) {
      expect(drawn(one).length).toBeGreaterThan(8);
      expect(drawn(one).filter((text) => !line.test(text))).toEqual([]);
    }
  });

  test('in the picture of a page', () => {
    for (const one of plans) {
      const [svg = ''] = /<svg[\s\S]*<\/svg>/.exec(planHtml([one])) ?? [];
      expect(svg).toContain('<rect');
      const bare = svg.replaceAll(/<\/?(?:svg|title|desc|text|path|rect|g|a)(?: [a-z-]+="[^"<>]*")*\/?>/gi, '');
      expect(bare).not.toMatch(/[<>]|&(?!amp;|lt;|gt;|quot;|#39;)/);
    }
  });
});

test('what a manifest hides is in no graph, and its thing still leads to its change', () => {
  const desired = { destination_attributes: { object: 'Contact' } };
  const changes = [sync('a', { desired, hide: ['/destination_attributes/object'] })];
  for (const text of [planHtml([plan({ changes })]), planMarkdown([plan({ changes })])]) {
    expect(text).toContain('Salesforce');
    expect(text).not.toContain('Contact');
  }
  expect(planHtml([plan({ changes })])).toMatch(/<a href="#production-CensusSync-a"><g class="node update"/);
});

test('a page draws a hundred changes, and counts the others', () => {
  const changes = Array.from({ length: 130 }, (_, index) => sync(`s${index}`));
  const page = planHtml([plan({ changes })]);
  expect(page.match(/<g class="node update"/g)).toHaveLength(100);
  expect(page).toContain('Left out: 30 further changes.');
});

test('150 syncs of which 40 change fit into a comment with all that there is to say, and the graph', () => {
  const text = planMarkdown([bigPlan()]);
  expect(text.length).toBeLessThan(60_000);
  expect(text).not.toMatch(/do(?:es)? not fit/);
  expect(text).toContain('```mermaid');
  expect(text).toContain('Left out: 3 recorded only, 110 unchanged.');
});
