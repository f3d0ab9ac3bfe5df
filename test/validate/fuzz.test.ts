// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how references are written.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { globSync } from 'tinyglobby';
import { afterAll, describe, test } from 'vitest';
import { parseYaml } from '../../src/load/yaml.ts';
import { isList, isObject, type Json } from '../../src/model/json.ts';
import { cli } from '../cli/in-process.ts';
import { answer as fabraAnswer, documented as fabraBody } from '../providers/fabra/build.ts';
import { answers, request } from '../support/census-bodies.ts';
import { folder } from './workspace.ts';

const examples = join(import.meta.dirname, '../../examples');
const project = `version: 1
manifests: [syncs/*.yaml]
targets:
  census: { provider: census, api: v1, token: "\${env.A}", vars: { api: 1.10, list: [1, { a: b }] } }
  fabra: { provider: fabra, api: server, token: "\${env.B}", vars: { api: 1.10, list: [1, { a: b }] } }
`;
const root = folder({ 'syncline.yaml': project, 'syncs/a.yaml': '' }, afterAll);

/** Valid or invalid, and said so; anything else is a fault of the program. */
async function isJudged(file: string, content: string | Uint8Array, format: string): Promise<void> {
  writeFileSync(join(root, file), content);
  const { code, out, err } = await cli(['validate', '--format', format], { cwd: root });
  if (code !== 0 && code !== 3) throw new Error(`validate ended with ${code}: ${out}${err}`);
}

const format = fc.constantFrom('text', 'json', 'github', 'sarif', 'junit');
const texts = [
  project,
  ...globSync('**/*.yaml', { cwd: examples, absolute: true, ignore: '**/.*' }).map((file) =>
    readFileSync(file, 'utf8'),
  ),
];
const documents = texts.flatMap((text) =>
  (parseYaml(text).documents ?? []).flatMap(({ value }) => (isObject(value) ? [value] : [])),
);
const manifests: readonly Json[] = [
  ...documents.filter((one) => 'kind' in one),
  ...[request, ...Object.values(answers)].map((spec) => ({ kind: 'CensusSync', name: 'a', spec })),
  ...[fabraAnswer, fabraBody].map((spec) => ({ kind: 'FabraSync', name: 'a', spec })),
];
const projects: readonly Json[] = documents.filter((one) => 'targets' in one);

const odd = fc.constantFrom<Json>(
  ...[
    null,
    '',
    ' ',
    0,
    -1,
    1e300,
    1e21,
    0.5,
    true,
    [],
    {},
    [[]],
    [null],
    [{}],
    { '': '' },
    { a: null },
    '${vars.api}',
    '${vars.list}',
    '${',
  ],
  ...[
    'CensusSync/a',
    'FabraSync/a',
    '__proto__',
    'constructor',
    'toString',
    '{{ x',
    '0 0 31 2 *',
    '1.10',
    'x'.repeat(300),
    '\ud800',
    '\u0000',
    '/',
  ],
  ...[
    { type: 'constant_value', data: null },
    { type: 'column' },
    { sync: 'a' },
    { constructor: 1 },
    { hasOwnProperty: 1 },
    { length: 1 },
  ],
);
const anything: fc.Arbitrary<Json> = fc.oneof(
  odd,
  fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.parse(JSON.stringify(value))),
  // A part of one manifest in another place of it.
  fc.constantFrom(...manifests.flatMap((one) => [...partsOf(one)])),
);

function* partsOf(value: Json): Generator<Json> {
  yield value;
  if (isList(value)) for (const item of value) yield* partsOf(item);
  else if (isObject(value)) for (const child of Object.values(value)) if (child !== undefined) yield* partsOf(child);
}

/** One of these values with something else in one to three places of it. */
function changed(values: readonly Json[]): fc.Arbitrary<Json> {
  const change = fc.record({
    place: fc.nat(),
    value: anything,
    key: fc.option(fc.constantFrom('', 'a', 'type', 'data', '__proto__', 'sync', 'from')),
  });
  return fc
    .tuple(fc.constantFrom(...values), fc.array(change, { minLength: 1, maxLength: 3 }))
    .map(([value, changes]) =>
      changes.reduce(
        (now, { place, value: other, key }) => put(now, place % [...partsOf(now)].length, other, key),
        value,
      ),
    );
}

/** The value with `other` in place of its part number `place`; with a `key`, beside what is in that part. */
function put(value: Json, place: number, other: Json, key: string | null): Json {
  let at = 0;
  const walk = (one: Json): Json => {
    if (at++ === place) return key !== null && isObject(one) ? { ...one, [key]: other } : other;
    if (isList(one)) return one.map(walk);
    if (!isObject(one)) return one;
    return Object.fromEntries(
      Object.entries(one).map(([name, child]) => [name, child === undefined ? child : walk(child)]),
    );
  };
  return walk(value);
}

const runs = { numRuns: 100 };
const minute = 60_000;

describe('whatever stands in a file is valid, or said to be wrong', () => {
  test(
    'any bytes as a manifest',
    async () => {
      const bytes = fc.oneof(
        fc.uint8Array({ maxLength: 200 }),
        fc.string({
          unit: fc.constantFrom(
            ...'{}[]:,-#&*!|>\'"%@` \n\t\r?~<=$\\\u0000\u2028a1.',
            '---\n',
            '...\n',
            'kind: CensusSync\n',
            '<<: ',
            '\ufeff',
          ),
        }),
      );
      await fc.assert(
        fc.asyncProperty(bytes, format, (content, how) => isJudged('syncs/a.yaml', content, how)),
        runs,
      );
    },
    minute,
  );

  test(
    'any cut and any slip in a text that was valid',
    async () => {
      const slip = fc.record({
        at: fc.nat(),
        length: fc.nat(30),
        text: fc.oneof(
          fc.string({ maxLength: 5 }),
          fc.constantFrom('\t', '\n', '{', '}', '[', '*a', '&a', '!!map ', '---\n', '? ', ': ', '- '),
        ),
      });
      const slipped = fc
        .tuple(fc.constantFrom(...texts), fc.array(slip, { minLength: 1, maxLength: 4 }))
        .map(([text, slips]) =>
          slips.reduce((now, { at, length, text: other }) => {
            const from = at % (now.length + 1);
            return now.slice(0, from) + other + now.slice(from + length);
          }, text),
        );
      await fc.assert(
        fc.asyncProperty(slipped, format, (text, how) => isJudged('syncs/a.yaml', text, how)),
        runs,
      );
    },
    minute,
  );

  test(
    'any value at any place of a manifest',
    async () => {
      const several = fc.array(changed(manifests), { minLength: 1, maxLength: 10 });
      const file = several.map((all) => all.map((one) => `---\n${JSON.stringify(one)}\n`).join(''));
      await fc.assert(
        fc.asyncProperty(file, format, (text, how) => isJudged('syncs/a.yaml', text, how)),
        runs,
      );
    },
    minute,
  );

  test(
    'any value at any place of the project file',
    async () => {
      writeFileSync(join(root, 'syncs/a.yaml'), JSON.stringify(manifests[0]));
      await fc.assert(
        fc.asyncProperty(changed(projects), format, (value, how) =>
          isJudged('syncline.yaml', JSON.stringify(value), how),
        ),
        runs,
      );
      writeFileSync(join(root, 'syncline.yaml'), project);
    },
    minute,
  );
});
