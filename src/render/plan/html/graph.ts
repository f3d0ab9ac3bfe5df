import { forHtml } from '../../escape.ts';
import { type Column, type Edge, type Graph, graphOf, type Node } from '../../graph/graph.ts';
import { type Layout, layoutOf, nodeHeight, widths } from '../../graph/layout.ts';
import { order, signs } from '../words.ts';
import type { Chapter, LinkTo } from './chapters.ts';
import { lines } from './lines.ts';
import { markOf } from './mark.ts';

/** More changes than this are no picture any more. */
const most = 100;

/** What the page draws; undefined where nothing is connected. */
export function drawing({ plan }: Chapter): Graph | undefined {
  return graphOf(plan, most);
}

const titles: Readonly<Record<Column, string>> = {
  source: 'Sources',
  dataset: 'Datasets',
  sync: 'Syncs',
  destination: 'Destinations',
};

/** Sources → datasets → syncs → destinations as a picture; each change in it leads to what is said of it. */
export function graphHtml(chapter: Chapter, level: number, linkTo: LinkTo): string {
  const graph = drawing(chapter);
  if (graph === undefined) return '';
  const leftOut = graph.leftOut === '' ? '' : ` Left out: ${graph.leftOut}.`;
  return lines([
    `<section id="${chapter.graph}">`,
    `<h${level}>Graph</h${level}>`,
    `<p class="dim">What changes, and what it touches.${leftOut}</p>`,
    legend(graph),
    '<div class="scroll graph" tabindex="0" role="region" aria-label="Graph">',
    picture(graph, layoutOf(graph), chapter.graph, linkTo),
    '</div>',
    '</section>',
  ]);
}

/** What the signs in the picture stand for. */
function legend({ nodes }: Graph): string {
  const looks = new Set(nodes.map(({ entry }) => lookOf(entry)));
  const signed = [...order, 'blocked' as const].filter((look) => looks.has(look));
  const items = signed.map(
    (look) => `<span class="badge ${look}">${look === 'blocked' ? '!' : signs[look]} ${look}</span>`,
  );
  return `<p>${items.join(' ')}</p>`;
}

function picture(graph: Graph, layout: Layout, name: string, linkTo: LinkTo): string {
  const { width, height, starts, places } = layout;
  // Two hyphens are in no name of the page.
  const [title, desc] = [`${name}--title`, `${name}--desc`];
  return lines([
    `<svg role="group" aria-labelledby="${title}" aria-describedby="${desc}" width="${width + 2}" height="${height + 2}" viewBox="-1 -1 ${width + 2} ${height + 2}">`,
    `<title id="${title}">Sources, datasets, syncs and destinations</title>`,
    `<desc id="${desc}">${forHtml(graph.edges.map(({ from, to }) => `${from.name} to ${to.name}`).join(', '))}.</desc>`,
    ...[...starts].map(([column, x]) => `<text class="column" x="${x}" y="14">${titles[column]}</text>`),
    ...graph.edges.map((edge) => line(edge, places)),
    ...readingOrder(graph.nodes, places).map((node) => box(node, places, linkTo)),
    '</svg>',
  ]);
}

/** Column by column from above, for those who hear the picture, or go through it by keyboard. */
function readingOrder(nodes: readonly Node[], places: Layout['places']): readonly Node[] {
  const at = (node: Node) => places.get(node) ?? { x: 0, y: 0 };
  return nodes.toSorted((one, other) => at(one).x - at(other).x || at(one).y - at(other).y);
}

/** A line has the look of the change that it belongs to. */
function line({ from, to }: Edge, places: Layout['places']): string {
  const [start, end] = [places.get(from), places.get(to)];
  if (start === undefined || end === undefined) return '';
  const [x1, y1, x2, y2] = [start.x + widths[from.column], start.y + nodeHeight / 2, end.x, end.y + nodeHeight / 2];
  const half = Math.round((x2 - x1) / 2);
  const look = lookOf(to.entry ?? from.entry);
  return `<path class="edge ${look}" d="M${x1} ${y1}C${x1 + half} ${y1} ${x2 - half} ${y2} ${x2} ${y2}"/>`;
}

function box(node: Node, places: Layout['places'], linkTo: LinkTo): string {
  const { entry, column, name, more } = node;
  const { x, y } = places.get(node) ?? { x: 0, y: 0 };
  const sign = signOf(entry);
  const indent = sign === '' ? 10 : 30;
  const parts = [
    `<title>${forHtml(saying(node))}</title>`,
    `<rect width="${widths[column]}" height="${nodeHeight}" rx="7"/>`,
    sign === '' ? '' : `<text class="sign" x="15" y="26">${sign}</text>`,
    `<text x="${indent}" y="${more === '' ? 25 : 18}">${forHtml(shortened(name, (widths[column] - indent - 8) / 8.2))}</text>`,
    more === ''
      ? ''
      : `<text class="more" x="${indent}" y="33">${forHtml(shortened(more, (widths[column] - indent - 8) / 6.4))}</text>`,
  ].join('');
  const group = `<g class="node ${lookOf(entry)}" transform="translate(${x} ${y})">${parts}</g>`;
  const id = entry === null ? undefined : linkTo(entry.address);
  return id === undefined ? group : `<a href="#${id}">${group}</a>`;
}

/** What is not cut: the whole name, what happens to it, and what else is known. */
function saying({ entry, name, more }: Node): string {
  if (entry === null) return more === '' ? name : `${name}, ${more}`;
  const { action, reason } = markOf(entry);
  const what = reason === undefined ? action : `${action} is blocked: ${reason}`;
  return `${entry.address}: ${what}${more === '' ? '' : ` (${more})`}`;
}

function signOf(entry: Node['entry']): string {
  if (entry === null) return '';
  const { action, reason } = markOf(entry);
  return reason === undefined ? signs[action] : '!';
}

function lookOf(entry: Node['entry']): string {
  if (entry === null) return 'touched';
  const { action, reason } = markOf(entry);
  return reason === undefined ? action : 'blocked';
}

/** At most so many letters wide. Nobody can measure here, so letters beyond the Latin ones count as two. */
function shortened(text: string, room: number): string {
  let used = 0;
  let shown = '';
  for (const letter of text) {
    used += (letter.codePointAt(0) ?? 0) >= 0x1100 ? 2 : 1;
    if (used > room) return `${shown.slice(0, -1)}…`;
    shown += letter;
  }
  return shown;
}
