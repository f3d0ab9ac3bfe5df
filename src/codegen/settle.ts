import { isObject, type Json } from '../model/json.ts';
import { type Choice, choiceOf, isChoice, isEnum, tagEnum, union } from './choice.ts';
import { withConditions } from './conditions.ts';
import { setRuleNames } from './keywords.ts';
import { listAt, mapValues, type Node, namesAt, objectAt, propertiesOf, textAt, typesOf, without } from './node.ts';

export interface Settling {
  /** Does every optional property also accept null? */
  readonly nullable: boolean;
  /** `unfold` choices into conditions, which report one mistake once; or `keep` them, for readers that want alternatives. */
  readonly choices: 'unfold' | 'keep';
}

/** A source schema in plain JSON Schema: objects closed, optional fields nullable, described constants as an enum. */
export function settle(node: Node, settling: Settling, optional = false): Node {
  // What only the server sets is dropped, so it may be anything.
  if (node.readOnly === true) return { ...wordsOf(node), readOnly: true };
  const plain = isEnum(node) ? enumOf(node) : isChoice(node) ? choice(node, settling) : container(node, settling);
  return optional && settling.nullable ? orNull(plain) : plain;
}

function container(source: Node, settling: Settling): Node {
  // Types cannot say what holds on a condition.
  const node = settling.choices === 'unfold' ? withConditions(source) : source;
  const { items, additionalProperties } = node;
  const isClosed =
    additionalProperties === undefined && (node.properties !== undefined || node.patternProperties !== undefined);
  const required = namesAt(node, 'required');
  return {
    ...(node['x-empty'] === true ? emptyOr(node) : node),
    ...(node.properties === undefined
      ? {}
      : {
          properties: mapValues(objectAt(node, 'properties'), (child, name) =>
            settle(child, settling, !required.includes(name)),
          ),
        }),
    ...(node.patternProperties === undefined
      ? {}
      : { patternProperties: mapValues(objectAt(node, 'patternProperties'), (child) => settle(child, settling)) }),
    ...(isObject(items) ? { items: settle(items, settling) } : {}),
    ...(isObject(additionalProperties) ? { additionalProperties: settle(additionalProperties, settling) } : {}),
    ...(isClosed ? { additionalProperties: false } : {}),
  };
}

/** What an object must have, it must have only if it has anything. */
function emptyOr(node: Node): Node {
  const rules = ['required', ...setRuleNames].filter((keyword) => node[keyword] !== undefined);
  const demands = Object.fromEntries(rules.map((keyword) => [keyword, node[keyword] ?? null]));
  const properties = Object.fromEntries(namesAt(node, 'required').map((name) => [name, true]));
  return {
    ...without(node, ...rules),
    ...when({ type: 'object', minProperties: 1 }, { type: 'object', ...demands, properties }),
  };
}

/** Empty text that is the same as silence may be pasted, though nobody would write it. */
function enumOf(node: Node): Node {
  const branches = listAt(node, 'oneOf').filter(isObject);
  const silent: readonly Node[] = listAt(node, 'x-same').includes('')
    ? [{ const: '', description: 'The same as leaving it out.' }]
    : [];
  const all = [...branches, ...silent];
  const quiet = all.filter((branch) => branch.const === '' || branch['x-form'] === 'manifest');
  return {
    ...without(node, 'oneOf'),
    ...(quiet.length === 0 ? {} : { 'x-quiet': quiet.map((branch) => branch.const ?? null) }),
    type: typeof branches[0]?.const === 'number' ? 'integer' : 'string',
    enum: all.map((branch) => branch.const ?? null),
    enumDescriptions: all.map((branch) => textAt(branch, 'description') ?? ''),
  };
}

function orNull(node: Node): Node {
  if (node.oneOf !== undefined) return { ...node, oneOf: [...listAt(node, 'oneOf'), { type: 'null' }] };
  if (node.enum === undefined) return { ...node, type: [...new Set([...typesOf(node), 'null'])] };
  return {
    ...node,
    type: [...typesOf(node), 'null'],
    enum: [...listAt(node, 'enum'), null],
    enumDescriptions: [...listAt(node, 'enumDescriptions'), 'Clears the field.'],
  };
}

function choice(node: Node, settling: Settling): Node {
  const parts = choiceOf(node);
  if (settling.choices === 'unfold') return unfold(node, parts, settling);
  const branches = [
    ...parts.plain,
    ...parts.tagged.map(({ branch }) => branch),
    ...parts.keyed.map(({ branch }) => branch),
  ];
  return { ...without(parts.rest, 'type'), oneOf: branches.map((branch) => settle(branch, settling)) };
}

