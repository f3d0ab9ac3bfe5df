import type { KeyOrder } from './order.ts';
import type { Entry, Node } from './tree.ts';

/** The pairs of a mapping in the order of their keys; unknown keys last. An anchor stays before the aliases that stand for it. */
export function arranged(entries: readonly Entry[], { rank }: KeyOrder): readonly Entry[] {
  const places = new Map(entries.map((entry) => [entry, rank.get(entry.name) ?? Number.POSITIVE_INFINITY]));
  const placeOf = (entry: Entry) => places.get(entry) ?? 0;
  const waiting = [...entries].sort((a, b) => (placeOf(a) === placeOf(b) ? 0 : placeOf(a) - placeOf(b)));
  const needs = new Map(entries.map((entry) => [entry, namesIn(entry.value, 'alias')]));
  const gives = new Map(entries.map((entry) => [entry, namesIn(entry.value, 'anchor')]));
  const done: Entry[] = [];
  while (waiting.length > 0) {
    const missing = new Set(waiting.flatMap((entry) => gives.get(entry) ?? []));
    const isReady = (entry: Entry) =>
      (needs.get(entry) ?? []).every((name) => !missing.has(name) || gives.get(entry)?.includes(name));
    const [next] = waiting.splice(Math.max(0, waiting.findIndex(isReady)), 1);
    if (next !== undefined) done.push(next);
  }
  return done;
}

/** Is every anchor of a document set once only? */
export function hasOwnAnchors(root: Node): boolean {
  const names = namesIn(root, 'anchor');
  return new Set(names).size === names.length;
}

/** The names of the anchors, or of the aliases, in a node. */
function namesIn(node: Node, what: 'anchor' | 'alias'): string[] {
  if (node.type === 'alias') return what === 'alias' ? [node.name] : [];
  const own = what === 'anchor' && node.anchor !== undefined ? [node.anchor] : [];
  if (node.type === 'scalar') return own;
  return [
    ...own,
    ...node.entries.flatMap(({ key, value }) => [
      ...(key === undefined ? [] : namesIn(key, what)),
      ...namesIn(value, what),
    ]),
  ];
}
