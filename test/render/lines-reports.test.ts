import { describe, expect, test } from 'vitest';
import type { Json } from '../../src/model/json.ts';
import { driftGithub } from '../../src/render/drift/github.ts';
import { driftMarkdown } from '../../src/render/drift/markdown.ts';
import { driftText } from '../../src/render/drift/text.ts';
import { planGithub } from '../../src/render/plan/github.ts';
import { planHtml } from '../../src/render/plan/html/page.ts';
import { planMarkdown } from '../../src/render/plan/markdown.ts';
import { planText } from '../../src/render/plan/text.ts';
import { change, field, plan } from './build.ts';
import { changed, created, drifted, numbered, path } from './build-lines.ts';

describe('text of several lines in the other reports', () => {
  const [was, now] = ['SELECT a,\n  b\nFROM t\n', 'SELECT a,\n  c\nFROM t\n'];
  const diff = ['```diff', '  SELECT a,', '-   b', '+   c', '  FROM t', '```'].map((line) => `  ${line}\n`).join('');

  test('the Markdown of a plan counts lines in its table and shows them below it', () => {
    const text = planMarkdown([changed(was, now)]);
    expect(text).toContain('  | `/query` | 3 lines | 3 lines | changed in Git |\n\n  `/query`: 1 line changed\n\n');
    expect(text).toContain(`\n\n${diff}\n  </details>\n`);
    expect(planMarkdown([created(was)])).toMatch(
      /\n {2}\| `\/query` \| 3 lines \|\n\n {2}`\/query`: 3 lines\n\n {2}```diff\n/,
    );
    expect(planMarkdown([changed(was, null)])).toContain('| 3 lines | (not set) |');
  });

  test('lines give way before tables, and tables before entries, where the Markdown of a plan grows too long', () => {
    const fields = [field({ path, from: numbered(40), to: numbered(40, (line) => `${line}!`) })];
    const changes = Array.from({ length: 150 }, (_, index) => change({ address: `CensusDataset/d${index}`, fields }));
    const text = planMarkdown([plan({ changes })]);
    expect(text.length).toBeLessThan(60_000);
    expect(text.match(/\| 40 lines \| 40 lines \|/g)).toHaveLength(150);
    expect(text.match(/```diff/g)?.length).toBeLessThan(150);
    expect((text.match(/^ *```/gm)?.length ?? 1) % 2).toBe(0);
  });

  test('an annotation says on one line how many lines differ, and the first', () => {
    expect(planGithub([changed(was, now)])).toContain('::/query: 1 line changed, first in line 2: "  b" → "  c" (');
    expect(planGithub([changed(was, `${was}LIMIT 1\n`)])).toContain('/query: 1 line added, first in line 4: LIMIT 1 (');
    expect(planGithub([changed('a\nb\n', 'a\nb')])).toContain('1 line changed, first in line 2: "b\\n" → b');
    expect(planGithub([changed(null, was)])).toContain('/query: (not set) → 3 lines');
    expect(driftGithub([drifted(was, now)])).toContain('::/query: 1 line changed, first in line 2: "  b" → "  c"\n');
  });

  test('a page has them as preformatted text', () => {
    const page = planHtml([changed(was, now.replace('c', '<c>'))]);
    expect(page).toContain(
      '1 line changed<pre>  SELECT a,\n<del>-   b</del>\n<ins>+   &lt;c&gt;</ins>\n  FROM t</pre></td>',
    );
    expect(planHtml([created(was)])).toContain('<td>3 lines<pre><ins>+ SELECT a,</ins>\n');
  });

  test('drift shows them in text and Markdown', () => {
    const text = driftText([drifted(was, now)], { colour: false });
    expect(text).toContain('      ~ /query: 1 line changed\n            SELECT a,\n          -   b\n          +   c\n');
    expect(driftText([drifted(was, null)], { colour: false })).toContain('~ /query: 3 lines → (not set)\n');
    const markdown = driftMarkdown([drifted(was, now)]);
    expect(markdown).toContain(`  | \`/query\` | 3 lines | 3 lines |\n\n  \`/query\`: 1 line changed\n\n${diff}\n`);
  });

  test('lines give way before entries where the Markdown of drift grows too long', () => {
    const one = drifted(numbered(40), null).drift;
    const drift = Array.from({ length: 300 }, (_, index) =>
      one.map((each) => ({ ...each, address: `CensusDataset/d${index}` })),
    );
    const text = driftMarkdown([{ ...drifted('', null), drift: drift.flat() }]);
    expect(text.length).toBeLessThan(65_536);
    expect(text.match(/\| 40 lines \|/g)).toHaveLength(300);
    expect((text.match(/^ *```/gm)?.length ?? 1) % 2).toBe(0);
  });
});

describe('promise 13: text of several lines cannot break out of', () => {
  const lines = [
    'a\u001b[31mb\u202ec\u009b',
    '::error::x',
    '  ::add-mask::x',
    '##vso[task.setvariable]x',
    '```',
    '````',
    '</details></pre><script>@team',
    '\r# h',
    '',
    '\u2028~~~',
  ];
  const bad = lines.join('\n');
  const pairs: readonly (readonly [Json, Json])[] = [
    [bad, `${bad}\nmore`],
    [`first\n${bad}`, bad],
    [null, bad],
    [bad, null],
    [lines.toReversed().join('\n'), bad],
    // Each beside a change, where no sign stands before it.
    ...lines.map((line) => [`${line}\na`, `${line}\nb`] as const),
  ];
  const plans = [...pairs.map(([from, to]) => changed(from, to)), created(bad)];
  const drift = pairs.map(([was, now]) => drifted(was, now));

  test.each([
    ['a plan in text', planText(plans, { colour: false }), 0],
    ['a plan in Markdown', planMarkdown(plans), 0],
    ['an annotation', plans.map((one) => planGithub([one])).join(''), plans.length],
    ['a page', planHtml(plans), 0],
    ['drift in text', driftText(drift, { colour: false }), 0],
    ['drift in Markdown', driftMarkdown(drift), 0],
    ['an annotation of drift', drift.map((one) => driftGithub([one])).join(''), drift.length],
  ])('%s', (_name, said, commands) => {
    for (const hidden of ['\u001b', '\r', '\u202e', '\u009b', '\u2028']) expect(said).not.toContain(hidden);
    expect(said.match(/^\s*::/gm) ?? []).toHaveLength(commands);
    expect(said.match(/##(?=\w*\[)/g)).toBeNull();
  });

  test.each([
    ['a plan', planMarkdown(plans)],
    ['drift', driftMarkdown(drift)],
  ])('the fence of %s', (_name, text) => {
    const outside: string[] = [];
    let fence = '';
    for (const line of text.split('\n')) {
      // As CommonMark has it: any fence at least as long ends a block, indented by three at most beyond its list item.
      const [, ticks = '', info = ''] = /^ {0,5}(`{3,})(.*)$/.exec(line) ?? [];
      if (fence === '' && ticks !== '') {
        expect(info).toBe('diff');
        fence = ticks;
      } else if (fence !== '' && ticks.length >= fence.length && info.trim() === '') fence = '';
      else if (fence === '') outside.push(line);
    }
    expect(fence).toBe('');
    expect(outside.join('\n')).not.toMatch(/<script>|<\/pre>|@team|^# h/m);
    expect(text).toContain('- </details></pre><script>@team');
  });

  test('a page', () => {
    const page = planHtml(plans);
    expect(page.match(/<script/g)).toHaveLength(1);
    expect(page.match(/<pre>/g)?.length).toBe(page.match(/<\/pre>/g)?.length);
  });
});
