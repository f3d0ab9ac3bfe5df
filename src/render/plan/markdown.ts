import type { ToldFailure } from '../../model/failed.ts';
import type { Blocked, Change, FieldChange, Note, Plan } from '../../model/plan.ts';
import { forMarkdown, markdownCode, markdownFence } from '../escape.ts';
import { failedMarkdown, noTargets } from '../failed.ts';
import { graphOf } from '../graph/graph.ts';
import { mermaid } from '../graph/mermaid.ts';
import { partWords } from '../part.ts';
import { type MarkdownField, markdownField } from '../rows.ts';
import { whatIsBlocked, whatItIs } from './about.ts';
import { few } from './many.ts';
import { foldNotes, toldNotes } from './notes.ts';
import { targetsMarkdown, totalMarkdown } from './targets.ts';
import { outline } from './value.ts';
import {
  arranged,
  called,
  costs,
  counts,
  foreignWords,
  impactWords,
  mostNamed,
  nothingWords,
  place,
  rank,
  reasons,
  recordedWords,
  remarks,
  whereabouts,
  worstImpact,
} from './words.ts';

/** GitHub refuses comments of more than 65,536 characters; the rest is room for what a workflow puts around the plan. */
const budget = 60_000;
const valueLimit = 200;

/** One entry in four lengths. A renderer that runs out of room drops detail, never entries. */
interface Entry {
  readonly short: string;
  readonly line: string;
  readonly table: string;
  /** With the lines in which texts differ. */
  readonly full: string;
}

/** What unfolds below an entry, in both lengths. */
type Detail = Pick<Entry, 'table' | 'full'>;

/** A heading, what it lists, worst first, and how the entries are parted. */
interface Section {
  readonly title: string;
  readonly entries: readonly Entry[];
}

/** A plan in parts. */
interface Part {
  readonly head: string;
  readonly sections: readonly Section[];
  /** Empty where nothing is connected. */
  readonly graph: string;
}

/** Most of the room may go to headlines and titles. */
const mostFrames = 0.8;
const tableRow = 80;

/**
 * Plans as a comment on a pull request: targets that failed, and of several targets what each and all come to; then the headline, what is
 * blocked, what deletes, and the other changes. Of a fleet, the targets with nothing to do are named together.
 */
export function planMarkdown(plans: readonly Plan[], failed: readonly ToldFailure[] = []): string {
  const partOf = new Map(
    plans.map((plan): [Plan, Part] => [plan, { head: head(plan), sections: sections(plan), graph: graph(plan) }]),
  );
  const lengthOf = (part: Part | undefined) => tableRow + (part === undefined ? 0 : frameLength(part));
  const lost = failedMarkdown(failed);
  const { shown, rest } = few(plans, (plan) => lengthOf(partOf.get(plan)), mostFrames * (budget - lost.length));
  const before = [lost, targetsMarkdown(shown), totalMarkdown(plans), rest].filter((text) => text !== '');
  const parts = shown.flatMap((plan) => partOf.get(plan) ?? []);
  const entries = parts.flatMap((part) => part.sections.flatMap((section) => section.entries));
  const frame = parts.reduce((sum, part) => sum + frameLength(part), before.join('\n').length);
  const { chosen, left } = spend(entries, budget - frame);
  const drawn = draw(parts, left);
  const texts = parts.map((part) => {
    const { head, sections } = part;
    return `${head}${sections.map((section) => sectionText(section, chosen)).join('')}${drawn.get(part) ?? ''}`;
  });
  return plans.length + failed.length === 0 ? noTargets : [...before, ...texts].join('\n');
}

/** A picture of more changes than this shows nothing any more, and GitHub draws no more than some hundred lines. */
const mostDrawn = 60;
const notDrawn = '\nThe graph does not fit here.\n';

function graph(plan: Plan): string {
  const graph = graphOf(plan, mostDrawn);
  if (graph === undefined) return '';
  const leftOut = graph.leftOut === '' ? [] : [`Left out: ${graph.leftOut}.`, ''];
  return [
    '',
    '<details><summary>graph</summary>',
    '',
    ...leftOut,
    ...markdownFence('mermaid', mermaid(graph)),
    '',
    '</details>',
    '',
  ].join('\n');
}

/** Words are worth more than pictures: these get what is left. */
function draw(parts: readonly Part[], room: number): ReadonlyMap<Part, string> {
  const drawn = new Map<Part, string>();
  let left = room;
  for (const part of parts.filter(({ graph }) => graph !== '')) {
    const more = part.graph.length - notDrawn.length;
    drawn.set(part, more <= left ? part.graph : notDrawn);
    if (more <= left) left -= more;
  }
  return drawn;
}

function head(plan: Plan): string {
  const said = [costs(plan.changes), foreignWords(plan.summary)].filter((words) => words !== '');
  const part = partWords(plan.selection);
  const count = [
    `**${called(plan)} for ${forMarkdown(plan.target)}: ${counts(plan.summary)}.**`,
    ...(part === '' ? [] : [forMarkdown(part)]),
    ...said.map((words) => `${words}.`),
  ].join(' ');
  const nothing = plan.changes.length === 0 && plan.blocked.length === 0 ? `\n\n${nothingWords(plan)}` : '';
  return `${count}\n\n${forMarkdown(whereabouts(plan))}${nothing}\n`;
}

function sections(plan: Plan): readonly Section[] {
  const { blocked, deletions, changes, recorded } = arranged(plan);
  const all: Section[] = [
    { title: 'Blocked', entries: blocked.map(blockedEntry) },
    { title: 'Deletes', entries: deletions.map(changeEntry) },
    { title: 'Changes', entries: changes.map(changeEntry) },
    { title: 'Recorded only', entries: recorded.length === 0 ? [] : [recordedEntry(recorded)] },
    { title: 'Notes', entries: foldNotes(toldNotes(plan)).map(noteEntry) },
  ];
  return all.filter((section) => section.entries.length > 0);
}

