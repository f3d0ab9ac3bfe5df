import { isList, isObject, type Json } from '../model/json.ts';
import { listAt, mapChildren, mapValues, type Node, namesAt, objectAt, textAt, typesOf, without } from './node.ts';

export interface Publishing {
  /** Relative to `schemas/`. */
  readonly file: string;
  /** The major version of the package. */
  readonly major: string;
  /** The banner. */
  readonly comment: string;
}

/** Each major version has a branch, which stands at its last release. */
const home = 'https://raw.githubusercontent.com/syncline-dev/syncline';

/** Below which address the schemas of a major version are published. */
export function schemaHome(major: string): string {
  return `${home}/v${major}/schemas/`;
}

/** A settled schema as editors get it: standard keywords and those that VS Code reads, nothing of the house. */
export function publish(schema: Node, { file, major, comment }: Publishing): Node {
  return {
    $comment: comment,
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: schemaHome(major) + file,
    ...tidy(schema),
  };
}

const reference = '\\$\\{vars\\.[A-Za-z_][A-Za-z0-9_-]*\\}';
const scalars: Readonly<Record<string, string>> = {
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
};

/** Lets a variable stand for any scalar that is not text anyway. */
export function withVariables(node: Node): Node {
  const open = mapChildren(node, withVariables);
  const types = typesOf(open);
  if (open.enum !== undefined) return variableEnum(open);
  const wanted = types.filter((type) => type !== 'null');
  const own = textAt(open, 'pattern');
  if (own !== undefined && wanted.includes('integer')) return { ...open, pattern: `${own}|^${reference}$` };
  if (wanted.length === 0 || wanted.some((type) => scalars[type] === undefined)) return open;
  return {
    ...open,
    type: [...types, 'string'],
    pattern: `^${reference}$`,
    patternErrorMessage: `Write ${wanted.map((type) => scalars[type]).join(' or ')}, or a variable such as \${vars.NAME}.`,
  };
}

/** What need not be proposed is accepted by the branch of variables. */
function variableEnum(node: Node): Node {
  const { type, enum: _values, enumDescriptions: _words, ...rest } = node;
  const quiet = namesAt(node, 'x-quiet');
  const lines = namesAt(node, 'enumDescriptions');
  const values = listAt(node, 'enum').map((value, index) => ({ value, words: lines[index] ?? '' }));
  const shown = values.filter(({ value }) => !quiet.includes(String(value)));
  const others = quiet.length === 0 ? '' : `|^(${quiet.join('|')})$`;
  return {
    ...rest,
    anyOf: [
      { type, enum: shown.map(({ value }) => value), enumDescriptions: shown.map(({ words }) => words) },
      // With a title of its own: else editors take the branches for one and show the field's title twice.
      { title: 'Variable', type: 'string', pattern: `${reference}${others}`, patternErrorMessage: notVariable },
    ],
  };
}

const notVariable = `Write one of the values, or a variable such as ${'${'}vars.NAME}.`;

function tidy(node: Node): Node {
  const open = mapChildren(node, tidy);
  const house = Object.keys(open).filter((key) => key.startsWith('x-'));
  const rules = setRules(open);
  return {
    ...words(open),
    ...without(open, ...house, 'title', 'description', 'enumDescriptions', 'default', 'allOf'),
    ...enumWords(open),
    ...warnings(open),
    ...(isObject(open.if) ? { if: silent(open.if) } : {}),
    ...(open.allOf === undefined && rules.length === 0 ? {} : { allOf: [...listAt(open, 'allOf'), ...rules] }),
  };
}

/** A condition without a list of values: editors take such a list for what may be written, and show it. */
function silent(condition: Node): Node {
  const properties = mapValues(objectAt(condition, 'properties'), (child) => {
    const values = namesAt(child, 'enum');
    return values.length === 0 ? child : { type: 'string', pattern: `^(${values.join('|')})$` };
  });
  return condition.properties === undefined ? condition : { ...condition, properties };
}

/** Title and description. Editors show `description` as it is, and render `markdownDescription`. */
function words(node: Node): Node {
  const description = [textAt(node, 'description'), defaultWords(node)].filter(isText).join('\n\n') || undefined;
  return {
    ...(node.title === undefined ? {} : { title: node.title }),
    ...(description === undefined ? {} : { description: plain(description) }),
    ...(description?.includes('`') ? { markdownDescription: description } : {}),
  };
}

/**
 * What absence means, in words: a `default` that editors know they write into the file, together with all others of the object.
 * Undefined where it is told already, or where it is more than one value.
 */
function defaultWords(node: Node): string | undefined {
  const told = [textAt(node, 'description'), ...namesAt(node, 'enumDescriptions')].join(' ');
  if (!['string', 'number', 'boolean'].includes(typeof node.default) || /default|left out/i.test(told))
    return undefined;
  return `The default is \`${String(node.default)}\`.`;
}

function isText(text: string | undefined): text is string {
  return text !== undefined;
}

function enumWords(node: Node): Node {
  const lines = namesAt(node, 'enumDescriptions');
  return {
    ...(lines.length === 0 ? {} : { enumDescriptions: lines.map(plain) }),
    ...(lines.some((line) => line.includes('`')) ? { markdownEnumDescriptions: lines } : {}),
  };
}

/** Editors strike out what is deprecated, and propose neither that nor what only the server sets. */
function warnings(node: Node): Node {
  const replacement = textAt(node, 'x-replacement');
  const hint = textAt(node, 'x-hint');
  return {
    ...(hint === undefined || node.pattern === undefined || node.patternErrorMessage !== undefined
      ? {}
      : { patternErrorMessage: hint }),
    ...(replacement === undefined ? {} : { deprecationMessage: `Deprecated: use ${plain(replacement)}.` }),
    ...(node.deprecated === true || node.readOnly === true || node['x-quiet'] === true ? { doNotSuggest: true } : {}),
  };
}

/** The house's rules about sets of keys, in standard words, with what editors say where one is broken. */
function setRules(node: Node): readonly Node[] {
  const groups = (keyword: string) => listAt(node, keyword).map(namesIn);
  const complete = groups('x-complete');
  const exactlyOne = groups('x-exactly-one');
  return [
    ...exactlyOne.map((keys) => oneOfThese(keys.map((key) => [key]))),
    ...[...exactlyOne, ...groups('x-at-most-one')].flatMap(rivals),
    ...(complete.length === 0 ? [] : [oneOfThese(complete)]),
  ];
}

function oneOfThese(groups: readonly (readonly string[])[]): Node {
  const errorMessage = `Write ${either(groups.map(together))} here.`;
  return { anyOf: groups.map((keys) => ({ required: keys, errorMessage })) };
}

function together(keys: readonly string[]): string {
  return keys.map((key) => `"${key}"`).join(' and ');
}

function either(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} or ${last}`;
}

/** Each key forbids those after it: that is what editors report best. */
function rivals(keys: readonly string[]): readonly Node[] {
  return keys.slice(0, -1).map((key, index) => {
    const others = keys.slice(index + 1);
    return {
      if: { type: 'object', required: [key] },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema; nobody awaits a schema
      then: {
        properties: Object.fromEntries(others.map((rival) => [rival, false])),
        errorMessage: `"${key}" is there already: write one of the two.`,
      },
    };
  });
}

function namesIn(value: Json): readonly string[] {
  return isList(value) ? value.filter((name) => typeof name === 'string') : [];
}

function plain(markdown: string): string {
  return markdown.replaceAll('`', '');
}
