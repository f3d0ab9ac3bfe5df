import { lineStart } from '../load/line-column.ts';
import { isList, isObject, type Json } from '../model/json.ts';
import { flowPair, flowText } from './emit.ts';
import { indentAt } from './lines.ts';
import { matchItems } from './match.ts';
import { anchored, type Change, type Done, type Place, placeBelow, type State, seen, writtenAs } from './state.ts';
import type { Collection, Entry, Node } from './tree.ts';

/** An entry of the new text. */
interface FlowPart {
  readonly text: string;
  /** Where it comes from; undefined where it is new. */
  readonly entry: Entry | undefined;
}

interface Part extends FlowPart {
  readonly value: Json;
  readonly name: string;
}

interface Manner {
  /** Are texts in quotes, as JSON has them? */
  readonly json: boolean;
  readonly change: Change;
}

/** A mapping or a list in brackets as it shall be: its text, with its anchor. */
export function changedFlow(node: Collection, wanted: Json, state: State, place: Place, change: Change): Done {
  const json = isJson(node, state.text);
  const parts =
    node.type === 'map'
      ? pairs(node, wanted, state, place, { json, change })
      : items(node, wanted, state, place, { json, change });
  const value =
    node.type === 'map' ? Object.fromEntries(parts.map((one) => [one.name, one.value])) : parts.map((one) => one.value);
  return { text: assembledFlow(node, parts, state), value };
}

function pairs(node: Collection, wanted: Json, state: State, place: Place, manner: Manner): Part[] {
  const object = isObject(wanted) ? wanted : {};
  const parts: Part[] = [];
  for (const entry of node.entries) {
    const value = object[entry.name];
    if (value !== undefined)
      parts.push(partOf(entry, value, state, placeBelow(place, entry.name, 0, state.spec), manner));
  }
  const { rank } = place.order;
  for (const [name, value] of Object.entries(object)) {
    if (value === undefined || parts.some((one) => one.name === name)) continue;
    const below = placeBelow(place, name, 0, state.spec);
    const text = flowPair(name, writtenAs(value, state, below), manner.json);
    const own = rank.get(name) ?? Number.POSITIVE_INFINITY;
    const before = parts.findLastIndex((one) => (rank.get(one.name) ?? -1) < own);
    parts.splice(before + 1, 0, { text, value, name, entry: undefined });
  }
  return parts;
}

function items(node: Collection, wanted: Json, state: State, place: Place, manner: Manner): Part[] {
  const list = isList(wanted) ? wanted : [];
  const below = (index: number) => placeBelow(place, undefined, index, state.spec);
  const now = node.entries.map((entry) => seen(entry.value.raw, state, below(0)));
  const found = matchItems(now, list, place.trait?.key);
  return list.map((value, index) => {
    const entry = node.entries[found[index] ?? -1];
    if (entry !== undefined) return partOf(entry, value, state, below(index), manner);
    return { text: flowText(writtenAs(value, state, below(index)), manner.json), value, name: '', entry: undefined };
  });
}

function partOf(entry: Entry, wanted: Json, state: State, place: Place, manner: Manner): Part {
  const { value: old, name, start, head, end, key } = entry;
  const { text } = state;
  const done = manner.change(old, wanted, state, place, true) ?? {
    text: anchored(old, flowText(writtenAs(wanted, state, place), manner.json)),
    value: wanted,
  };
  if (old.anchor !== undefined) state.anchors.set(old.anchor, done.value);
  const isEmpty = old.start === old.end;
  const same = text.slice(old.start, old.end) === done.text;
  const gap = !isEmpty || same ? '' : key !== undefined && text[head - 1] !== ':' ? ': ' : ' ';
  const before = text.slice(start, isEmpty ? head : old.start);
  return { text: before + gap + done.text + (isEmpty ? '' : text.slice(old.end, end)), value: done.value, name, entry };
}

/** Is it written as JSON, with quotes around every key? */
function isJson(node: Node, text: string): boolean {
  if (node.type === 'scalar') return node.style === 'double';
  if (node.type === 'alias' || !node.flow) return false;
  const [first] = node.entries;
  if (first === undefined) return false;
  return first.key === undefined ? isJson(first.value, text) : first.key.style === 'double';
}