function unfold(node: Node, parts: Choice, settling: Settling): Node {
  const hasObjects = parts.tagged.length + parts.keyed.length > 0;
  if (parts.plain.length === 0 && parts.keyed.length === 0) return { ...parts.rest, ...byTag(node, parts, settling) };
  const types = [...parts.plain.flatMap(typesOf), ...(hasObjects ? ['object'] : [])];
  const cases = parts.plain.map((branch) => when({ type: branch.type ?? null }, body(branch, settling)));
  const objects = hasObjects ? [when({ type: 'object' }, byKey(node, parts, settling))] : [];
  return { ...parts.rest, type: types, allOf: [...cases, ...objects] };
}

/** Objects that a constant tells apart. A constant that is none of them does not hide the other mistakes of its object. */
function byTag(node: Node, parts: Choice, settling: Settling): Node {
  const { tag, tagSchema, tagged } = parts;
  if (tag === undefined) throw new Error('A choice without branches.');
  return {
    type: 'object',
    required: [tag],
    properties: { [tag]: settle({ ...tagSchema, ...tagEnum(tagged) }, settling) },
    allOf: [
      ...tagged.map(({ value, branch }) =>
        when(
          { type: 'object', required: [tag], properties: { [tag]: { const: value } } },
          body(withAny(branch, tag), settling),
        ),
      ),
      {
        if: {
          type: 'object',
          required: [tag],
          properties: { [tag]: { enum: tagged.map(({ value }) => value) } },
        },
        else: untagged(node, tag),
      },
    ],
  };
}

/** Every key that some branch knows. */
function untagged(node: Node, tag: string): Node {
  const known = mapValues(objectAt(union(node), 'properties'), quietly);
  return { type: 'object', properties: { ...known, [tag]: true }, additionalProperties: false };
}

/** Objects that a key tells apart. An object with none of the keys is told all that may stand there. */
function byKey(node: Node, parts: Choice, settling: Settling): Node {
  const { tag, tagged, keyed } = parts;
  const [only] = keyed;
  if (tagged.length === 0 && keyed.length === 1 && only !== undefined) return body(only.branch, settling);
  const otherwise = keyed.reduceRight<Node>(
    (rest, { key, branch }) => ({
      ...when({ type: 'object', required: [key], properties: { [key]: true } }, body(branch, settling)),
      else: rest,
    }),
    keyless(node, parts),
  );
  if (tag === undefined || tagged.length === 0) return otherwise;
  return {
    ...when({ type: 'object', required: [tag], properties: { [tag]: true } }, byTag(node, parts, settling)),
    else: otherwise,
  };
}

function keyless(node: Node, { tag, tagged, keyed }: Choice): Node {
  const marks: Record<string, string> = {};
  for (const { key, branch } of [...tagged.map(({ branch }) => ({ key: tag ?? '', branch })), ...keyed])
    for (const [name] of propertiesOf(branch)) if (name !== key) marks[name] ??= key;
  const all = union(node);
  const discriminators = new Set([...(tag === undefined ? [] : [tag]), ...keyed.map(({ key }) => key)]);
  const needs = Object.entries(marks).filter(([name]) => !discriminators.has(name));
  return {
    type: 'object',
    properties: mapValues(objectAt(all, 'properties'), (child, name) =>
      discriminators.has(name) ? wordsOf(child) : quietly(child),
    ),
    additionalProperties: false,
    minProperties: 1,
    dependentRequired: Object.fromEntries(needs.map(([name, key]) => [name, [key]])),
  };
}

/** What an editor shows of a property whose value decides nothing. */
function wordsOf(node: Node): Node {
  return Object.fromEntries(Object.entries(node).filter(([key]) => ['title', 'description', 'examples'].includes(key)));
}

/** The same of one that belongs to some alternatives only: it is proposed once it is known which one is meant. */
function quietly(node: Node): Node {
  return { ...wordsOf(node), 'x-quiet': true };
}

/** A branch without the words that its enum already says. */
function body(branch: Node, settling: Settling): Node {
  return settle(without(branch, 'title', 'description', 'x-form'), settling);
}

/** A branch whose tag the condition has already looked at. */
function withAny(branch: Node, tag: string): Node {
  return { ...branch, properties: { ...objectAt(branch, 'properties'), [tag]: true } };
}

function when(condition: Node, consequence: Node): Record<string, Json> {
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema; nobody awaits a schema
  return { if: condition, then: consequence };
}
