import { lineStart } from '../load/line-column.ts';
import { partedLead, withoutBlankStart } from './lines.ts';
import type { State } from './state.ts';
import { type Collection, type Entry, endsKept } from './tree.ts';

/** An entry of the new text: the lines above it, and its own without the indentation of the first one. */
export interface Part {
  lead: string;
  readonly text: string;
  /** Where it comes from; undefined where it is new. */
  readonly entry: Entry | undefined;
}

/** The entries with their lines; comments that stood apart from what goes are kept. `tidy` is done to what comes after the last entry. */
export function assembled(
  node: Collection,
  parts: readonly Part[],
  { text, layout }: Pick<State, 'text' | 'layout'>,
  tidy: (lines: string) => string = (lines) => lines,
): string {
  const own = new Map(parts.map((part) => [part.entry, part]));
  let tail = tidy(text.slice(node.tail, node.stop));
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
  for (const [index, part] of parts.entries())
    if (endsKept(parts[index - 1]?.entry?.value)) part.lead = withoutBlankStart(part.lead);
  if (endsKept(parts.at(-1)?.entry?.value)) tail = withoutBlankStart(tail);
  const lines = parts.map((part, index) => {
    // A file may end without a line break.
    const own = index === parts.length - 1 && tail === '' ? part.text : closed(part.text, layout.eol);
    if (!node.inline || index > 0) return part.lead + indent + own;
    return (part.lead === '' ? '' : part.lead.trimStart() + indent) + own;
  });
  return lines.join('') + tail;
}

function closed(lines: string, eol: string): string {
  return /[\r\n]$/.test(lines) ? lines : lines + eol;
}
