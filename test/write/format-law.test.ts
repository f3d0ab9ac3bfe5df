import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseYaml } from '../../src/load/yaml.ts';
import type { Json } from '../../src/model/json.ts';
import { formatted } from '../../src/write/format.ts';
import type { KeyOrder } from '../../src/write/order.ts';
import { document, lineEnds } from './documents.ts';

/** Keys from z to a, so that nearly everything has to move. */
const backwards: KeyOrder = {
  rank: new Map([...'zyxwvutsrqponmlkjihgfedcba'].map((letter, index) => [letter, index])),
  below: () => backwards,
};

test('the canonical form means the same, keeps every comment, and stays as it is', () => {
  fc.assert(
    fc.property(fc.gen(), fc.boolean(), (draw, hasMark) => {
      const { text, remarks } = document(draw);
      const given = (hasMark ? '\ufeff' : '') + text;
      const done = formatted(given, () => backwards);
      expect(meaning(done)).toEqual(meaning(given));
      for (const one of remarks) expect(done.split(one.text.replaceAll('\t', '\t')).length).toBe(2);
      expect(formatted(done, () => backwards)).toBe(done);
      expect(lineEnds(done)).toEqual(lineEnds(text));
      expect(done.startsWith('\ufeff')).toBe(hasMark);
      expect(done).not.toMatch(/(?:\r?\n){4}/);
    }),
    { numRuns: 300 },
  );
}, 120_000);

test('several documents are put in order one by one, and what is between them stays', () => {
  fc.assert(
    fc.property(fc.gen(), (draw) => {
      const [first, second] = [document(draw), document(draw)];
      const text = `${first.text.replace(/[\r\n]*$/, '\n')}---\n# between\n\n${second.text}`;
      const done = formatted(text, () => backwards);
      expect(meaning(done)).toEqual(meaning(text));
      expect(done).toMatch(/^---\n# between$/m);
      expect(formatted(done, () => backwards)).toBe(done);
    }),
    { numRuns: 100 },
  );
}, 120_000);

function meaning(text: string): Json {
  const { documents = [], problems } = parseYaml(text.replace(/^\ufeff/, ''));
  expect(problems).toEqual([]);
  return documents.map((one) => [one.value, one.written()] as Json);
}
