import fc from 'fast-check';
import type { Json } from '../../src/model/json.ts';

/** Texts that YAML takes for something else, or that break it, unless they are quoted. */
const tricky = fc.constantFrom(
  ...[
    '',
    ' ',
    'no',
    'Yes',
    'ON',
    'null',
    '~',
    'True',
    '1',
    '1.10',
    '010',
    '0x1F',
    '7e10',
    '1_000',
    '1:30',
    '.inf',
    '-',
  ],
  ...[
    '- a',
    '? a',
    ': a',
    'a: b',
    'a:',
    'a #b',
    '# a',
    '&a',
    '*a',
    '!a',
    '|',
    '>',
    '%a',
    '@a',
    '`a',
    '---',
    '--- a',
    '...',
  ],
  ...[
    '{{ x }}',
    '{% if x %}',
    '$'.concat('{a}'),
    '[a]',
    'a, b',
    'a]',
    "it's",
    'say "hi"',
    'both \' and "',
    'back\\slash',
  ],
  ...[
    'a\nb',
    'a\n',
    '\na',
    ' a\nb',
    'a\n\n',
    'a \nb',
    'a\n b',
    'a\tb',
    '\ta',
    'a\r\nb',
    '\u0000',
    '\u0085',
    '\u2028',
    '\ufeff',
  ],
  ...[
    '2026-01-01',
    '2026-01-01T00:00:00Z',
    '12345678901234567890',
    '<<',
    '=',
    '-1',
    '+1',
    '1e3',
    '\ud83d\ude00',
    '\u00a0a',
  ],
);

const text = fc.oneof(
  { weight: 3, arbitrary: tricky },
  { weight: 3, arbitrary: fc.stringMatching(/^[a-z][a-z0-9_ .-]{0,12}[a-z0-9]$/) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 20 }) },
);

const simple: fc.Arbitrary<Json> = fc.oneof(
  { weight: 6, arbitrary: text },
  { weight: 1, arbitrary: fc.integer({ min: -1000, max: 1000 }) },
  { weight: 1, arbitrary: fc.boolean() },
  { weight: 1, arbitrary: fc.constant(null) },
  { weight: 1, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }).map((one) => (one === 0 ? 0 : one)) },
);

/** Names of fields, as an API has them, and some that nobody would choose. */
export const key = fc.oneof(
  { weight: 6, arbitrary: fc.stringMatching(/^[a-z]{1,4}$/) },
  { weight: 1, arbitrary: text.filter((one) => !['<<', '__proto__', 'constructor', 'prototype'].includes(one)) },
);

/** Without objects that lack a prototype, which no reader makes. */
export const json: fc.Arbitrary<Json> = fc
  .letrec<{ value: Json }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      simple,
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(key, tie('value'), { maxKeys: 4 }),
    ),
  }))
  .value.map((value) => JSON.parse(JSON.stringify(value)));
