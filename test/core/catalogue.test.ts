import fc from 'fast-check';
import { expect, test } from 'vitest';
import { catalogueText } from '../../src/core/catalogue/text.ts';
import { withCatalogues } from '../../src/core/gitignore.ts';
import type { Catalogue, CatalogueContent } from '../../src/model/catalogue.ts';

const name = fc.string({ maxLength: 4 });
const columns = fc.array(fc.record({ name, type: name }, { requiredKeys: ['name'] }), { maxLength: 4 });
const queries = fc.array(fc.record({ name, columns }, { requiredKeys: ['name'] }), { maxLength: 3 });
const tables = fc.array(fc.record({ catalog: name, schema: name, name, columns }, { requiredKeys: ['name'] }), {
  maxLength: 4,
});
const source = fc.record({ name, type: name, tables, models: queries, datasets: queries }, { requiredKeys: ['name'] });
const field = fc.record(
  { full_name: name, required: fc.boolean(), keys: fc.array(name) },
  { requiredKeys: ['full_name'] },
);
const object = fc.record(
  { full_name: name, operations: fc.array(name), fields: fc.array(field, { maxLength: 4 }) },
  { requiredKeys: ['full_name'] },
);
const destination = fc.record({ name, objects: fc.array(object, { maxLength: 3 }) }, { requiredKeys: ['name'] });
const content = fc.record(
  { sources: fc.array(source, { maxLength: 3 }), destinations: fc.array(destination, { maxLength: 3 }) },
  { requiredKeys: [] },
);

const early = { at: '2026-11-01T00:00:00.000Z', api: 'census v1' };
const later = { ...early, at: '2026-11-20T00:00:00.000Z' };
const muchLater = { ...early, at: '2026-12-20T00:00:00.000Z' };

function reversed<Value>(value: Value): Value {
  if (Array.isArray(value)) return value.map(reversed).reverse() as Value;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, reversed(one)])) as Value;
}

const parsed = (text: string): Catalogue => JSON.parse(text);

test('a text holds its content, whatever the order of lists, and is written the same again', () => {
  fc.assert(
    fc.property(content, (one) => {
      const text = catalogueText(one as CatalogueContent, early, undefined);
      expect(catalogueText(reversed(one) as CatalogueContent, early, undefined)).toBe(text);
      const { sources, destinations, ...head } = parsed(text);
      expect(head).toEqual({ version: 1, ...early });
      expect([sources?.length, destinations?.length]).toEqual([one.sources?.length, one.destinations?.length]);
      expect(catalogueText(parsed(text), later, parsed(text))).toBe(text);
    }),
  );
});

test('the time moves with the content, and where the file has grown old', () => {
  const before = parsed(catalogueText({ sources: [{ name: 'A' }] }, early, undefined));
  const at = (next: CatalogueContent, head: typeof early) => parsed(catalogueText(next, head, before)).at;
  expect(at({ sources: [{ name: 'A' }] }, later)).toBe(early.at);
  expect(at({ sources: [{ name: 'A' }] }, muchLater)).toBe(muchLater.at);
  expect(at({ sources: [{ name: 'B' }] }, later)).toBe(later.at);
  expect(at({ sources: [{ name: 'A' }] }, { ...later, api: 'census v2' })).toBe(later.at);
});

test.each([
  ['', ''],
  ['node_modules\n', 'node_modules\n'],
  ['.syncline/\n', '.syncline/*\n!.syncline/catalogue/\n'],
  ['a\r\n/.syncline\r\nb\r\n', 'a\r\n.syncline/*\r\n!.syncline/catalogue/\r\nb\r\n'],
  ['.syncline/*\n!.syncline/catalogue/\n', '.syncline/*\n!.syncline/catalogue/\n'],
  ['# .syncline/\nx\n.syncline/', '# .syncline/\nx\n.syncline/*\n!.syncline/catalogue/'],
])('%j lets catalogues in', (text, expected) => {
  expect(withCatalogues(text)).toBe(expected);
  expect(withCatalogues(expected)).toBe(expected);
});
