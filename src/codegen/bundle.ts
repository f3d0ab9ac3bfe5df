import { isObject, type Json } from '../model/json.ts';
import { isChoice, union } from './choice.ts';
import { listAt, mapValues, type Node, objectAt, typesOf, without } from './node.ts';
import { type Settling, settle } from './settle.ts';
import type { KindSource, Source } from './source.ts';

/** The schema of a whole manifest of one kind: the envelope with the kind's name and body filled in. */
export function manifestSchema(
  envelope: Source,
  kind: KindSource,
  choices: Settling['choices'],
  overrides?: Node,
): Node {
  const shell = settle(forKind(envelope.schema, kind), { nullable: false, choices });
  const properties = objectAt(shell, 'properties');
  const filled: Record<string, Json | undefined> = {
    ...properties,
    kind: { ...objectAt(properties, 'kind'), const: kind.kind },
    spec: settle(kind.schema, { nullable: true, choices }),
  };
  if (overrides !== undefined)
    filled.overrides = { ...objectAt(properties, 'overrides'), additionalProperties: overrides };
  return {
    ...shell,
    title: `${kind.kind} manifest`,
    properties: filled,
  };
}

/** The envelope without what a kind does not have: nothing can be paused that has no pause, nor replaced that its users would miss. */
function forKind(envelope: Node, { pause, replaceable }: KindSource): Node {
  const properties = objectAt(envelope, 'properties');
  const lifecycle = objectAt(properties, 'lifecycle');
  const parts = objectAt(lifecycle, 'properties');
  const onDelete = objectAt(parts, 'on_delete');
  const ways = listAt(onDelete, 'oneOf').filter(
    (way) => pause !== undefined || !isObject(way) || way.const !== 'pause',
  );
  // In the order of the envelope, which is that of the editor's proposals.
  const inside = mapValues(without(parts, ...(replaceable ? [] : ['replace'])), (part, name) =>
    name === 'on_delete' ? { ...onDelete, oneOf: ways } : part,
  );
  return { ...envelope, properties: { ...properties, lifecycle: { ...lifecycle, properties: inside } } };
}

/** What may stand in an override of a body: any part of it, at any depth. Lists are replaced, so their items stay whole. */
export function patchSchema(envelope: Source, kind: KindSource): Node {
  const words = objectAt(objectAt(objectAt(envelope.schema, 'properties'), 'overrides'), 'additionalProperties');
  const patch = partial(kind.schema, '#/properties/spec');
  return settle(
    { ...patch, title: words.title ?? '', description: words.description ?? '' },
    { nullable: true, choices: 'unfold' },
  );
}

function partial(node: Node, path: string): Node {
  const open = without(
    isChoice(node) ? union(node) : node,
    'required',
    'x-exactly-one',
    'x-at-most-one',
    'x-unless',
    'x-complete',
    'defaultSnippets',
  );
  if (typesOf(open).includes('array')) return { ...open, items: { $ref: `${path}/items` } };
  if (open.properties === undefined) return open;
  return {
    ...open,
    properties: mapValues(objectAt(open, 'properties'), (child, name) => partial(child, `${path}/properties/${name}`)),
  };
}
