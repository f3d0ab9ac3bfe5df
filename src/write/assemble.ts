import { lineStart } from '../load/line-column.ts';
import { partedLead, withoutBlankStart } from './lines.ts';
import type { State } from './state.ts';
import type { Collection, Entry } from './tree.ts';

/** An entry of the new text: the lines above it, and its own without the indentation of the first one. */
export interface Part {
  lead: string;
  readonly text: string;
  /** Where it comes from; undefined where it is new. */
  readonly entry: Entry | undefined;
}

/** The entries with their lines; comments that stood apart from what goes are kept. */
export function assembled(
  node: Collection,
  parts: readonly Part[],
  { text, layout }: Pick<State, 'text' | 'layout'>,
): string {
  const own = new Map(parts.map((part) => [part.entry, part]));
  let tail = text.slice(node.tail, node.stop);
  for (const [index, entry] of node.entries.entries()) {
    if (own.has(entry) || (node.inline && index === 0)) continue;
    const { apart } = partedLead(text.slice(entry.from, lineStart(text, entry.start)));
    if (!apart.includes('#')) continue;
    const next = node.entries.slice(index + 1).find((one) => own.has(one));
    const part = next === undefined ? undefined : own.get(next);
    if (part === undefined) tail = apart + tail;
    else part.lead = apart + part.lead;
  }
  const [first] = parts;
  if (first !== undefined && first.entry !== node.entries[0] && !/^[ \t]*[\r\n]/.test(text.slice(node.body)))
    first.lead = withoutBlankStart(first.lead);
  const indent = ' '.repeat(node.column);
  const lines = parts.map(({ lead, text: lines_ }, index) => {
    if (!node.inline || index > 0) return lead + indent + closed(lines_, layout.eol);
    return (lead === '' ? '' : lead.trimStart() + indent) + closed(lines_, layout.eol);
  });
  const all = lines.join('') + tail;
  const endsOpen = node.stop === text.length && !/[\r\n]$/.test(text);
  return endsOpen ? all.replace(/(?:\r\n|\n|\r)$/, '') : all;
}

function closed(lines: string, eol: string): string {
  return /[\r\n]$/.test(lines) ? lines : lines + eol;
}
