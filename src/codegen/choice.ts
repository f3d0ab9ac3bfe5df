import { isObject, type Json } from '../model/json.ts';
import { listAt, type Node, namesAt, objectAt, propertiesOf, textAt, typesOf, without } from './node.ts';

/** A `oneOf` taken apart: how to tell which of its branches is meant. */
export interface Choice {
  /** What the node says besides its branches and their common properties. */
  readonly rest: Node;
  /** At most one branch for each JSON type that is not an object. */
  readonly plain: readonly Node[];
  /** The property whose constant tells object branches apart. */
  readonly tag: string | undefined;
  readonly tagSchema: Node;
  readonly tagged: readonly { readonly value: Json; readonly branch: Node }[];
  /** Object branches that are told apart by a required key. */
  readonly keyed: readonly { readonly key: string; readonly branch: Node }[];
}

/** Is it a list of described constants, that is, an enum? */
export function isEnum(node: Node): boolean {
  const branches = listAt(node, 'oneOf');
  return branches.length > 0 && branches.every((branch) => isObject(branch) && branch.const !== undefined);
}

export function isChoice(node: Node): boolean {
  return listAt(node, 'oneOf').length > 0 && !isEnum(node);
}

/** Takes a `oneOf` apart. Throws where one mistake could not be told from another, because two branches look alike. */
export function choiceOf(node: Node): Choice {
  const branches = listAt(node, 'oneOf').filter(isObject);
  const objects = branches.filter((branch) => isObjectBranch(node, branch));
  const tag = tagOf(objects);
  const tagged = objects.filter((branch) => tag !== undefined && constantOf(branch, tag) !== undefined);
  const keyed = objects.filter((branch) => !tagged.includes(branch));
  return {
    rest: without(node, 'oneOf', 'properties', 'required'),
    plain: branches.filter((branch) => !objects.includes(branch)),
    tag,
    tagSchema: tag === undefined ? {} : objectAt(objectAt(node, 'properties'), tag),
    tagged: tagged.map((branch) => ({
      value: (tag === undefined ? undefined : constantOf(branch, tag)) ?? null,
      branch: merged(node, branch, tag),
    })),
    keyed: keyed.map((branch) => ({
      key: keyOf(branch, keyed),
      branch: merged(without(node, 'required'), branch, tag),
    })),
  };
}

function isObjectBranch(node: Node, branch: Node): boolean {
  return typesOf(branch).includes('object') || (typesOf(branch).length === 0 && typesOf(node).includes('object'));
}

/** The property that is a constant in some branch. */
function tagOf(branches: readonly Node[]): string | undefined {
  return branches.flatMap((branch) => propertiesOf(branch)).find(([, child]) => child.const !== undefined)?.[0];
}

function constantOf(branch: Node, tag: string): Json | undefined {
  return objectAt(objectAt(branch, 'properties'), tag).const;
}

function keyOf(branch: Node, all: readonly Node[]): string {
  const own = namesAt(branch, 'required').find((key) =>
    all.every((other) => other === branch || objectAt(other, 'properties')[key] === undefined),
  );
  if (own === undefined)
    throw new Error(`Nothing tells the choice "${textAt(branch, 'title') ?? ''}" from its neighbours.`);
  return own;
}

/** A branch with the properties that all of them share. What both describe is the branch's, on top of the common words. */
function merged(node: Node, branch: Node, tag: string | undefined): Node {
  const own = objectAt(branch, 'properties');
  const names = new Set([...Object.keys(objectAt(node, 'properties')), ...Object.keys(own)]);
  const isTagged = tag !== undefined && own[tag] !== undefined;
  const properties = [...names]
    .filter((name) => name !== tag || isTagged)
    .map((name) => {
      const common = objectAt(objectAt(node, 'properties'), name);
      return [name, own[name] === undefined ? common : { ...common, ...objectAt(own, name) }] as const;
    });
  const required = [
    ...new Set([...namesAt(node, 'required'), ...(isTagged ? [tag] : []), ...namesAt(branch, 'required')]),
  ];
  return { ...branch, type: 'object', required, properties: Object.fromEntries(properties) };
}

/**
 * The choice as one object that has every key of every branch: what may stand there, whichever branch is meant. Where branches
 * differ, one that may be written counts, and not one that only answers have.
 */
export function union(node: Node, keep: (branch: Node) => boolean = () => true): Node {
  const { rest, tag, tagSchema, tagged, keyed } = choiceOf(node);
  const kept = [...tagged.map(({ branch }) => branch), ...keyed.map(({ branch }) => branch)].filter(keep);
  const properties: Record<string, Json> = {};
  const all = kept.flatMap(propertiesOf);
  const rank = (child: Node): boolean => child.readOnly !== true && child['x-form'] !== 'manifest';
  for (const [name, child] of [...all.filter(([, one]) => rank(one)), ...all]) properties[name] ??= child;
  if (tag !== undefined) properties[tag] = { ...tagSchema, ...tagEnum(tagged.filter(({ branch }) => keep(branch))) };
  return { ...rest, type: 'object', properties };
}

/** The values of a tag as an enum that says what each branch is. */
export function tagEnum(tagged: Choice['tagged']): Node {
  return {
    oneOf: tagged.map(({ value, branch }) => ({
      const: value,
      description: textAt(branch, 'description') ?? String(value),
      ...(branch['x-form'] === undefined ? {} : { 'x-form': branch['x-form'] }),
    })),
  };
}
