import { _, type Ajv, type Code, type CodeKeywordDefinition, type KeywordCxt, str, stringify } from 'ajv';
import { impacts } from '../model/traits.ts';

const text = { type: 'string', minLength: 1 };
const flag = { const: true };
const values = { type: 'object', minProperties: 1 };
const impact = { enum: [...impacts] };
const closed = (required: readonly string[], properties: object) => ({
  type: 'object',
  required,
  properties,
  additionalProperties: false,
});

/** Keywords that say something about a field and never refuse a value, each with the schema of what it may say. */
const annotations: Readonly<Record<string, object>> = {
  'x-kind': closed(['kind', 'provider', 'noun', 'label'], {
    kind: text,
    provider: text,
    noun: text,
    managed: values,
    replaceable: { const: false },
    label: { type: 'array', minItems: 1, items: text },
    pause: closed(['field', 'value', 'resumed'], {
      field: text,
      value: {},
      resumed: {},
      runs_first: { type: 'object' },
    }),
  }),
  'x-service': closed(['name', 'settle_seconds', 'snippet'], {
    name: text,
    settle_seconds: { type: 'integer', minimum: 0 },
    later: { type: 'array', items: text },
    grouped: { type: 'array', items: text },
    emulators: {
      type: 'object',
      additionalProperties: closed(['options'], { options: { type: 'array', items: text } }),
    },
    snippet: { type: 'object' },
  }),
  'x-form': { const: 'manifest' },
  'x-quiet': { anyOf: [flag, { type: 'array', minItems: 1, items: { type: 'string' } }] },
  'x-shape': { enum: ['value', 'object', 'whole', 'map', 'list'] },
  'x-key': text,
  'x-ordered-when': values,
  'x-ordered-with': text,
  'x-open-when': values,
  'x-same': { type: 'array', minItems: 1 },
  'x-unreadable': flag,
  'x-file': flag,
  'x-prepares': flag,
  'x-lines': flag,
  'x-empty': flag,
  'x-instead': { type: 'array', minItems: 1, items: text },
  'x-unproven': { type: 'array', minItems: 1 },
  'x-initial': { type: 'array', minItems: 1 },
  'x-immutable': { anyOf: [flag, { ...closed([], { when: values, types: values }), minProperties: 1 }] },
  'x-impact': {
    anyOf: [
      impact,
      { type: 'array', minItems: 1, items: closed(['impact'], { from: {}, to: {}, when: values, impact }) },
    ],
  },
  'x-ref': closed(['into'], {
    into: text,
    collection: text,
    manifest: text,
    within: { type: 'string', pattern: '^/' },
    optional: flag,
    agrees: values,
    joins: { type: 'array', minItems: 1, items: { type: 'string', pattern: '^/' } },
  }),
  'x-unless': { type: 'array', minItems: 1, items: text },
  'x-replacement': text,
  'x-hint': text,
  defaultSnippets: { type: 'array', minItems: 1, items: closed(['label', 'body'], { label: text, body: {} }) },
};

const groups = { type: 'array', minItems: 1, items: { type: 'array', minItems: 1, items: text } };

type Groups = readonly (readonly string[])[];

/** How many of `keys` are set; null counts as not set. */
function count(cxt: KeywordCxt, keys: readonly string[]): Code {
  return keys.reduce<Code>((sum, key) => _`${sum} + (${cxt.data}[${key}] != null ? 1 : 0)`, _`0`);
}

function refuse(
  cxt: KeywordCxt,
  broken: Code,
  params: { readonly words: string; readonly keys: Groups | Groups[number] },
): void {
  cxt.gen.if(broken, () => cxt.error(true, { words: params.words, keys: stringify(params.keys) }));
}

/** A rule about which keys of an object are set together. Its errors name the keys in `params.keys`. */
function setRule(keyword: string, check: (cxt: KeywordCxt, schema: Groups) => void): CodeKeywordDefinition {
  return {
    keyword,
    type: 'object',
    schemaType: 'array',
    metaSchema: groups,
    error: {
      message: ({ params }) => str`must have ${params.words ?? ''}`,
      params: ({ params }) => _`{keys: ${params.keys}}`,
    },
    code: (cxt) => check(cxt, cxt.schema),
  };
}

const setRules: readonly CodeKeywordDefinition[] = [
  setRule('x-exactly-one', (cxt, schema) => {
    for (const keys of schema)
      refuse(cxt, _`${count(cxt, keys)} !== 1`, { words: `exactly one of ${keys.join(', ')}`, keys });
  }),
  setRule('x-at-most-one', (cxt, schema) => {
    for (const keys of schema)
      refuse(cxt, _`${count(cxt, keys)} > 1`, { words: `at most one of ${keys.join(', ')}`, keys });
  }),
  setRule('x-complete', (cxt, schema) => {
    const incomplete = schema.map((keys) => _`${count(cxt, keys)} < ${keys.length}`);
    const words = schema.map((keys) => keys.join(' + ')).join(', or ');
    refuse(
      cxt,
      incomplete.reduce((all, one) => _`${all} && ${one}`),
      { words, keys: schema },
    );
  }),
];

/** Teaches ajv the house keywords, so that strict mode accepts them and nothing that is merely close to them. */
export function addHouseKeywords(ajv: Ajv): void {
  for (const [keyword, metaSchema] of Object.entries(annotations)) ajv.addKeyword({ keyword, metaSchema });
  for (const rule of setRules) ajv.addKeyword(rule);
}

export const setRuleNames: readonly string[] = ['x-exactly-one', 'x-at-most-one', 'x-complete'];
