import type { Json } from '../model/json.ts';
import { type Block, blocksOf } from './edits.ts';
import { cut, cutPair } from './plan/value.ts';

/** One line of a comparison, as text not escaped for any medium. `…` stands before a count of lines left out, `\` before a remark. */
export interface Row {
  readonly sign: ' ' | '-' | '+' | '…' | '\\';
  readonly text: string;
}

/** How a text of several lines changes. */
export interface LineChange {
  /** `3 lines changed`; `12 lines` where there is only one text. */
  readonly words: string;
  /** Where the lines first differ, counted from 1, and both sides there; null where there is only one text. */
  readonly first: { readonly line: number; readonly from: string | null; readonly to: string | null } | null;
  /** The lines that differ, and what stands around them. */
  readonly rows: readonly Row[];
}

/** Unchanged lines shown before and after a change. */
const around = 2;
/** Lines of one field that are shown, and how many of them may be of one kind in a row. */
const mostRows = 40;
const mostInARow = 15;

type Kind = 'same' | 'removed' | 'added';

/** A line, with the one that takes its place where there is one, or how many lines of each kind are left out here. */
type Draft =
  | { readonly kind: Kind; readonly line: string; readonly mate: string | undefined }
  | { readonly kind: 'gap'; readonly hidden: Readonly<Record<Kind, number>> };

interface Sides {
  readonly from: readonly string[];
  readonly to: readonly string[];
  /** Is one of the two not set at all? */
  readonly isAlone: boolean;
  /** What ends a line; shown only where it is not the same everywhere. */
  readonly end: RegExp;
  /** Does only one of the texts end with a line break? */
  readonly isEndShown: boolean;
}

/**
 * How two values differ line by line; undefined unless both are text (or one is not set) and one of them has several lines.
 * `limit`: characters of one line.
 */
export function lineChange(from: Json, to: Json, limit: number): LineChange | undefined {
  const sides = sidesOf(from, to);
  if (sides === undefined) return undefined;
  const blocks = blocksOf(sides.from, sides.to);
  const drafts = capped(draftsOf(sides, blocks));
  return {
    words: words(sides, blocks),
    first: firstOf(sides, blocks),
    rows: drafts.flatMap((draft) => rowsOf(draft, sides, limit)),
  };
}

/** How many lines a value has: `12 lines`. */
export function lineCount(value: string): string {
  return plural(split(value).length);
}

function plural(count: number): string {
  return `${count} line${count === 1 ? '' : 's'}`;
}

function sidesOf(from: Json, to: Json): Sides | undefined {
  if (!isText(from) || !isText(to)) return undefined;
  const texts = [from ?? '', to ?? ''];
  if (!texts.some((text) => text.includes('\n'))) return undefined;
  const ends = texts.filter((text) => text !== '').map((text) => text.endsWith('\n'));
  return {
    from: split(from ?? ''),
    to: split(to ?? ''),
    isAlone: from === null || to === null,
    end: texts.some((text) => /(?<!\r)\n/.test(text)) ? /\n$/ : /\r?\n$/,
    isEndShown: ends.length === 2 && ends[0] !== ends[1],
  };
}

function isText(value: Json): value is string | null {
  return typeof value === 'string' || value === null;
}

/** Lines with what ends them, so that lines which end differently differ. */
function split(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+/g) ?? [];
}

function words({ from, to, isAlone }: Sides, blocks: readonly Block[]): string {
  if (isAlone) return plural(from.length + to.length);
  const removed = blocks.reduce((sum, { fromStart, fromEnd }) => sum + fromEnd - fromStart, 0);
  const added = blocks.reduce((sum, { toStart, toEnd }) => sum + toEnd - toStart, 0);
  if (removed === added) return `${plural(removed)} changed`;
  if (removed === 0) return `${plural(added)} added`;
  return `${plural(removed)} removed${added === 0 ? '' : `, ${added} added`}`;
}

