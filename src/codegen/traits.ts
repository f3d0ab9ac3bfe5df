import { isList, isObject, type Json, type Pointer, pointer } from '../model/json.ts';
import {
  type FieldTrait,
  type ImmutableWhen,
  type Impact,
  type ImpactRule,
  impacts,
  type KindTraits,
  type Reference,
} from '../model/traits.ts';
import { choiceOf, isChoice, isEnum, union } from './choice.ts';
import { type Node, objectAt, propertiesOf, typesOf } from './node.ts';
import type { KindSource } from './source.ts';

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** What an object hands down to its fields. */
interface Inherited {
  readonly impact: readonly ImpactRule[] | undefined;
  readonly immutable: FieldTrait['immutable'];
}

/** Everything the core must know about a kind, out of its source. */
export function kindTraits(source: KindSource): KindTraits {
  const { kind, noun, label, pause, managed, replaceable } = source;
  return {
    kind,
    noun,
    spec: { shape: 'object', fields: fieldsOf(source.schema, '', { impact: undefined, immutable: undefined }) },
    label,
    ...(pause === undefined ? {} : { pause }),
    ...(managed === undefined ? {} : { managed: values(managed) }),
    replaceable,
    references: referencesIn(source.schema, [], {}),
  };
}

function fieldsOf(node: Node, path: Pointer, inherited: Inherited): Readonly<Record<string, FieldTrait>> {
  const flat = isChoice(node) ? union(node, (branch) => !isManifestOnly(branch)) : node;
  const fields = propertiesOf(flat).filter(([, child]) => !isManifestOnly(child));
  return Object.fromEntries(fields.map(([name, child]) => [name, fieldOf(child, path + pointer([name]), inherited)]));
}

function isManifestOnly(node: Node): boolean {
  return node['x-form'] === 'manifest';
}

function fieldOf(node: Node, path: Pointer, inherited: Inherited): FieldTrait {
  if (node.readOnly === true) return { shape: 'value', server: true };
  if (path.includes('/*') && node['x-ref'] !== undefined)
    throw new Error(`${path} is inside a list, where names are not resolved.`);
  const impact = rulesOf(node) ?? inherited.impact;
  const immutable = immutableOf(node) ?? inherited.immutable;
  if (impact === undefined) throw new Error(`${path} does not say what a change costs (x-impact).`);
  const trait: Writable<FieldTrait> = { shape: shapeOf(node) };
  Object.assign(trait, plainTraits(node));
  if (immutable !== undefined) trait.immutable = immutable;
  trait.impact = impact;
  const unconditional = impact.filter(
    ({ from, to, when }) => from === undefined && to === undefined && when === undefined,
  );
  const handedDown = { impact: unconditional.length === 0 ? undefined : unconditional, immutable };
  if (trait.shape === 'object' || trait.shape === 'whole') trait.fields = fieldsOf(node, path, handedDown);
  if (trait.shape === 'list') trait.items = fieldOf(objectAt(node, 'items'), `${path}/*`, handedDown);
  if (trait.shape === 'map') trait.items = { shape: 'value', impact };
  return trait;
}

/** The traits that the source states word for word. */
function plainTraits(node: Node): Partial<FieldTrait> {
  const {
    default: byDefault,
    'x-same': same,
    'x-instead': instead,
    'x-key': key,
    'x-unproven': unproven,
    'x-initial': initial,
    'x-ordered-with': companion,
  } = node;
  return {
    ...(byDefault === undefined ? {} : { default: byDefault }),
    ...(isList(same) ? { same } : {}),
    ...(isList(instead) ? { instead: instead.map(String) } : {}),
    ...(node.deprecated === true ? { deprecated: true } : {}),
    ...(node['x-unreadable'] === true ? { unreadable: true } : {}),
    ...(node['x-file'] === true ? { file: true } : {}),
    ...(node['x-prepares'] === true ? { prepares: true } : {}),
    ...(node['x-lines'] === true ? { lines: true } : {}),
    ...(isList(unproven) ? { unproven } : {}),
    ...(isList(initial) ? { initial } : {}),
    ...(typeof key === 'string' ? { key } : {}),
    ...(node['x-ordered-when'] === undefined ? {} : { ordered_when: values(objectAt(node, 'x-ordered-when')) }),
    ...(typeof companion === 'string' ? { ordered_with: companion } : {}),
    ...(node['x-open-when'] === undefined ? {} : { open_when: values(objectAt(node, 'x-open-when')) }),
  };
}

