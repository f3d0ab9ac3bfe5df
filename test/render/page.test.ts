import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { planHtml } from '../../src/render/plan/html/page.ts';
import { bigPlan } from '../support/big-plan.ts';
import { blocked, change, plan } from './build.ts';

const page = planHtml([bigPlan()]);

describe('the policy of a page', () => {
  const [, policy = ''] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page) ?? [];

  test.each(['style', 'script'])('allows the %s of the page by its hash, and no other', (tag) => {
    const [inside, ...others] = [...page.matchAll(new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`, 'g'))];
    const hash = createHash('sha256')
      .update(inside?.[1] ?? '')
      .digest('base64');
    expect(policy).toContain(`${tag}-src 'sha256-${hash}'`);
    expect(others).toEqual([]);
  });

  test('forbids everything else', () => {
    expect(policy.replaceAll(/'sha256-[^']*'/g, 'HASH').split('; ')).toEqual([
      "default-src 'none'",
      'style-src HASH',
      'script-src HASH',
      "base-uri 'none'",
      "form-action 'none'",
    ]);
  });

  test('is kept: nothing is loaded, no element has a style or a script of its own', () => {
    const tags = [...page.matchAll(/<[a-z][^>]*>/g)].map(([tag]) => tag);
    expect(
      tags.filter((tag) => /^<(?:link|img|iframe|object|embed|form|base)\b| (?:src|style|on\w+)=/.test(tag)),
    ).toEqual([]);
    expect(page).not.toMatch(/@import|url\(|fetch\(/);
  });
});

test.each([
  ['a target like a part of the page', ['plan', 'filters', 'contents']],
  ['targets that only punctuation tells apart', ['a-b', 'a.b', 'a b', '-', '', 'ä']],
  ['a target that is called like a change of another', ['x', 'x-CensusSync-users', 'x-graph']],
])('names are given once: %s', (_name, targets) => {
  const changes = [change({ action: 'delete', origin: null }), change({ address: 'CensusSync/Users' })];
  const text = planHtml(targets.map((target) => plan({ target, changes, blocked: [blocked(), blocked()] })));
  const ids = [...text.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.filter((id) => !/^[A-Za-z0-9-]+$/.test(id ?? ''))).toEqual([]);
  for (const [, link] of text.matchAll(/ href="([^"]*)"/g)) expect(ids).toContain(link?.slice(1));
});

test('cards are laid out where they are looked at only if there are very many', () => {
  const of = (count: number) => {
    const changes = Array.from({ length: count }, (_, index) => change({ address: `CensusSync/s${index}` }));
    return planHtml([plan({ changes })]);
  };
  expect(of(400)).toContain('<body>');
  expect(of(600)).toContain('<body class="many">');
});

test('what comes first is a link where it is in the plan', () => {
  const changes = [
    change({ address: 'CensusDataset/users', action: 'create', id: null }),
    change({ depends_on: ['CensusDataset/users', 'CensusDataset/<other>'] }),
  ];
  expect(planHtml([plan({ changes })])).toContain(
    '<p class="dim">after <a href="#production-CensusDataset-users"><code>CensusDataset/users</code></a>, <code>CensusDataset/&lt;other&gt;</code></p>',
  );
});

test('the end of the page says what was planned, when and by what', () => {
  const [, footer = ''] = /<footer[^>]*>([\s\S]*)<\/footer>/.exec(page) ?? [];
  for (const words of ['2026-11-21T10:00:00.000Z', 'syncline 0.1.0', '3f2a9c1d', 'sha256:d'])
    expect(footer).toContain(words);
});
