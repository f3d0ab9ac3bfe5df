import type { Endpoint } from '../../model/about.ts';
import type { Address } from '../../model/address.ts';
import type { Blocked, Change, Plan } from '../../model/plan.ts';
import { arranged } from '../plan/words.ts';

/** Where data comes from, what is made of it, what moves it, and where it goes. */
export const columns = ['source', 'dataset', 'sync', 'destination'] as const;
export type Column = (typeof columns)[number];

export interface Node {
  readonly column: Column;
  /** What it is called. Not escaped, like all text here. */
  readonly name: string;
  /** What else is known of it; empty where that is nothing. */
  readonly more: string;
  /** What happens to it; null for what is only touched. */
  readonly entry: Change | Blocked | null;
}

/** Data flows from the one to the other. */
export interface Edge {
  readonly from: Node;
  readonly to: Node;
}

/** What changes, and what that touches. */
export interface Graph {
  readonly nodes: readonly Node[];
  readonly edges: readonly Edge[];
  /** `12 further changes, 110 unchanged`; empty where nothing is left out. */
  readonly leftOut: string;
}

/** A node, and what it is known by: an address, or the id of an end. */
interface Part {
  readonly key: string;
  readonly node: Node;
}

/** What the `most` worst changes of a plan connect; undefined where nothing is known to be connected. */
export function graphOf(plan: Plan, most: number): Graph | undefined {
  const { blocked, deletions, changes, recorded } = arranged(plan);
  const entries = [...blocked, ...deletions, ...changes];
  const drawn = entries.slice(0, most);
  const read = new Set(drawn.flatMap(({ about }) => about?.source?.address ?? []));
  const things = drawn.map((entry) => thing(entry, read.has(entry.address)));
  const chains = things.map((part) => chainOf(part));
  // Things come first: a dataset that changes is no longer one that is only touched.
  const nodes = new Map([...things, ...chains.flat()].toReversed().map(({ key, node }) => [key, node]));
  const edges = new Map(chains.flatMap((chain) => edgesOf(chain, nodes)));
  if (edges.size === 0) return undefined;
  return {
    nodes: [...nodes.values()].toReversed(),
    edges: [...edges.values()],
    leftOut: leftOutWords(entries.length - drawn.length, recorded.length, plan.summary.noop),
  };
}

function leftOutWords(further: number, recorded: number, unchanged: number): string {
  const parts = [
    [further, further === 1 ? 'further change' : 'further changes'],
    [recorded, 'recorded only'],
    [unchanged, 'unchanged'],
  ] as const;
  return parts
    .filter(([count]) => count > 0)
    .map(([count, words]) => `${count} ${words}`)
    .join(', ');
}

function thing(entry: Change | Blocked, isRead: boolean): Part {
  const { about, address, id } = entry;
  const isDataset = isRead || (about !== null && about.source !== null && about.destination === null);
  const objects = [about?.source?.object ?? null, about?.destination?.object ?? null].filter((one) => one !== null);
  const more = objects.length > 0 ? objects.join(' → ') : id === null ? '' : `id ${id}`;
  return { key: address, node: { column: isDataset ? 'dataset' : 'sync', name: nameIn(address), more, entry } };
}

/** From its source, by way of a dataset where a manifest declares one, to the thing; and on to its destination. */
function chainOf(part: Part): readonly Part[] {
  const { source = null, destination = null } = part.node.entry?.about ?? {};
  const by = source?.address ?? null;
  return [
    ...(source === null ? [] : [end('source', source)]),
    ...(by === null || by === part.key ? [] : [touched(by)]),
    part,
    ...(destination === null ? [] : [end('destination', destination)]),
  ];
}

/** An end is known by its id, or else by its name. */
function end(column: Column, { id, name }: Endpoint): Part {
  const key = JSON.stringify([column, id, id === null ? name : '']);
  const known = id === null ? '' : `id ${id}`;
  return { key, node: { column, name: name ?? (known || 'unknown'), more: name === null ? '' : known, entry: null } };
}

function touched(address: Address): Part {
  return { key: address, node: { column: 'dataset', name: nameIn(address), more: '', entry: null } };
}

function nameIn(address: Address): string {
  return address.slice(address.indexOf('/') + 1);
}

function edgesOf(chain: readonly Part[], nodes: ReadonlyMap<string, Node>): readonly (readonly [string, Edge])[] {
  return chain.slice(1).flatMap((part, index) => {
    const before = chain[index]?.key ?? '';
    const [from, to] = [nodes.get(before), nodes.get(part.key)];
    return from === undefined || to === undefined ? [] : [[JSON.stringify([before, part.key]), { from, to }] as const];
  });
}
