import type { ApplyEvent } from '../../model/event.ts';
import { forJson } from '../escape.ts';

/** One line of `apply --format ndjson`. */
export function eventLine(event: ApplyEvent): string {
  return `${forJson(event)}\n`;
}
