// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how references are written.
import fc from 'fast-check';
import { dump } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import {
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseAllDocuments,
  parseDocument,
  stringify,
} from 'yaml';
import { forbiddenKeys } from '../../src/load/construct.ts';
import { linesOf } from '../../src/load/line-column.ts';
import { locator } from '../../src/load/locate.ts';
import { parseYaml } from '../../src/load/yaml.ts';
import { pointer } from '../../src/model/json.ts';
import { growth } from '../support/growth.ts';
import { yamlRows } from './yaml-rows.ts';

function valuesOf(text: string): unknown[] | undefined {
  return parseYaml(text).documents?.map((one) => one.value);
}

describe('what YAML allows and manifests do not', () => {
  test.each(yamlRows)('%s', (_title, text, code, line, column, message, hint) => {
    const { problems } = parseYaml(text);
    const lines = linesOf(text);
    expect(problems.map((one) => [one.code, ...Object.values(lines(one.offset))])).toEqual([[code, line, column]]);
    expect(problems[0]?.message).toContain(message);
    expect(problems[0]?.hint).toContain(hint);
  });

  test('all problems of a text are found at once', () => {
    const { problems } = parseYaml('a: no\nb: 010\na: 2\n---\nc: yes\n');
    expect(problems.map((one) => one.code)).toEqual(['yaml-1.1', 'yaml-1.1', 'duplicate-key', 'yaml-1.1']);
  });

  test('a document with problems hides neither its neighbours nor itself', () => {
    expect(valuesOf('a: 1\n---\nb: no\nb: 2\n? [x]\n: 1\n<<: { d: 1 }\n__proto__: 1\n---\nc: 2\n')).toEqual([
      { a: 1 },
      { b: 'no', d: 1 },
      { c: 2 },
    ]);
  });

  test('what explodes is not put together', () => {
    expect(valuesOf(`a: &a x\nb: [${'*a, '.repeat(101)}]\n`)).toEqual([undefined]);
  });

  test('no value gets hold of a prototype', () => {
    parseYaml('a: { __proto__: { polluted: true } }\n');
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });
});

describe('what is read', () => {
  test.each<[string, string, unknown[]]>([
    ['nothing', '', []],
    ['a comment', '# nothing\n', []],
    ['empty documents', '---\n---\n', [undefined, undefined]],
    ['an empty document between two', 'a: 1\n---\n---\nb: 2\n', [{ a: 1 }, undefined, { b: 2 }]],
    ['JSON', '{"a": [1, true, null, "x"]}', [{ a: [1, true, null, 'x'] }]],
    ['quoted surprises', `a: "no"\nb: '010'\nc: "1:30"\n`, [{ a: 'no', b: '010', c: '1:30' }]],
    [
      'words that only start like surprises',
      'a: nobody\nb: yesterday\nc: oN\nd: -x\ne: 1.0.0\nf: 2026-01-02\n',
      [{ a: 'nobody', b: 'yesterday', c: 'oN', d: '-x', e: '1.0.0', f: '2026-01-02' }],
    ],
    [
      'numbers',
      'a: 0\nb: -12\nc: 1.5\nd: 1.0e+3\ne: 0x1F\nf: +7\ng: 9007199254740991\nh: 0.30000000000000004\ni: 1.10\n',
      [{ a: 0, b: -12, c: 1.5, d: 1000, e: 31, f: 7, g: 9007199254740991, h: 0.30000000000000004, i: 1.1 }],
    ],
    ['explicit text', 'a: !!str 010\nb: ! no\n', [{ a: '010', b: 'no' }]],
    ['aliases', 'a: &x [1]\nb: *x\n', [{ a: [1], b: [1] }]],
    ['aliases of null', 'a: &x null\nb: *x\nc: &y\nd: *y\n', [{ a: null, b: null, c: null, d: null }]],
    ['keys of Object.prototype', 'toString: 1\nhasOwnProperty: 2\n', [{ toString: 1, hasOwnProperty: 2 }]],
    ['a block', 'a: |\n  {{ x }}\n  no\n', [{ a: '{{ x }}\nno\n' }]],
  ])('%s', (_title, text, documents) => {
    expect(parseYaml(text).problems).toEqual([]);
    expect(valuesOf(text)).toEqual(documents);
  });

  test('how a number is written is remembered where it is printed in another way', () => {
    const text = 'a: 1.10\nb: 1.1\nc: [+5, "1.10", 0x1F, -0]\n';
    const [document] = parseYaml(text).documents ?? [];
    expect(document?.spellings.map((one) => `${one.written}@${one.offset}`)).toEqual([
      '1.10@3',
      '+5@19',
      '0x1F@31',
      '-0@37',
    ]);
    expect(document?.asText).toEqual({ a: '1.10', b: 1.1, c: ['+5', '1.10', '0x1F', '-0'] });
  });

  test('documents start at their first node', () => {
    const text = '# comment\n---\n# more\nkind: A\n---\n{ kind: B }\n';
    expect(parseYaml(text).documents?.map(({ start }) => linesOf(text)(start))).toEqual([
      { line: 4, column: 1 },
      { line: 6, column: 1 },
    ]);
  });
});

