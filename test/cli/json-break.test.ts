import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { jsonBreak } from '../../src/cli/json-break.ts';

describe('where a text stops being JSON', () => {
  test.each([
    ['', 0],
    ['{', 1],
    ['[1,]', 3],
    ['[1 2]', 3],
    ['{"a" 1}', 5],
    ['{a: 1}', 1],
    ['{"a": 01}', 7],
    ['{"a": "\\x"}', 6],
    ['[[[}', 3],
    ['[] []', 3],
    ['{"a": 1,}', 8],
    ['nul', 0],
  ])('%j: at %i', (json, at) => {
    expect(() => JSON.parse(json)).toThrow();
    expect(jsonBreak(json)).toBe(at);
  });

  test('a text that is JSON does not break, nor does any beginning of it before its end', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(4), fc.double({ min: 0, max: 1, noNaN: true }), (json, indent, share) => {
        const text = JSON.stringify(JSON.parse(json), null, indent);
        expect(jsonBreak(text)).toBe(text.length);
        const whole = JSON.stringify([JSON.parse(json)]);
        expect(jsonBreak(whole.replace(/\]$/, ''))).toBe(whole.length - 1);
        expect(jsonBreak(`${text.slice(0, share * text.length)}`)).toBeLessThanOrEqual(text.length);
      }),
    );
  });
});
