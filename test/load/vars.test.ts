// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how references are written.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mergePatch, patchedAt } from '../../src/load/merge-patch.ts';
import { escapeReferences, substitute } from '../../src/load/vars.ts';
import type { Problem } from '../../src/model/diagnostic.ts';
import type { Json, JsonObject } from '../../src/model/json.ts';

function filled(value: Json, vars: Record<string, Json> = {}): { value: Json; refused: string[] } {
  const problems: Problem[] = [];
  const refuse = (name: string, path: string): Problem => ({
    severity: 'error',
    code: 'x',
    message: name,
    hint: '',
    path,
    at: 'value',
  });
  return {
    value: substitute(value, '/spec', { vars, refuse }, problems),
    refused: problems.map((one) => `${one.path} ${one.message}`),
  };
}

describe('variables', () => {
  const vars = { name: 'Prod', hour: 6, on: true, 'a-b': 'dashed' };

  test.each<[string, Json, Json]>([
    [
      'fill a whole text with their own type',
      { a: '${vars.hour}', b: '${vars.on}', c: '${vars.name}' },
      { a: 6, b: true, c: 'Prod' },
    ],
    ['fill parts of a text', 'at ${vars.hour} in ${ vars.name }: ${vars.on}', 'at 6 in Prod: true'],
    ['fill lists and objects', [{ a: ['${vars.a-b}'] }], [{ a: ['dashed'] }]],
    [
      'leave templates alone',
      'costs ${{ price }} or $' + '{ price | round }',
      'costs ${{ price }} or ${ price | round }',
    ],
    ['are escaped by a second dollar', 'literally $${vars.name} and $${x}', 'literally ${vars.name} and ${x}'],
    ['are not looked for in keys', { '${vars.name}': 1 }, { '${vars.name}': 1 }],
    ['leave other values alone', [1, null, true, 'plain $'], [1, null, true, 'plain $']],
  ])('%s', (_title, value, expected) => {
    expect(filled(value, vars)).toEqual({ value: expected, refused: [] });
  });

  test.each<[string, Json, string[]]>([
    ['unset', { a: ['${vars.nope}'] }, ['/spec/a/0 vars.nope']],
    ['of the environment', { 'x/y': '${env.TOKEN}' }, ['/spec/x~1y env.TOKEN']],
    ['of nothing', '${warehouse} and ${var.name}', ['/spec warehouse', '/spec var.name']],
    ['that is not closed', '${vars.name', ['/spec vars.name']],
    ['with more than a name', 'a ${ vars.name | upcase } b', ['/spec vars.name']],
    ['that only objects inherit', '${vars.constructor}', ['/spec vars.constructor']],
  ])('a reference %s is refused and left as it is', (_title, value, refused) => {
    expect(filled(value, vars)).toEqual({ value, refused });
  });

  test('text that was escaped comes back', () => {
    const text = fc
      .array(fc.constantFrom('$', '{', '}', 'vars.name', '${vars.name}', '$$', ' ', 'é'))
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, (one) => {
        expect(filled(escapeReferences(one), vars)).toEqual({ value: one, refused: [] });
      }),
    );
  });
});

describe('overrides', () => {
  test.each<[JsonObject | Json, JsonObject, JsonObject]>([
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b' }, { a: null }, {}],
    [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [[1, 2], { a: 'b', c: null }, { a: 'b' }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ])('%j with %j', (target, patch, expected) => {
    const before = JSON.stringify(target);
    expect(mergePatch(target, patch)).toEqual(expected);
    expect(JSON.stringify(target)).toBe(before);
  });

  test.each<[string[], boolean]>([
    [['a'], true],
    [['a', 'b'], true],
    [['a', 'x'], false],
    [['list', '0', 'deep'], true],
    [['gone'], true],
    [['z'], false],
    [['toString'], false],
  ])('%j is theirs: %j', (path, expected) => {
    expect(patchedAt({ a: { b: 1 }, list: [1], gone: null }, path)).toBe(expected);
  });
});
