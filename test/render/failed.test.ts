import { describe, expect, test } from 'vitest';
import { driftGithub } from '../../src/render/drift/github.ts';
import { driftMarkdown } from '../../src/render/drift/markdown.ts';
import { driftText } from '../../src/render/drift/text.ts';
import { planGithub } from '../../src/render/plan/github.ts';
import { planHtml } from '../../src/render/plan/html/page.ts';
import { planMarkdown } from '../../src/render/plan/markdown.ts';
import { planText } from '../../src/render/plan/text.ts';
import { reportText } from '../../src/render/report/text.ts';
import { failure, plan, report } from './build.ts';

const failed = [failure()];
const calm = { target: 'production', drift: [], notes: [] };
const plain = { colour: false, failed };
const shown = { ...plain, dryRun: false, notes: false };
const head = 'Failed\n  ! staging  provider\n      GET /syncs: no answer\n      Check the network.\n\n';
const item = '**1 target failed.**\n\n- **staging** `provider`: GET /syncs\\: no answer Check the network\\.\n\n**';
const annotation = '::error title=Target staging failed%3A provider::GET /syncs: no answer%0ACheck the network.\n';

describe('targets that failed come first', () => {
  test.each([
    ['a plan in text', planText([plan()], plain), `${head}Target production: `],
    ['a plan in Markdown', planMarkdown([plan()], failed), `${item}Plan for production`],
    ['a plan for GitHub', planGithub([plan()], { failed }), `${annotation}production (`],
    ['a report', reportText([report()], shown), `${head}Target production`],
    ['drift in text', driftText([calm], plain), `${head}Elsewhere nothing has changed`],
    ['drift in Markdown', driftMarkdown([calm], failed), `${item}Elsewhere nothing has changed`],
    ['drift for GitHub', driftGithub([calm], { failed }), annotation],
  ])('in %s', (_where, said, beginning) => {
    expect(said.slice(0, beginning.length)).toBe(beginning);
  });

  test('on a page', () => {
    const page = planHtml([plan()], failed);
    expect(page).toContain('<title>Plan for production, staging</title>');
    expect(page.indexOf('1 target failed')).toBeLessThan(page.indexOf('<h2>production</h2>'));
    expect(page).toContain('GET /syncs: no answer');
  });

  test.each([
    ['Markdown', planMarkdown([], failed), /^\*\*1 target failed\.\*\*\n/],
    ['Markdown of drift', driftMarkdown([], failed), /^\*\*1 target failed\.\*\*\n/],
    ['annotations', planGithub([], { failed }), /^::error title=.*\n$/],
    ['a page', planHtml([], failed), /<title>Plan for staging<\/title>/],
  ])('where no other is left: %s', (_where, said, expected) => {
    expect(said).toMatch(expected);
    expect(said).not.toContain('othing');
  });
});

describe('of many', () => {
  const many = Array.from({ length: 300 }, (_, index) => failure({ target: `t${index}`, message: 'x'.repeat(2000) }));

  test('Markdown leaves room for the plans, and counts what it leaves out', () => {
    const said = planMarkdown([plan()], many);
    expect(said.length).toBeLessThan(60_000);
    expect(said).toMatch(/^\*\*300 targets failed\.\*\*/);
    const listed = said.match(/^- \*\*t\d+\*\*/gm)?.length ?? 0;
    expect(listed).toBeGreaterThan(20);
    expect(said).toContain(`- and ${300 - listed} more, which do not fit here\n`);
  });

  test('GitHub gets as many as it shows', () => {
    const lines = driftGithub([calm], { failed: many }).trimEnd().split('\n');
    expect(lines).toHaveLength(10);
    expect(lines.at(-1)).toBe('::error title=More::291 more are in the report.');
  });
});

describe('promise 13: the words of a failure cannot break out', () => {
  const bad = 'a\u001b[31m\r\n::error::b\u202e @team <script>|`x`';
  const hostile = [failure({ target: bad, code: bad, message: bad, hint: bad })];

  test.each([
    ['text', planText([], { colour: false, failed: hostile }), 0],
    ['Markdown', planMarkdown([], hostile), 0],
    ['annotations', planGithub([], { failed: hostile }), 1],
    ['a page', planHtml([], hostile), 0],
  ])('%s', (_where, said, commands) => {
    for (const hidden of ['\u001b', '\r', '\u202e']) expect(said).not.toContain(hidden);
    expect(said.match(/^\s*::/gm) ?? []).toHaveLength(commands);
  });

  test('nor be markup', () => {
    // The page has one of its own.
    expect(planHtml([], hostile).match(/<script>/g)).toHaveLength(1);
    const prose = planMarkdown([], hostile)
      .replaceAll('\\`', '')
      .replaceAll(/(`+)[^`].*?\1(?!`)/g, '');
    expect(prose).not.toMatch(/@team|<script>/);
  });
});
