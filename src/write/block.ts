import { equal } from '../core/spec/equal.ts';
import { lineStart } from '../load/line-column.ts';
import { isList, isObject, type Json } from '../model/json.ts';
import type { FieldTrait } from '../model/traits.ts';
import { assembled, type Part } from './assemble.ts';
import { canChange, changedInline, keptOrLeft, newValue } from './change.ts';
import { itemText, pairText } from './emit.ts';
import { isBlock } from './layout.ts';
import { lineAfter, lineEnd } from './lines.ts';
import { matchItems } from './match.ts';
import { doubleQuoted, simpleText } from './scalar.ts';
import { anchored, type Done, type Place, placeBelow, type State, seen, writtenAs } from './state.ts';
import type { Collection, Entry } from './tree.ts';

interface BlockPart extends Part {
  readonly value: Json;
}

/** A mapping or a list in a block as it shall be: its text from `body` to `stop`. */
export function changedBlock(node: Collection, wanted: Json, state: State, place: Place): Done {
  const done = node.type === 'map' ? changedMap(node, wanted, state, place) : changedList(node, wanted, state, place);
  if (node.anchor !== undefined) state.anchors.set(node.anchor, done.value);
  return done;
}

function changedMap(node: Collection, wanted: Json, state: State, place: Place): Done {
  const object = isObject(wanted) ? wanted : {};
  const parts: BlockPart[] = [];
  for (const entry of node.entries) {
    const value = object[entry.name];
    if (value !== undefined)
      parts.push(partOf(node, entry, value, state, placeBelow(place, entry.name, 0, state.spec)));
  }
  const kept = new Set(parts.map((part) => part.entry?.name));
  const names = Object.keys(object);
  for (const [index, name] of names.entries()) {
    const value = object[name];
    if (value === undefined || kept.has(name)) continue;
    const below = placeBelow(place, name, 0, state.spec);
    const text = pairText(name, writtenAs(value, state, below), node.column, state.layout) + state.layout.eol;
    const part: BlockPart = { lead: '', text, value, entry: undefined };
    parts.splice(spotOf(parts, name, names.slice(0, index), place), 0, part);
    added.set(part, name);
  }
  const value = Object.fromEntries(parts.map((part) => [nameOf(part), part.value]));
  return { text: assembled(node, parts, state), value };
}

/** The names of pairs that are new. */
const added = new WeakMap<BlockPart, string>();

function nameOf(part: BlockPart): string {
  return part.entry?.name ?? added.get(part) ?? '';
}

/** Where a new key goes: behind the last one that the order has before it, or else behind the one that is wanted before it. */
function spotOf(parts: readonly BlockPart[], name: string, before: readonly string[], { order }: Place): number {
  const rank = order.rank.get(name);
  if (rank !== undefined) {
    const places = parts.map((part) => order.rank.get(nameOf(part)) ?? -1);
    const best = Math.max(-1, ...places.filter((one) => one < rank));
    return best === -1 ? 0 : places.lastIndexOf(best) + 1;
  }
  const last = parts.findLastIndex((part) => before.includes(nameOf(part)));
  return last === -1 ? parts.length : last + 1;
}

function changedList(node: Collection, wanted: Json, state: State, place: Place): Done {
  const items = isList(wanted) ? wanted : [];
  const below = (index: number) => placeBelow(place, undefined, index, state.spec);
  const now = node.entries.map((entry) => seen(entry.value.raw, state, below(0)));
  const found = matchItems(now, items, place.trait?.key);
  const order = [...items.keys()];
  if (isFree(place.trait, state)) order.sort((first, second) => rankIn(found, first) - rankIn(found, second));
  const open = node.entries.length > 0 && node.entries.every(({ value }) => isBlock(value) && value.type === 'map');
  const parts = order.map((index): BlockPart => {
    const value = items[index] ?? null;
    const entry = node.entries[found[index] ?? -1];
    if (entry !== undefined) return partOf(node, entry, value, state, below(index));
    const text = itemText(writtenAs(value, state, below(index)), node.column, state.layout, open) + state.layout.eol;
    return { lead: '', text, value, entry: undefined };
  });
  return { text: assembled(node, parts, state), value: parts.map((part) => part.value) };
}

