// biome-ignore-all lint/suspicious/noControlCharactersInRegex: control characters are what this is about.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  forHtml,
  forJson,
  forMarkdown,
  forTerminal,
  forWorkflow,
  forWorkflowProperty,
  forXml,
  markdownCode,
} from '../../src/render/escape.ts';
import { style } from '../../src/render/style.ts';

/** What a terminal, a browser or a reader can be fooled with. */
const hidden =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff\u{e0000}-\u{e01ef}]/u;
const nasty = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        '\u001b[2J',
        '\u001b]8;;https://evil\u0007',
        '\u009b31m',
        '\u202e',
        '\u2066',
        '\u200b',
        '\u{e0041}',
        '\ud800',
        '\udc00',
        '\u0000',
        '\r',
        '\n',
        '\t',
        '::error::',
        '\n::set-output name=x::y',
        '##[group]',
        '##vso[task]',
        '%0A',
        '<script>',
        '"',
        "'",
        '&',
        '`',
        '```',
        '|',
        '[x](y)',
        '@someone',
        '#12',
        'GH-1',
        'https://evil',
        'www.evil.example',
        '*',
        '_',
        '<!--',
        '-->',
        ']]>',
        '\uffff',
      ),
    ),
  )
  .map((parts) => parts.join(''));

describe('text from elsewhere', () => {
  test.each<[string, (text: string) => string]>([
    ['a terminal', forTerminal],
    ['XML', forXml],
    ['HTML', forHtml],
    ['Markdown', forMarkdown],
    ['Markdown code', markdownCode],
    ['a workflow command', forWorkflow],
    ['a property of one', forWorkflowProperty],
    ['JSON', forJson],
  ])('hides nothing from %s, and stays one line', (_title, escaped) => {
    fc.assert(
      fc.property(nasty, (text) => {
        expect(escaped(text)).not.toMatch(hidden);
        expect(Buffer.from(escaped(text)).toString()).toBe(escaped(text));
      }),
    );
  });

  test.each<[string, (text: string) => string, string, string]>([
    ['terminal', forTerminal, 'a\u001b[31mb\n\u202ec\u{e0041}', 'a\\u001b[31mb\\n\\u202ec\\u{e0041}'],
    ['terminal, command', forTerminal, ' ::error::x', ' \\u003a:error::x'],
    ['terminal, old commands', forTerminal, 'x ##[group]y ##vso[z]', 'x #\\u0023[group]y #\\u0023vso[z]'],
    ['terminal, plain', forTerminal, 'Zoë 👨‍👩‍👧 a::b #1 — “x”', 'Zoë 👨‍👩‍👧 a::b #1 — “x”'],
    ['xml', forXml, `<a b="c" d='e'>&]]>`, '&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;]]&gt;'],
    ['html', forHtml, '<script>alert(1)</script>', '&lt;script&gt;alert(1)&lt;/script&gt;'],
    ['markdown, markup', forMarkdown, '**a** `b` [c](d) | e', '\\*\\*a\\*\\* \\`b\\` \\[c\\]\\(d\\) \\| e'],
    ['markdown, html', forMarkdown, '<img src=x>&amp;', '&lt;img src\\=x&gt;&amp;amp;'],
    ['markdown, mention', forMarkdown, '@octocat', '@&#8203;octocat'],
    ['markdown, issue', forMarkdown, 'see #12, a/b#3 and GH-4', 'see \\#&#8203;12, a/b\\#&#8203;3 and GH\\-&#8203;4'],
    [
      'markdown, link',
      forMarkdown,
      'https://evil www.evil',
      'https\\:&#8203;// www'.replace('// www', '//evil www&#8203;\\.evil'),
    ],
    ['markdown, one line', forMarkdown, '# a\n- b', '\\# a\\\\n\\- b'],
    ['workflow', forWorkflow, '100%\r\n::error::', '100%25\\r\\n::error::'],
    ['workflow, property', forWorkflowProperty, 'a:b,c%0A', 'a%3Ab%2Cc%250A'],
    ['code', markdownCode, 'a `b` | c', '``a `b` \\u007c c``'],
    ['code of backticks', markdownCode, '``', '``` `` ```'],
    ['code of nothing', markdownCode, '', '`  `'],
  ])('%s', (_title, escaped, text, expected) => {
    expect(escaped(text)).toBe(expected);
  });

  test('JSON still means the same', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        expect(JSON.parse(forJson({ text }, 2))).toEqual({ text });
        expect(forJson([text])).not.toMatch(/##\w*\[/);
      }),
    );
  });

  test('Markdown keeps every character that can be seen', () => {
    const plain = fc.string({
      unit: fc.constantFrom('a', ' ', '*', '_', '[', ']', '(', ')', '|', '`', '~', '@', '#', '1', ':', '/', '.'),
    });
    fc.assert(
      fc.property(plain, (text) => {
        const read = forMarkdown(text).replaceAll('&#8203;', '').replace(/\\(.)/g, '$1');
        expect(read).toBe(text);
      }),
    );
  });
});

test('colours are codes, or nothing', () => {
  expect(style(true).red('x')).toBe('\u001b[31mx\u001b[39m');
  expect(style(false).bold('x')).toBe('x');
});
