import { equal } from '../core/spec/equal.ts';
import { readEvents } from '../load/read-events.ts';
import { isList, isObject, type Json, type JsonObject, type Pointer, tokens } from '../model/json.ts';
import type { FieldTrait } from '../model/traits.ts';
import { changedBlock } from './block.ts';
import { canChange, changedInline } from './change.ts';
import { flowText } from './emit.ts';
import { isBlock, layoutOf } from './layout.ts';
import { type Done, type Left, type Place, rootPlace, type State, seen, writtenAs } from './state.ts';
import { type Node, treesOf } from './tree.ts';

/** What shall stand at a place of a document. */
export interface Wish {
  /** In the document as it is written, from its root: `/spec/mappings`. */
  readonly path: Pointer;
  /** As it is written (with short forms and names), but without variables: a `${` in it is a literal one. undefined: the key goes. */
  readonly value: Json | undefined;
}

/** A text in which wishes have come true. */
export interface Rewritten {
  readonly text: string;
  /** What stayed as it was all the same. */
  readonly left: readonly Left[];
}

/** What else there is to know of a document. */
export interface Knowledge {
  /** The trait of the spec: by which field items of a list are matched, and whether their order counts. */
  readonly spec?: FieldTrait | undefined;
  /** What stands for a variable inside a longer text, where that is not how its value is printed. */
  readonly written?: Readonly<Record<string, string>> | undefined;
}

/**
 * The text with what is wished for, in the order of the wishes, and everything else as it was, byte for byte: only values that differ
 * are touched. Items of lists are matched by their key, or by their likeness, and keep their comments; where a list's key is known
 * and its order does not count, the items keep their order too. What goes takes the comments right above it along. A value
 * under a variable that says something else is left as it is. `document` counts from 0; the text has to be YAML.
 */
export function rewritten(
  text: string,
  document: number,
  wishes: readonly Wish[],
  vars: Readonly<Record<string, Json>>,
  { spec, written }: Knowledge = {},
): Rewritten {
  const mark = text.startsWith('\ufeff') ? '\ufeff' : '';
  const body = text.slice(mark.length);
  const read = readEvents(body);
  if ('stop' in read) throw new Error('A text that is no YAML cannot be rewritten.');
  const root = treesOf(read.text, read.events)[document];
  if (root === undefined) throw new Error('There is no such document.');
  const how = { vars, written };
  const kind = isObject(root.raw) ? root.raw.kind : undefined;
  const now = seenDocument(root.raw, how);
  const wanted = wishes.reduce((value: Json, wish) => wished(value, tokens(wish.path), wish.value), now);
  const state: State = { text: body, layout: layoutOf(body, root), how, anchors: new Map(), left: [], wanted, spec };
  const done = rewriteNode(root, wanted, state, rootPlace(kind));
  const [from, to] = extentOf(root);
  const result = body.slice(0, from) + done.text + body.slice(to);
  const again = readEvents(result);
  const made = 'stop' in again ? undefined : treesOf(again.text, again.events)[document];
  if (made === undefined || !equal(seenDocument(made.raw, how), done.value))
    throw new Error('The text of a manifest would say something else than what is wished for.');
  return { text: mark + result, left: state.left };
}

/** Variables are filled in in the spec and its overrides only. */
function seenDocument(raw: Json, how: State['how']): Json {
  if (!isObject(raw)) return raw;
  const filled = (key: string) => ({ filled: key === 'spec' || key === 'overrides' });
  return Object.fromEntries(
    Object.entries(raw).map(([key, value]) => [key, seen(value ?? null, { how }, filled(key))]),
  );
}

/** A root as it shall be: its text from where its first key begins. */
function rewriteNode(root: Node, wanted: Json, state: State, place: Place): Done {
  if (isBlock(root) && canChange(root, wanted)) return changedBlock(root, wanted, state, place);
  const anew = { text: flowText(writtenAs(wanted, state, place)), value: wanted };
  if (isBlock(root)) return { ...anew, text: anew.text + state.layout.eol };
  return changedInline(root, wanted, state, place, false) ?? anew;
}

function extentOf(root: Node): readonly [number, number] {
  return isBlock(root) ? [root.body, root.stop] : [root.start, root.end];
}

/** A copy of a value with another one at a path. Objects on the way are made where there are none. */
function wished(value: Json, path: readonly string[], wish: Json | undefined): Json {
  const [head, ...rest] = path;
  if (head === undefined) return wish ?? null;
  if (isList(value)) {
    const index = Number(head);
    if (rest.length === 0 && wish === undefined) return value.filter((_, one) => one !== index);
    return Object.assign([...value], { [index]: wished(value[index] ?? null, rest, wish) });
  }
  const object: JsonObject = isObject(value) ? value : {};
  if (wish === undefined && (rest.length === 0 || object[head] === undefined)) {
    return Object.fromEntries(Object.entries(object).filter(([key]) => key !== head)) as JsonObject;
  }
  const below = wished(Object.hasOwn(object, head) ? (object[head] ?? null) : null, rest, wish);
  return equal(object[head], below) ? object : { ...object, [head]: below };
}