/** Items that are there keep their order; new ones come last. */
function rankIn(found: readonly number[], index: number): number {
  const place = found[index] ?? -1;
  return place === -1 ? found.length * 2 + index : place;
}

/** Does the order of the items of a list mean nothing? */
function isFree(trait: FieldTrait | undefined, { wanted }: State): boolean {
  if (trait?.key === undefined) return false;
  const spec = isObject(wanted) && isObject(wanted.spec) ? wanted.spec : {};
  const when = Object.entries(trait.ordered_when ?? {});
  // Without a condition the order counts whatever the document says.
  const holds = trait.ordered_when !== undefined && when.every(([field, value]) => equal(spec[field], value));
  const given = trait.ordered_with === undefined ? undefined : spec[trait.ordered_with];
  return !holds && (given === undefined || given === null);
}

function partOf(node: Collection, entry: Entry, wanted: Json, state: State, place: Place): BlockPart {
  const isFirst = node.inline && entry === node.entries[0];
  const lead = isFirst ? '' : state.text.slice(entry.from, lineStart(state.text, entry.start));
  const { text, value } = changedEntry(node, entry, wanted, state, place);
  return { lead, text, value, entry };
}

/** The lines of an entry from its key or dash on. */
function changedEntry(node: Collection, entry: Entry, wanted: Json, state: State, place: Place): Done {
  const { text } = state;
  const { value: old, start, stop } = entry;
  if (isBlock(old)) {
    if (canChange(old, wanted)) {
      const done = changedBlock(old, wanted, state, place);
      return { text: text.slice(start, old.body) + done.text, value: done.value };
    }
    const done = keptOrLeft(old, wanted, state, place);
    if (done !== undefined) return { text: text.slice(start, stop), value: done.value };
    return anew(node, entry, wanted, state, place);
  }
  const done = changedInline(old, wanted, state, place, false);
  if (done === undefined) return anew(node, entry, wanted, state, place);
  const gap = old.start === old.end && old.start === entry.head && done.text !== '' ? ' ' : '';
  return { text: text.slice(start, old.start) + gap + done.text + text.slice(old.end, stop), value: done.value };
}

/** An entry with a value that is written anew. The remark on its line stays. */
function anew(node: Collection, entry: Entry, wanted: Json, state: State, place: Place): Done {
  const { text, layout } = state;
  const { value: old, start, head } = entry;
  const where = { column: node.column, inList: node.type === 'list' };
  // Comments below the old value that stand deeper than its key.
  const below = isBlock(old) ? '' : text.slice(lineAfter(text, old.end), entry.stop);
  const value = writtenAs(wanted, state, place);
  const isApart = typeof value === 'string' && below.length > 0;
  const lines = isApart ? onOneLine(value) : newValue(old, wanted, state, place, where);
  const cut = lines.indexOf(layout.eol);
  const [first, rest] = cut === -1 ? [lines, ''] : [lines.slice(0, cut), lines.slice(cut)];
  const key = text.slice(start, head) + (old.anchor === undefined ? '' : ` ${anchored(old, '').trim()}`);
  if (old.anchor !== undefined) state.anchors.set(old.anchor, wanted);
  return { text: key + first + remarkOf(entry, state) + rest + layout.eol + below, value: wanted };
}

/** A text that takes no lines below its key: comments that stand there would become a part of it. */
function onOneLine(text: string): string {
  return ` ${text.includes('\n') ? doubleQuoted(text) : simpleText(text, 'block')}`;
}

/** The remark on the line of a value, with the blanks before it. */
function remarkOf({ value: old, head }: Entry, { text }: State): string {
  const isMultiline = isBlock(old) || (old.type === 'scalar' && (old.style === 'literal' || old.style === 'folded'));
  const from = isMultiline ? head : old.end;
  const line = text.slice(from, lineEnd(text, from));
  return /(?:^|\s)\s*#.*$/.exec(line)?.[0] ?? '';
}