const shapes = ['value', 'object', 'whole', 'map', 'list'] as const;

function shapeOf(node: Node): FieldTrait['shape'] {
  const stated = shapes.find((shape) => shape === node['x-shape']);
  if (stated !== undefined) return stated;
  if (isEnum(node)) return 'value';
  const [type] = typesOf(node);
  if (type === 'array') return 'list';
  if (type !== 'object') return 'value';
  return node.properties === undefined ? 'map' : 'object';
}

function rulesOf(node: Node): readonly ImpactRule[] | undefined {
  const stated = node['x-impact'];
  if (isImpact(stated)) return [{ impact: stated }];
  if (!isList(stated)) return undefined;
  return stated.filter(isObject).map((rule) => {
    const { from, to, impact } = rule;
    if (!isImpact(impact)) throw new Error('An impact rule without an impact.');
    return {
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
      ...(rule.when === undefined ? {} : { when: values(objectAt(rule, 'when')) }),
      impact,
    };
  });
}

function isImpact(value: unknown): value is Impact {
  return impacts.some((impact) => impact === value);
}

function immutableOf(node: Node): FieldTrait['immutable'] {
  const stated = node['x-immutable'];
  if (stated === undefined) return undefined;
  if (!isObject(stated)) return true;
  const conditions: Writable<ImmutableWhen> = {};
  if (stated.when !== undefined) conditions.when = values(objectAt(stated, 'when'));
  if (stated.types !== undefined) conditions.types = texts(objectAt(stated, 'types'));
  return conditions;
}

function values(node: Node): Readonly<Record<string, Json>> {
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, value ?? null]));
}

function texts(node: Node): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, String(value)]));
}

type Conditions = Readonly<Record<Pointer, Json>>;

/** The places that hold a name, in the order of the source. A branch adds the constant that tells it apart as a condition. */
function referencesIn(node: Node, path: readonly string[], when: Conditions): readonly Reference[] {
  if (isManifestOnly(node)) return [];
  if (!isChoice(node))
    return propertiesOf(node).flatMap(([name, child]) => referencesAt(node, child, [...path, name], when));
  const { tag, tagged } = choiceOf(node);
  return tagged.flatMap(({ value, branch }) =>
    referencesIn(branch, path, tag === undefined ? when : { ...when, [pointer([...path, tag])]: value }),
  );
}

function referencesAt(holder: Node, node: Node, path: readonly string[], when: Conditions): readonly Reference[] {
  const inside = referencesIn(node, path, when);
  if (node['x-ref'] === undefined) return inside;
  const { into = '', collection, manifest, within, optional, agrees, joins } = objectAt(node, 'x-ref');
  const target = objectAt(objectAt(holder, 'properties'), String(into));
  if (typesOf(target).length === 0)
    throw new Error(`${pointer(path)} refers into ${into}, which is no field beside it.`);
  if (collection === undefined && manifest === undefined)
    throw new Error(`${pointer(path)} does not say what it names.`);
  const reference: Reference = {
    path: pointer(path),
    into: pointer([...path.slice(0, -1), String(into)]),
    id: typesOf(target).includes('integer') ? 'number' : 'text',
    ...(typeof manifest === 'string' ? { manifest } : {}),
    ...(typeof collection === 'string' ? { collection } : {}),
    ...(typeof within === 'string' ? { within } : {}),
    ...(Object.keys(when).length === 0 ? {} : { when }),
    ...(optional === true ? { optional } : {}),
    ...(isObject(agrees) ? { agrees: texts(agrees) } : {}),
    ...(isList(joins) ? { joins: joins.map(String) } : {}),
  };
  return [reference, ...inside];
}
