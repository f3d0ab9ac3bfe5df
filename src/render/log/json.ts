import { forJson } from '../escape.ts';
import type { LogEntry } from './entry.ts';

/** What `log --format json` prints. */
export function logJson(entries: readonly LogEntry[]): string {
  return `${forJson({ version: 1, runs: entries }, 2)}\n`;
}
