// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how references are written.
/** YAML text, the code of its only problem, line, column, a word of the message and one of the hint. */
export type YamlRow = readonly [
  title: string,
  text: string,
  code: string,
  line: number,
  column: number,
  message: string,
  hint: string,
];

export const yamlRows: readonly YamlRow[] = [
  ['a plain no', 'a: 1\npaused: no\n', 'yaml-1.1', 2, 9, 'false in YAML 1.1', '"no"'],
  ['a plain Yes in a list', 'a: [x, Yes]\n', 'yaml-1.1', 1, 8, 'true in YAML 1.1', 'true or false'],
  ['a plain on as a key', 'on: 1\n', 'yaml-1.1', 1, 1, 'Unquoted on', '"on"'],
  ['a plain y', 'to: y\n', 'yaml-1.1', 1, 5, 'Unquoted y', '"y"'],
  ['an octal number', 'zip: 01234\n', 'yaml-1.1', 1, 6, 'octal', '"01234"'],
  ['a number in base 60', 'at: 12:30\n', 'yaml-1.1', 1, 5, 'base 60', '"12:30"'],
  ['a binary number', 'mask: 0b101\n', 'yaml-1.1', 1, 7, 'binary', '"0b101"'],
  ['a number with digit groups', 'size: 1_000\n', 'yaml-1.1', 1, 7, 'digit groups', 'plain decimal'],
  ['a power of ten without a point', 'id: 7e10\n', 'yaml-1.1', 1, 5, 'text in YAML 1.1 and a number in', '"7e10"'],
  ['a power of ten without a sign', 'id: 1.5e3\n', 'yaml-1.1', 1, 5, 'text in YAML 1.1', '"1.5e3"'],
  ['a new octal number', 'a: { constant: 0o17 }\n', 'yaml-1.1', 1, 16, 'text in YAML 1.1', '"0o17"'],
  ['a hexadecimal number with a sign', 'a: -0x1F\n', 'yaml-1.1', 1, 4, 'a hexadecimal number in YAML 1.1', '"-0x1F"'],
  ['digit groups behind the point', 'a: 1.000_000\n', 'yaml-1.1', 1, 4, 'digit groups', '"1.000_000"'],
  ['an older version', '%YAML 1.1\n---\na: 1\n', 'yaml-1.1', 1, 1, 'version of YAML', '%YAML'],
  ['an integer beyond 2^53', 'id: 9007199254740993\n', 'unsafe-integer', 1, 5, 'beyond 2^53', 'Quote'],
  ['a hexadecimal integer beyond 2^53', 'id: 0xFFFFFFFFFFFFFFF\n', 'unsafe-integer', 1, 5, 'rounded', 'Quote'],
  [
    'too many decimals',
    'a: 0.12345678901234567891\n',
    'unsafe-integer',
    1,
    4,
    'would be rounded',
    '0.12345678901234568',
  ],
  ['a decimal beyond all numbers', 'a: 1.0e+400\n', 'unsafe-integer', 1, 4, 'would be rounded', 'Quote it'],
  ['a decimal that is nothing', 'a: 1.0e-400\n', 'unsafe-integer', 1, 4, 'would be rounded', 'such as 0'],
  ['a large integer with a point', 'a: 9007199254740993.0\n', 'unsafe-integer', 1, 4, 'would be rounded', 'Quote it'],
  ['infinity', 'a: -.inf\n', 'not-json', 1, 4, 'does not have', 'finite'],
  ['not a number', 'a: { b: .nan }\n', 'not-json', 1, 9, 'does not have', 'finite'],
  ['not a number, on purpose', 'a: !!float .nan\n', 'not-json', 1, 12, 'does not have', 'finite'],
  ['a large integer, on purpose', 'a: !!int "99999999999999999999"\n', 'unsafe-integer', 1, 10, 'beyond 2^53', 'Quote'],
  ['a key that stands twice', 'a: 1\nb: 2\na: 3\n', 'duplicate-key', 3, 1, 'first is on line 1', 'Remove one'],
  ['a quoted key that stands twice', '{ a: 1, "a": 2 }\n', 'duplicate-key', 1, 9, 'second time', 'Remove one'],
  ['a prototype key', 'spec:\n  __proto__: { a: 1 }\n', 'forbidden-key', 2, 3, '__proto__', 'remove'],
  ['a prototype key in disguise', '"\\x5f_proto__": 1\n', 'forbidden-key', 1, 1, '__proto__', 'remove'],
  ['a constructor key', 'a: { constructor: 1 }\n', 'forbidden-key', 1, 6, 'constructor', 'remove'],
  ['a merge key', 'a: &a { b: 1 }\nc:\n  <<: *a\n', 'merge-key', 3, 3, '<<', 'anchor'],
  ['a number as a key', 'a:\n  1: x\n', 'non-string-key', 2, 3, 'not text', 'quotes'],
  ['null as a key', '~: x\n', 'non-string-key', 1, 1, 'not text', 'quotes'],
  ['a list as a key', '? [a, b]\n: x\n', 'non-string-key', 1, 3, 'not text', 'quotes'],
  ['an alias as a key', 'a: &k x\n*k : 1\n', 'non-string-key', 2, 1, 'not text', 'quotes'],
  ['an unknown tag', 'a: !!binary aGk=\n', 'unknown-tag', 1, 4, '!!binary', 'Remove the tag'],
  ['a tag of somebody else', 'a: !secret x\n', 'unknown-tag', 1, 4, '!secret', 'plain JSON'],
  ['an alias without an anchor', 'a: *nobody\n', 'unknown-alias', 1, 4, '*nobody', 'anchor first'],
  ['an alias inside its own anchor', 'a: &a [1, *a]\n', 'alias-loop', 1, 11, '*a', 'Write the value out'],
  ['many aliases', `a: &a x\nb: [${'*a, '.repeat(101)}]\n`, 'too-many-aliases', 2, 405, '100 aliases', 'split'],
  ['aliases that explode', bomb(), 'too-many-aliases', 5, 25, '10000 values', 'split'],
  ['a tab in the indentation', 'a:\n\tb: 1\n', 'tab-indent', 2, 1, 'tab', 'spaces'],
  ['a bracket that is not closed', 'a: [1, 2\n', 'yaml-syntax', 2, 1, 'not valid YAML', 'bracket'],
  ['a quote that is not closed', 'a: "x\n', 'yaml-syntax', 2, 1, 'not valid YAML', 'quote'],
  ['two values on one line', 'a: b: c\n', 'yaml-syntax', 1, 5, 'not valid YAML', 'indent'],
  ['a control character', 'a: "x\u0007"\n', 'yaml-syntax', 1, 6, 'not valid YAML', 'control character'],
  ['a template', 'a: {{ record["x"] | upcase }}\n', 'unquoted-braces', 1, 4, 'own syntax', 'must be in quotes'],
  ['a short template', 'a:\n  - {{ x }}\n', 'unquoted-braces', 2, 5, 'own syntax', 'starts with `{{` or `{%`'],
  ['a template with more behind it', 'a: {{ x }} y\n', 'unquoted-braces', 1, 4, 'own syntax', 'must be in quotes'],
  ['a template over two lines', 'a: {{ x\n}}\n', 'unquoted-braces', 1, 4, 'own syntax', 'must be in quotes'],
  ['a template that begins with a tag', 'a: {% if x %}b{% endif %}\n', 'unquoted-braces', 1, 4, 'own', '`{%`'],
  ['braces inside a list', 'a: [x, syncs/**/*.{yaml,yml}]\n', 'unquoted-braces', 1, 8, 'own', '`{ }` inside `[ ]`'],
  ['a reference inside braces', 'a: { b: ${vars.x}, c: 1 }\n', 'unquoted-braces', 1, 9, 'own', 'must be in quotes'],
  [
    'JSON that cannot be read on',
    'a: {\n  "b": 1 # one\n}\n',
    'yaml-syntax',
    3,
    1,
    'indentation',
    'Indent this "}" by one space',
  ],
  ['text in quotes too far to the left', 'a: [\n  "b\nc"\n  ]\n', 'yaml-syntax', 3, 1, 'indentation', 'open quote'],
  ['brackets that end nowhere', `a: ${'['.repeat(100_000)}\n`, 'yaml-syntax', 1, 103, 'nesting', 'bracket'],
  ['far too deep', `a: ${'['.repeat(200)}${']'.repeat(200)}\n`, 'yaml-syntax', 1, 103, 'nesting', 'bracket'],
];

/** Five levels, each ten times the one before. */
function bomb(): string {
  const levels = ['a: &l0 [x]'];
  for (let level = 1; level < 6; level++)
    levels.push(
      `l${level}: &l${level} [${Array(10)
        .fill(`*l${level - 1}`)
        .join(', ')}]`,
    );
  return `${levels.join('\n')}\n`;
}
