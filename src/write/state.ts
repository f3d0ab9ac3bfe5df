import { equal } from '../core/spec/equal.ts';
import { escapeReferences, hasReferences, type Substitution, substitute } from '../load/vars.ts';
import { isList, isObject, type Json, type Pointer, pointer } from '../model/json.ts';
import type { FieldTrait } from '../model/traits.ts';
import { definedEntries, type Layout } from './emit.ts';
import { type KeyOrder, orderOfKind } from './order.ts';
import type { Node } from './tree.ts';

/** A value that was not changed, because that would have cost a variable. */
export interface Left {
  readonly path: Pointer;
  readonly reason: 'variable';
}

/** What came of a value: its text, and what that text says once variables are filled in. */
export interface Done {
  readonly text: string;
  readonly value: Json;
}

/** What is known while a document is rewritten. */
export interface State {
  readonly text: string;
  readonly layout: Layout;
  readonly how: Pick<Substitution, 'vars' | 'written'>;
  /** What the anchors so far stand for in the new text. */
  readonly anchors: Map<string, Json>;
  readonly left: Left[];
  /** The document as it is wanted. */
  readonly wanted: Json;
  /** The trait of the spec, where it is known. */
  readonly spec: FieldTrait | undefined;
}

/** A place in a document. */
export interface Place {
  readonly path: readonly string[];
  readonly order: KeyOrder;
  readonly trait: FieldTrait | undefined;
  /** Are variables filled in here? */
  readonly filled: boolean;
}

/** The root of a document of a kind. `spec`: the trait of its spec. */
export function rootPlace(kind: unknown): Place {
  return { path: [], order: orderOfKind(kind), trait: undefined, filled: false };
}

/** The place of a key, or with `undefined` of an item whose index is `index`. */
export function placeBelow(place: Place, key: string | undefined, index: number, spec: FieldTrait | undefined): Place {
  const path = [...place.path, key ?? String(index)];
  const isSpec = (path.length === 1 && key === 'spec') || (path.length === 2 && place.path[0] === 'overrides');
  const below = key === undefined ? place.trait?.items : (place.trait?.fields?.[key] ?? mapItems(place.trait));
  return {
    path,
    order: place.order.below(key),
    trait: isSpec ? spec : below,
    filled: place.filled || key === 'spec' || (path.length === 1 && key === 'overrides'),
  };
}

function mapItems(trait: FieldTrait | undefined): FieldTrait | undefined {
  return trait?.shape === 'map' ? trait.items : undefined;
}

/** What a value says, with its variables filled in as far as they are set. */
export function seen(raw: Json, { how }: Pick<State, 'how'>, { filled }: Pick<Place, 'filled'>): Json {
  return filled && hasReferences(raw) ? substitute(raw, '', { ...how, refuse }, []) : raw;
}

const refuse: Substitution['refuse'] = (name, path) => ({
  severity: 'error',
  code: 'unset-variable',
  message: name,
  hint: '',
  path,
  at: 'value',
});

/** Does a value, or anything in it, stand under a variable? */
export function hasVariable(raw: Json): boolean {
  if (typeof raw === 'string') return /(?:^|[^$])\$\{\s*[A-Za-z_]/.test(raw);
  if (isList(raw)) return raw.some(hasVariable);
  return isObject(raw) && Object.values(raw).some((child) => child !== undefined && hasVariable(child));
}

/** What has to be written so that it says this value once variables are filled in. */
export function writtenAs(value: Json, state: Pick<State, 'how'>, place: Pick<Place, 'filled'>): Json {
  if (!place.filled || !hasReferences(value)) return value;
  if (typeof value === 'string')
    return hasVariable(value) || seen(value, state, place) !== value ? escapeReferences(value) : value;
  if (isList(value)) return value.map((item) => writtenAs(item, state, place));
  if (!isObject(value)) return value;
  return Object.fromEntries(definedEntries(value).map(([key, child]) => [key, writtenAs(child, state, place)]));
}

/** Notes what the anchors in a node stand for, which stays as it is. */
function remember(node: Node, state: State, place: Place): void {
  if (node.anchor !== undefined) state.anchors.set(node.anchor, seen(node.raw, state, place));
  if (node.type === 'map' || node.type === 'list')
    for (const entry of node.entries) remember(entry.value, state, place);
}

/** Does each alias in a node still stand for what it did? Where its anchor is gone or says something else, its text cannot stay. */
export function canStay(node: Node, state: State, place: Place, own = new Set<string>()): boolean {
  if (node.type === 'alias') {
    const shared = state.anchors.get(node.name);
    return own.has(node.name) || (shared !== undefined && equal(shared, seen(node.raw, state, place)));
  }
  const below = node.type === 'scalar' ? [] : node.entries;
  const holds = below.every((entry) => canStay(entry.value, state, place, own));
  if (node.anchor !== undefined) own.add(node.anchor);
  return holds;
}

/** Notes that a node stays as it is, although something else is wanted. */
export function leave(node: Node, state: State, place: Place): Done {
  state.left.push({ path: pointer(place.path), reason: 'variable' });
  return stay(node, state, place);
}

/** A node as it is. */
export function stay(node: Node, state: State, place: Place): Done {
  remember(node, state, place);
  const isBlock = (node.type === 'map' || node.type === 'list') && !node.flow;
  const text = isBlock ? state.text.slice(node.body, node.stop) : state.text.slice(node.start, node.end);
  return { text, value: seen(node.raw, state, place) };
}

/** A text with the anchor that its place has. */
export function anchored({ anchor }: Node, text: string): string {
  return anchor === undefined ? text : `&${anchor} ${text}`;
}

/**
 * A value on its line, or in brackets, as it shall be; undefined where it needs lines below its key, or another form: then it is written
 * anew. `inFlow`: does it stand in brackets itself?
 */
export type Change = (node: Node, wanted: Json, state: State, place: Place, inFlow: boolean) => Done | undefined;