function firstOf({ from, to, isAlone, end }: Sides, [block]: readonly Block[]): LineChange['first'] {
  if (isAlone || block === undefined) return null;
  const left = block.fromEnd > block.fromStart ? from[block.fromStart] : undefined;
  const right = block.toEnd > block.toStart ? to[block.toStart] : undefined;
  const bare = [left?.replace(end, ''), right?.replace(end, '')];
  const [shownLeft, shownRight] = bare[0] === bare[1] ? [left, right] : bare;
  return { line: block.fromStart + 1, from: shownLeft ?? null, to: shownRight ?? null };
}

function draftsOf({ from, to }: Sides, blocks: readonly Block[]): readonly Draft[] {
  const drafts: Draft[] = [];
  let done = 0;
  for (const { fromStart, fromEnd, toStart, toEnd } of blocks) {
    const [removed, added] = [from.slice(fromStart, fromEnd), to.slice(toStart, toEnd)];
    drafts.push(...squeezed('same', from.slice(done, fromStart), drafts.length === 0 ? 0 : around, around));
    drafts.push(...squeezed('removed', removed, mostInARow, 0, added));
    drafts.push(...squeezed('added', added, mostInARow, 0, removed));
    done = fromEnd;
  }
  drafts.push(...squeezed('same', from.slice(done), around, 0));
  return drafts;
}

/** The first and the last of these lines, and a gap for what is between them if that is more than one. */
function squeezed(
  kind: Kind,
  lines: readonly string[],
  head: number,
  tail: number,
  mates: readonly string[] = [],
): readonly Draft[] {
  const draft = (line: string, index: number): Draft => ({ kind, line, mate: mates[index] });
  const hidden = lines.length - head - tail;
  if (hidden < 2) return lines.map(draft);
  const gap: Draft = { kind: 'gap', hidden: { same: 0, removed: 0, added: 0, [kind]: hidden } };
  return [...lines.slice(0, head).map(draft), gap, ...lines.slice(lines.length - tail).map(draft)];
}

/** At most `mostRows`; the last one counts what is left out. */
function capped(drafts: readonly Draft[]): readonly Draft[] {
  if (drafts.length <= mostRows) return drafts;
  const end = drafts[mostRows - 2]?.kind === 'gap' ? mostRows - 2 : mostRows - 1;
  const hidden = { same: 0, removed: 0, added: 0 };
  for (const draft of drafts.slice(end)) {
    if (draft.kind !== 'gap') hidden[draft.kind] += 1;
    else for (const kind of ['same', 'removed', 'added'] as const) hidden[kind] += draft.hidden[kind];
  }
  return [...drafts.slice(0, end), { kind: 'gap', hidden }];
}

const signs = { same: ' ', removed: '-', added: '+' } as const;

function rowsOf(draft: Draft, { end, isEndShown, isAlone }: Sides, limit: number): readonly Row[] {
  if (draft.kind === 'gap') return [{ sign: '…', text: `${gapWords(draft.hidden, isAlone)} …` }];
  const sign = signs[draft.kind];
  const line = draft.line.replace(end, '');
  if (draft.kind === 'same') return [{ sign, text: cut(line, limit) }];
  const row: Row = { sign, text: endVisible(cutBeside(line, draft.mate?.replace(end, ''), limit)) };
  const isOpen = isEndShown && !draft.line.endsWith('\n');
  return isOpen ? [row, { sign: '\\', text: 'no line break at the end' }] : [row];
}

/** Cut so that what differs from the line in whose place it stands is seen. */
function cutBeside(line: string, mate: string | undefined, limit: number): string {
  return mate === undefined ? cut(line, limit) : cutPair(line, mate, limit)[0];
}

/** A space at the end of a line is easily what differs, and cannot be seen. */
function endVisible(line: string): string {
  return line.replace(/ $/, '\\u0020');
}

function gapWords({ same, removed, added }: Readonly<Record<Kind, number>>, isAlone: boolean): string {
  if (isAlone || removed + added === 0) return plural(same + removed + added);
  const parts = [
    [same, 'unchanged'],
    [removed, 'removed'],
    [added, 'added'],
  ] as const;
  const [first, ...rest] = parts.filter(([count]) => count > 0);
  const others = rest.map(([count, kind]) => `, ${count} ${kind}`).join('');
  return `${plural(first?.[0] ?? 0)} ${first?.[1] ?? ''}${others}`;
}
