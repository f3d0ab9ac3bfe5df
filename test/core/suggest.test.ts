import { describe, expect, test } from 'vitest';
import { appearance, isBlank, looksAlike, spelt, toldApart } from '../../src/core/look-alike.ts';
import { didYouMean, listed, suggester } from '../../src/core/suggest.ts';
import { growth } from '../support/growth.ts';

describe('two texts that the eye cannot tell apart', () => {
  test.each([
    ['composed and decomposed', 'Caf\u00e9', 'Cafe\u0301'],
    ['a blank at the end', 'X', 'X '],
    ['a blank at the start', 'X', ' X'],
    ['a no-break space', 'Sales Force', 'Sales\u00a0Force'],
    ['a thin space', 'Sales Force', 'Sales\u2009Force'],
    ['two blanks', 'Sales Force', 'Sales  Force'],
    ['zero width', 'Users', 'Us\u200bers'],
    ['a soft hyphen', 'Users', 'Us\u00aders'],
    ['a mark of direction', 'Users', 'Users\u200e'],
    ['a filler', 'Users', 'Users\u3164'],
  ])('%s', (_title, one, other) => {
    expect(looksAlike(one, other)).toBe(true);
    const [first, second] = toldApart(one, other);
    expect(first).not.toBe(second);
    expect(`${appearance(first)} ${appearance(second)}`).toContain('\\u');
  });

  test.each([
    ['X', 'X'],
    ['Users', 'users'],
    ['a b', 'ab'],
    ['x²', 'x2'],
  ])('but not %j and %j', (one, other) => {
    expect(looksAlike(one, other)).toBe(false);
  });

  test.each(['', ' ', '\t', '\u00a0', '\u200b\u2060', '\u3000 \ufeff', '\u3164', '\u2800', '\u0000'])(
    '%j is blank',
    (text) => {
      expect([isBlank(text), isBlank(`${text}x`)]).toEqual([true, false]);
    },
  );

  test('nothing is spelt that can be seen', () => {
    expect(spelt('Café हिन्दी 한국어 a b')).toBe('Café हिन्दी 한국어 a b');
    expect(spelt(' a  b ')).toBe('\\u0020a\\u0020\\u0020b\\u0020');
  });
});

describe('a suggestion', () => {
  test('says what differs where the eye cannot', () => {
    expect(didYouMean('Sales Force', ['Sales Forces', 'Sales\u00a0Force'], '')).toBe(
      'Did you mean "Sales\\u00a0Force"? It looks the same, and "Sales Force" is written.',
    );
    expect(didYouMean('Café', ['Cafe\u0301'], '')).toBe(
      'Did you mean "Cafe\\u0301"? It looks the same, and "Café" is written.',
    );
  });

  test('is the closest, or else all names by closeness, with what cannot be seen spelt out', () => {
    expect(didYouMean('wharehouse', ['warehouses', 'warehouse'], '')).toBe('Did you mean "warehouse"?');
    expect(didYouMean('ab', ['vwxyz', 'abcd', 'b\u00a0c'], '')).toBe('There is "abcd", "b\\u00a0c" and "vwxyz".');
    expect(didYouMean('x', [], 'Nothing there.')).toBe('Nothing there.');
    expect(listed(Array(9).fill('a'))).toMatch(/and 1 more$/);
  });

  test('takes a time that grows with the names and the words, not with their product', () => {
    const names = (count: number) => Array.from({ length: count }, (_, index) => `users-of-region-${index * 7}`);
    const work = (count: number) => {
      const suggest = suggester(names(count), '');
      for (let index = 0; index < count; index++) suggest(`user-of-regions-${index * 5}`);
    };
    expect(growth(work, 200)).toBeLessThan(50);
    expect(growth((count) => didYouMean('x'.repeat(count), ['y'.repeat(count)], ''), 5_000)).toBeLessThan(50);
  });
});
