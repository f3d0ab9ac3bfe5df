import type { Sighting } from '../../../model/scan.ts';
import { isLive, type Page, startOfLine } from './page.ts';
import { lineEnd } from './regions.ts';

const type = String.raw`(?!\s*(?:Optional|Union|List|int|str|string|number|any|bigint|long|Integer|String|null)\b)`;
const loose = new RegExp(
  String.raw`(?:\\{0,3}["'])destination_id(?:\\{0,3}["'])\s{0,5}(?::|=>)|(?<![\w.$"'\[])destination_id(?::${type}|=(?![=\s]))`,
  'g',
);
const nested = /(?<![\w.])(source|destination)_attributes(?:\\{0,3}["'])?\]?\s{0,5}(?::|=>?|\()/g;
const connection = /(?<!\w)connection_id(?:\\{0,3}["'])?\s{0,5}(?::|=>?|\])/g;
const query = /\b(?:select|where|join|update|insert|create table|group by|order by)\b/i;

/** How far below a key its own keys are looked for. */
const reach = 400;

/** Ids of connections in what a file that calls API v1 sends there. */
export function bodiesIn(page: Page): readonly Sighting[] {
  const found: Sighting[] = [];
  for (const { index } of page.text.matchAll(loose)) {
    if (isLive(page, index) && !query.test(lineAt(page, index))) found.push(destination(index, 'destination_id'));
  }
  for (const { 0: whole, 1: side, index } of page.text.matchAll(nested)) {
    if (!isLive(page, index)) continue;
    const from = index + whole.length;
    connection.lastIndex = from;
    const next = connection.exec(page.text.slice(0, from + reach));
    if (next === null || leaves(page.text.slice(from, next.index))) continue;
    found.push(
      side === 'source' ? source(next.index) : destination(next.index, 'destination_attributes.connection_id'),
    );
  }
  return found;
}

function lineAt(page: Page, offset: number): string {
  const start = startOfLine(page, offset);
  return page.text.slice(start, lineEnd(page.text, offset, Math.min(page.text.length, offset + 200)));
}

/** Does the object end that a text begins in? */
function leaves(text: string): boolean {
  return (text.match(/[{(]/g)?.length ?? 0) < (text.match(/[})]/g)?.length ?? 0);
}

function destination(offset: number, name: string): Sighting {
  const message = `A call of API v1 sends \`${name}\`, and v2 knows activations in the place of destinations.`;
  const replacement =
    'Send `activation_id`, the text that GET /api/v2/activations shows as `id`, at the top of the body.';
  return { offset, code: 'connection-id', message, replacement };
}

function source(offset: number): Sighting {
  const message =
    'A call of API v1 sends `source_attributes.connection_id`, and v2 takes the source of the activation.';
  return {
    offset,
    code: 'connection-id',
    message,
    replacement: 'Leave it out, and send `activation_id` at the top of the body.',
  };
}