const corpus: readonly string[] = [
  'kind: CensusSync\nname: users\nspec:\n  mappings:\n    - from: EMAIL # key\n      to: Email\n    - { from: "NAME", to: \'Name\' }\n  paused: false\n',
  '# comment\n\n---\na:\n- 1\n-   b: 2\n    c: [x, {d: e}]\n-\n  - nested\n',
  '{"json": {"list": [1, "two", null, {"three": 3.5}]}, "empty": {}}',
  'folded: >-\n  some\n  text\n\n  more\nliteral: |+ # comment\n  a | b\n\nlast: "esc\\"aped \\u00e9"\n',
  'a: &anchor\n  b: 1\nc: *anchor\nd: !!str 12\ne: &s text\n',
  'windows: 1\r\nlines:\r\n  - a\r\n  - |\r\n    block\r\n',
  '"quoted key": 1\n? explicit\n: value\n\'single\': [ "a" , b ]\n',
  'ünïcode: "ä😀b"\nafter: {x: 1}\n',
  'multi: first line\n  second line\nempty:\nnext: ""\n',
];

/** Every place of a document, as the `yaml` package sees it. */
function placesOf(text: string): { path: string; key: [number, number]; value: [number, number] }[] {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter });
  const at = (node: Node | null | undefined, otherwise: [number, number]): [number, number] => {
    const [start, end] = node?.range ?? [0, 0];
    if (node === null || node === undefined || (isScalar(node) && start === end && node.value === null))
      return otherwise;
    const { line, col } = counter.linePos(start);
    return [line, col];
  };
  const places: { path: string; key: [number, number]; value: [number, number] }[] = [];
  const visit = (node: Node | null | undefined, path: (string | number)[]): void => {
    if (isMap(node)) {
      for (const pair of node.items) {
        if (!isPair(pair) || !isScalar(pair.key)) continue;
        const inside = [...path, String(pair.key.value)];
        const key = at(pair.key, [1, 1]);
        const value = pair.value as Node | null;
        places.push({ path: pointer(inside), key, value: at(value, key) });
        visit(value, inside);
      }
    }
    if (isSeq(node)) {
      for (const [index, item] of node.items.entries()) {
        const value = at(item as Node, [1, 1]);
        places.push({ path: pointer([...path, index]), key: value, value });
        visit(item as Node, [...path, index]);
      }
    }
  };
  visit(document.contents, []);
  return places;
}

function expectSamePlaces(text: string): void {
  const find = locator(text);
  const expected = placesOf(text);
  const found = expected.map(({ path }) => {
    const [key, value] = [find(0, path, 'key'), find(0, path, 'value')];
    return { path, key: [key.line, key.column], value: [value.line, value.column] };
  });
  expect(found).toEqual(expected);
}

