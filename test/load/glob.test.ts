import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { advance, compileGlobs, type GlobState, isMatch } from '../../src/load/glob.ts';
import { matches } from '../../src/model/address.ts';
import { compileWildcard } from '../../src/model/wildcard.ts';
import { growth } from '../support/growth.ts';

/** What a glob of an address means, without a thought for speed. */
function simply(text: string, glob: string): boolean {
  if (glob === '') return text === '';
  const [first = '', rest] = [glob[0], glob.slice(1)];
  if (first === '*') return simply(text, rest) || (text !== '' && simply(text.slice(1), glob));
  return text !== '' && (first === '?' || first === text[0]) && simply(text.slice(1), rest);
}

/** What a path glob of whole names, `*` and `**` means. */
function simplyPath(path: readonly string[], glob: readonly string[]): boolean {
  const [first, ...rest] = glob;
  if (first === undefined) return path.length === 0;
  if (first === '**') return simplyPath(path, rest) || (path.length > 0 && simplyPath(path.slice(1), glob));
  return path.length > 0 && simply(path[0] ?? '', first) && simplyPath(path.slice(1), rest);
}

function walked(path: readonly string[], patterns: readonly string[]): readonly GlobState[] {
  return path.reduce<readonly GlobState[]>((states, name) => advance(states, name), compileGlobs(patterns));
}

describe('a glob of addresses', () => {
  test('means what a simple reading of it means', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '/', '.', '('), maxLength: 8 });
    const glob = fc.string({ unit: fc.constantFrom('a', 'b', '/', '.', '(', '*', '?'), maxLength: 8 });
    fc.assert(
      fc.property(text, glob, (one, pattern) => {
        expect(matches(one, pattern)).toBe(simply(one, pattern));
      }),
      { numRuns: 5000 },
    );
  });

  test.each<[string, string, boolean]>([
    ['CensusSync/a', 'CensusSync/*', true],
    ['CensusSync/a', 'CensusSync/?', true],
    ['CensusSync/ab', 'CensusSync/?', false],
    ['CensusSync/[a]', 'CensusSync/[a]', true],
    ['CensusSync/a', 'CensusSync/[a]', false],
    ['CensusSync/😀', 'CensusSync/?', true],
    ['', '', true],
    ['', '*', true],
  ])('%j by %j: %j', (text, glob, expected) => {
    expect(matches(text, glob)).toBe(expected);
  });
});

describe('a glob of paths', () => {
  test('means what a simple reading of it means', () => {
    const name = fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 1, maxLength: 3 });
    const part = fc.oneof(
      fc.constant('**'),
      fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), minLength: 1, maxLength: 3 }),
    );
    const path = fc.array(name, { minLength: 1, maxLength: 5 });
    const glob = fc.array(part, { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(path, glob, (one, pattern) => {
        expect(walked(one, [pattern.join('/')]).some(isMatch)).toBe(simplyPath(one, pattern));
      }),
      { numRuns: 5000 },
    );
  });

  test('is in few states at a time, however many stars it has and however deep the path', () => {
    const glob = `${'**/'.repeat(30)}x.yaml`;
    const states = walked(Array(40).fill('a'), [glob]);
    expect(states.length).toBeLessThanOrEqual(31);
  });

  test.each<[string, string, boolean]>([
    ['[a-c]x', 'bx', true],
    ['[a-c]x', 'dx', false],
    ['[!a-c]x', 'dx', true],
    ['[z-a]', 'b', false],
    ['a[', 'a[', true],
    ['[]]', ']', false],
    ['[\\d]', '5', false],
    ['[é]', 'é', true],
  ])('%j and %j: %j', (pattern, text, expected) => {
    expect(compileWildcard(pattern, { sets: true })(text)).toBe(expected);
  });
});

test('the time that a glob takes grows with the text, not with its power', () => {
  const glob = `CensusSync/${'*a'.repeat(9)}*b`;
  expect(growth((size) => matches(`CensusSync/${'a'.repeat(size)}`, glob), 20_000)).toBeLessThan(40);
  const set = compileWildcard(`${'[a-c]*'.repeat(20)}x`, { sets: true });
  expect(growth((size) => set('b'.repeat(size)), 20_000)).toBeLessThan(40);
});
