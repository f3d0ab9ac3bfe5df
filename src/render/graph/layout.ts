import { type Column, columns, type Edge, type Graph, type Node } from './graph.ts';

interface Place {
  readonly x: number;
  readonly y: number;
}

/** Where everything stands, in pixels. Places are those of upper left corners. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  /** Where the columns begin that are not empty, from left to right. */
  readonly starts: ReadonlyMap<Column, number>;
  readonly places: ReadonlyMap<Node, Place>;
}

export const widths: Readonly<Record<Column, number>> = { source: 172, dataset: 164, sync: 266, destination: 148 };
export const nodeHeight = 42;
const rowHeight = 52;
const gap = 52;
/** Room for the names of the columns. */
const top = 30;

/** How often all columns are put in order by each other; more changes little. */
const sweeps = 4;

/** A place for each node: a column for each sort, and what is connected near each other, so that few lines cross. */
export function layoutOf({ nodes, edges }: Graph): Layout {
  const rows = rowsOf(nodes, neighboursOf(edges));
  const starts = startsOf(nodes);
  const places = nodes.map((node) => {
    const y = top + (rows.get(node) ?? 0) * rowHeight;
    return [node, { x: starts.get(node.column) ?? 0, y: Math.round(y) }] as const;
  });
  return {
    width: Math.max(...[...starts].map(([column, x]) => x + widths[column])),
    height: Math.max(...places.map(([, { y }]) => y)) + nodeHeight,
    starts,
    places: new Map(places),
  };
}

function startsOf(nodes: readonly Node[]): ReadonlyMap<Column, number> {
  const starts = new Map<Column, number>();
  let x = 0;
  for (const column of columns) {
    if (!nodes.some((node) => node.column === column)) continue;
    starts.set(column, x);
    x += widths[column] + gap;
  }
  return starts;
}

function neighboursOf(edges: readonly Edge[]): ReadonlyMap<Node, readonly Node[]> {
  const found = new Map<Node, Node[]>();
  const add = (node: Node, other: Node) => {
    const known = found.get(node);
    if (known === undefined) found.set(node, [other]);
    else known.push(other);
  };
  for (const { from, to } of edges) {
    add(from, to);
    add(to, from);
  }
  return found;
}

/** Rows by the middle of the neighbours, column by column. The longest column has a row for each node, the others fit in. */
function rowsOf(nodes: readonly Node[], neighbours: ReadonlyMap<Node, readonly Node[]>): ReadonlyMap<Node, number> {
  const sorts = columns.map((column) => nodes.filter((node) => node.column === column));
  const longest = Math.max(...sorts.map(({ length }) => length));
  const rows = new Map(sorts.flatMap((column) => column.map((node, row) => [node, row] as const)));
  const wish = (node: Node) => middle(neighbours.get(node) ?? [], rows) ?? rows.get(node) ?? 0;
  for (let sweep = 0; sweep < sweeps; sweep += 1) {
    for (const column of sorts) {
      const wishes = column.map((node) => ({ node, row: wish(node) })).toSorted((one, other) => one.row - other.row);
      for (const [node, row] of parted(wishes, longest)) rows.set(node, row);
    }
  }
  return rows;
}

function middle(nodes: readonly Node[], rows: ReadonlyMap<Node, number>): number | undefined {
  if (nodes.length === 0) return undefined;
  return nodes.reduce((sum, node) => sum + (rows.get(node) ?? 0), 0) / nodes.length;
}

/** As near as may be to the wishes, which are in order, a whole row apart, and within the longest column. */
function parted(
  wishes: readonly { readonly node: Node; readonly row: number }[],
  longest: number,
): readonly (readonly [Node, number])[] {
  let next = 0;
  return wishes.map(({ node, row }, index) => {
    const mine = Math.min(Math.max(row, next), longest - (wishes.length - index));
    next = mine + 1;
    return [node, mine] as const;
  });
}