/** Text and keys that need no second look, but all kinds of quoting. */
const words = fc.oneof(
  fc.stringMatching(/^[a-zA-Z][a-zA-Z_ -]{3,12}[a-z]$/),
  fc.constantFrom(
    'a: b',
    '# x',
    '- y',
    '{ z',
    '"q"',
    "it's",
    ' lead',
    'trail ',
    '{{ liquid }}',
    'line\nbreak\n',
    'é',
    '${vars.x}',
    'no',
    '010',
    '',
  ),
);
const keys = fc.oneof(
  fc.stringMatching(/^[a-z][a-z_]{3,8}[a-z]$/).filter((key) => !forbiddenKeys.has(key)),
  fc.constantFrom('a b', 'x/y', 'm~n', 'key: k', '#k', 'on', '1'),
);
const { tree } = fc.letrec<{ tree: unknown; leaf: unknown }>((tie) => ({
  leaf: fc.oneof(
    words,
    fc.integer({ min: -1e9, max: 1e9 }),
    fc.boolean(),
    fc.constant(null),
    fc
      .double({ min: -1e6, max: 1e6, noNaN: true })
      .map((x) => x + 0)
      .filter((x) => !String(x).includes('e')),
  ),
  tree: fc.oneof(
    { maxDepth: 4 },
    tie('leaf'),
    fc.array(tie('tree'), { maxLength: 4 }),
    fc.dictionary(keys, tie('tree'), { maxKeys: 4, noNullPrototype: true }),
  ),
}));
const mapping = fc.dictionary(keys, tree, { minKeys: 1, maxKeys: 5, noNullPrototype: true });

/** With old readers in mind, so that text such as "no" is quoted. */
function written(value: unknown, ours: boolean, flow: boolean): string {
  if (ours) return dump(value, { flowLevel: flow ? 2 : -1 });
  return stringify(value, { collectionStyle: flow ? 'flow' : 'any', compat: 'yaml-1.1' });
}

describe('the two YAML packages agree', () => {
  test.each(corpus)('on the values of %j', (text) => {
    expect(valuesOf(text)).toEqual(parseAllDocuments(text).map((document) => document.toJS()));
  });

  test.each(corpus)('on the places of %j', expectSamePlaces);

  test('on the values of anything that either of them writes', () => {
    fc.assert(
      fc.property(mapping, fc.boolean(), fc.boolean(), (value, ours, flow) => {
        const text = written(value, ours, flow);
        const parsed = parseYaml(text);
        expect(parsed.problems).toEqual([]);
        expect(valuesOf(text)).toEqual([parseDocument(text).toJS()]);
        expect(valuesOf(text)).toEqual([value]);
      }),
    );
  });

  test('on the places of anything that either of them writes', () => {
    fc.assert(
      fc.property(mapping, fc.boolean(), fc.boolean(), (value, ours, flow) => {
        expectSamePlaces(written(value, ours, flow));
      }),
    );
  });
});

describe('places', () => {
  test('a path that leads nowhere ends at its nearest ancestor', () => {
    const find = locator('a:\n  b: 1\n---\nc: [1, { d: 2 }]\n');
    expect(find(0, '/a/x/y', 'value')).toEqual({ line: 2, column: 3 });
    expect(find(1, '/c/1/d', 'key')).toEqual({ line: 4, column: 10 });
    expect(find(1, '/c/7', 'value')).toEqual({ line: 4, column: 4 });
    expect(find(5, '/c', 'value')).toEqual({ line: 1, column: 1 });
  });

  test('a path through an alias leads into what it stands for', () => {
    expect(locator('a: &x { b: 1 }\nc: *x\n')(0, '/c/b', 'value')).toEqual({ line: 1, column: 12 });
  });
});

test('the time that pasted JSON in many documents takes grows with their number', () => {
  const part = (index: number) => `---\nname: a${index}\nspec: {\n "b": [\n  1\n ]\n}\n`;
  const times = growth((size) => parseYaml(Array.from({ length: size }, (_, index) => part(index)).join('')), 800);
  expect(times).toBeLessThan(50);
});