/** What a part takes whatever becomes of its entries, and room for what counts those that are left out. */
function frameLength({ head, sections, graph }: Part): number {
  const titles = sections.reduce((sum, { title }) => sum + title.length + 10, 0);
  return head.length + titles + 200 + (graph === '' ? 0 : notDrawn.length);
}

function sectionText(section: Section, chosen: ReadonlyMap<Entry, string>): string {
  const texts = section.entries.flatMap((entry) => chosen.get(entry) ?? []);
  const missing = section.entries.length - texts.length;
  const more = missing > 0 ? `- and ${missing} more, which do not fit here\n` : '';
  return `\n#### ${section.title}\n\n${texts.join('')}${more}`;
}

/** Spends the room: first the short form of every entry, then, in order, longer forms where they still fit. */
function spend(
  entries: readonly Entry[],
  room: number,
): { readonly chosen: ReadonlyMap<Entry, string>; readonly left: number } {
  const chosen = new Map<Entry, string>();
  let left = room;
  for (const { grow } of [{ grow: 'short' }, { grow: 'line' }, { grow: 'table' }, { grow: 'full' }] as const) {
    for (const entry of entries) {
      const now = chosen.get(entry);
      if (now === undefined && grow !== 'short') continue;
      const cost = entry[grow].length - (now?.length ?? 0);
      if (cost > left) continue;
      chosen.set(entry, entry[grow]);
      left -= cost;
    }
  }
  return { chosen, left };
}

function changeEntry(change: Change): Entry {
  const impact = impactWords[worstImpact(change.fields)];
  const line = entryLine(
    change.action,
    change,
    impact === '' ? '' : `: ${rank(worstImpact(change.fields)) >= rank('full_resync') ? `**${impact}**` : impact}`,
  );
  const { validation } = change;
  const verdict = validation === null ? [] : [`${validation.status}: ${validation.message}`];
  const extra = [...whatItIs(change), ...remarks(change), ...verdict]
    .map((words) => `  - ${forMarkdown(words)}\n`)
    .join('');
  const fields = change.action === 'create' ? newFields(change) : fieldTable(change.fields);
  return entry(shortLine(change.action, change.address), `${line}${extra}`, fields);
}

function blockedEntry(blocked: Blocked): Entry {
  const line = entryLine(blocked.wanted, blocked, '');
  const what = whatIsBlocked(blocked).map((words) => `  - ${forMarkdown(words)}\n`);
  const why = `  - **${blocked.reason}**: ${forMarkdown(blocked.hint)}\n`;
  return entry(shortLine(blocked.wanted, blocked.address), `${line}${what.join('')}${why}`, fieldTable(blocked.fields));
}

function recordedEntry(recorded: readonly Change[]): Entry {
  const line = `- ${forMarkdown(recordedWords(recorded))}\n`;
  const addresses = recorded.map((one) => `- ${markdownCode(one.address)}`);
  const full = recorded.length > mostNamed ? `${line}${folded('all of them', addresses)}` : line;
  return { short: `- ${recorded.length} recorded only\n`, line, table: full, full };
}

function noteEntry(note: Note): Entry {
  const line = `- ${markdownCode(note.address)} ${note.code}: ${forMarkdown(note.message)}\n`;
  return entry(`- ${markdownCode(note.address)} ${note.code}\n`, line, { table: '', full: '' });
}

function entry(short: string, line: string, { table, full }: Detail): Entry {
  return { short, line, table: `${line}${table}`, full: `${line}${full}` };
}

function shortLine(action: string, address: string): string {
  return `- ${action} ${markdownCode(address)}\n`;
}

function entryLine(action: string, one: Change | Blocked, tail: string): string {
  const label = one.label === null ? '' : ` ${forMarkdown(one.label)}`;
  const origin = one.origin === null ? '' : ` (${markdownCode(place(one.origin))})`;
  return `- **${action}** ${markdownCode(one.address)}${label}${origin}${tail}\n`;
}

function fieldTable(fields: readonly FieldChange[]): Detail {
  const shown = fields.map((field) => {
    const { cells, below } = markdownField(field.path, field.from, field.to, valueLimit, field.names);
    return { row: `| ${[markdownCode(field.path), ...cells, reasons(field)].join(' | ')} |`, below };
  });
  const summary = `${fields.length} field${fields.length === 1 ? '' : 's'}`;
  return detail(summary, ['| field | from | to | |', '| --- | --- | --- | --- |'], shown);
}

function newFields(change: Change): Detail {
  const shown = outline(change.desired ?? {}).map(([path, value]) => {
    const { cells, below } = markdownField(path, null, value, valueLimit);
    return { row: `| ${markdownCode(path)} | ${cells[1]} |`, below };
  });
  return detail('what it says', ['| field | value |', '| --- | --- |'], shown);
}

function detail(
  summary: string,
  head: readonly string[],
  fields: readonly (Pick<MarkdownField, 'below'> & { readonly row: string })[],
): Detail {
  if (fields.length === 0) return { table: '', full: '' };
  const table = [...head, ...fields.map(({ row }) => row)];
  const below = fields.flatMap((field) => field.below);
  return { table: folded(summary, table), full: folded(summary, [...table, ...below]) };
}

/** Indented, so that the fold stays inside its list item. */
function folded(summary: string, lines: readonly string[]): string {
  const body = ['', `<details><summary>${summary}</summary>`, '', ...lines, '', '</details>', ''];
  return `${body.map((line) => (line === '' ? '' : `  ${line}`)).join('\n')}\n`;
}