/** What stood between two entries stays there; where there are new neighbours, it is what stands between the others. */
export function assembledFlow(
  node: Collection,
  parts: readonly FlowPart[],
  state: Pick<State, 'text' | 'layout'>,
): string {
  const { text } = state;
  const { entries } = node;
  const isSame = parts.length === entries.length && parts.every((one, index) => one.entry === entries[index]);
  const first = entries[0]?.start ?? node.inner + 1;
  const open = text.slice(node.start, first);
  const close = text.slice(entries.at(-1)?.end ?? first, node.end);
  const gaps = entries.slice(1).map((entry, index) => text.slice(entries[index]?.end ?? entry.start, entry.start));
  if (!isSame && [open.slice(node.inner - node.start), ...gaps, close].some((gap) => gap.includes('#')))
    return withRemarks(node, parts, state);
  const usual = gaps[0] ?? (/[\r\n]/.test(open) ? `,${state.layout.eol}${indentAt(text, first)}` : ', ');
  let result = open;
  for (const [index, part] of parts.entries()) {
    const before = parts[index - 1]?.entry;
    const at = part.entry === undefined ? -1 : entries.indexOf(part.entry);
    const isNeighbour = before !== undefined && at > 0 && entries[at - 1] === before;
    result += (index === 0 ? '' : isNeighbour ? (gaps[at - 1] ?? usual) : usual) + part.text;
  }
  return result + close;
}

/** Every entry on lines of its own, with its remarks. */
function withRemarks(
  node: Collection,
  parts: readonly FlowPart[],
  { text, layout }: Pick<State, 'text' | 'layout'>,
): string {
  const { entries } = node;
  const first = entries[0];
  const bracket = text.slice(node.start, node.inner + 1);
  const closing = text.slice(node.end - 1, node.end);
  const before = text.slice(lineStart(text, node.end - 1), node.end - 1);
  const outer = /^[ \t]*/.exec(text.slice(lineStart(text, node.start)))?.[0] ?? '';
  const startsLine = first !== undefined && text.slice(lineStart(text, first.start), first.start).trim() === '';
  const indent = startsLine ? indentAt(text, first.start) : `${outer}${' '.repeat(layout.step)}`;
  const remarks = entries.map((entry, index) => {
    const before = gapParts(text.slice(entries[index - 1]?.end ?? node.inner + 1, entry.start));
    const after = gapParts(text.slice(entry.end, entries[index + 1]?.start ?? node.end - 1));
    return { above: before.above, behind: after.behind, rest: index === entries.length - 1 ? after.above : [] };
  });
  const opening = gapParts(text.slice(node.inner + 1, first?.start ?? node.inner + 1)).behind;
  const lines = parts.flatMap((part, index) => {
    const own = part.entry === undefined ? undefined : remarks[entries.indexOf(part.entry)];
    const comma = index === parts.length - 1 ? '' : ',';
    const behind = (own?.behind ?? []).map((remark) => ` ${remark}`).join('');
    return [...(own?.above ?? []), `${part.text}${comma}${behind}`];
  });
  const all = [...lines, ...(remarks.at(-1)?.rest ?? [])];
  const start = bracket + opening.map((remark) => ` ${remark}`).join('');
  // Every line in brackets stands deeper than the key or the dash before them, the last one too.
  const last = before.trim() === '' ? before : indent;
  return [start, ...all.map((line) => indent + line)].join(layout.eol) + layout.eol + last + closing;
}

/** The remarks between two entries: those on the line of the first one, and those above the second. */
function gapParts(gap: string): { readonly behind: readonly string[]; readonly above: readonly string[] } {
  const lines = gap.split(/\r\n|\n|\r/);
  const remarks = lines.map((line) => /(?:^|[\s,])(#.*)$/.exec(line)?.[1]);
  const [here, ...below] = remarks;
  const above = below.filter((one) => one !== undefined);
  return { behind: here === undefined ? [] : [here], above: above };
}
