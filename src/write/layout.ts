import { type Layout, plainLayout } from './emit.ts';
import type { Collection, Node } from './tree.ts';

/** How a document is laid out, as its first collections in a block have it. */
export function layoutOf(text: string, root: Node): Layout {
  const steps: number[] = [];
  const dashes: number[] = [];
  look(root, steps, dashes);
  const step = steps[0] ?? plainLayout.step;
  const eol = /\r\n|\n|\r/.exec(text)?.[0] ?? plainLayout.eol;
  return { step, dash: dashes[0] ?? Math.min(step, plainLayout.dash), eol };
}

function look(node: Node, steps: number[], dashes: number[]): void {
  if (!isBlock(node)) return;
  for (const { value } of node.entries) {
    if (node.type === 'map' && isBlock(value)) (value.type === 'map' ? steps : dashes).push(value.column - node.column);
    look(value, steps, dashes);
  }
}

/** Is this a list or a mapping without brackets? */
export function isBlock(node: Node): node is Collection {
  return (node.type === 'map' || node.type === 'list') && !node.flow;
}
