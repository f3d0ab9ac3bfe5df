import { EVENT_ID, type Event, SCALAR_STYLE, type ScalarEvent } from 'js-yaml';
import { lineStart } from './line-column.ts';

/** Where a node starts in its text, quotes and block headers included, anchor and tag not; -1 for an empty value. */
export function startOf(text: string, event: Event): number {
  switch (event.type) {
    case EVENT_ID.SCALAR:
      return scalarStart(text, event);
    case EVENT_ID.ALIAS:
      return event.anchorStart - 1;
    case EVENT_ID.SEQUENCE:
    case EVENT_ID.MAPPING:
      return event.start;
    default:
      return -1;
  }
}

function scalarStart(text: string, event: ScalarEvent): number {
  if (event.valueStart === -1) return -1;
  switch (event.style) {
    case SCALAR_STYLE.SINGLE_QUOTED:
    case SCALAR_STYLE.DOUBLE_QUOTED:
      return event.valueStart - 1;
    case SCALAR_STYLE.LITERAL_BLOCK:
    case SCALAR_STYLE.FOLDED_BLOCK:
      return headerStart(text, event.valueStart);
    default:
      return event.valueStart;
  }
}

/** The `|` or `>` at the end of the line before a block scalar. */
function headerStart(text: string, contentStart: number): number {
  const lineEnd =
    text[contentStart - 1] === '\n' && text[contentStart - 2] === '\r' ? contentStart - 2 : contentStart - 1;
  const start = lineStart(text, lineEnd);
  const header = text.slice(start, lineEnd).search(/[|>][-+\d]{0,2}(?:[ \t]+#.*|[ \t]*)$/);
  return header === -1 ? contentStart : start + header;
}

/** The index after the node that starts at `index`. */
export function after(events: readonly Event[], index: number): number {
  let depth = 0;
  let next = index;
  do {
    const type = events[next]?.type;
    if (type === undefined) return next;
    if (type === EVENT_ID.POP) depth--;
    else if (type !== EVENT_ID.SCALAR && type !== EVENT_ID.ALIAS) depth++;
    next++;
  } while (depth > 0);
  return next;
}
