import type { Plan, PlanSummary } from '../../model/plan.ts';
import { forMarkdown, forTerminal } from '../escape.ts';
import type { Style } from '../style.ts';
import { together } from '../together.ts';
import { costs, counts } from './words.ts';

// Plans of several targets: what each comes to, side by side, before each plan on its own, and what all of them come to. Of one target
// there is nothing of that.

/** A fleet may have any number of targets; the table counts those for which it has no room. */
const mostRows = 100;

const columns: readonly (keyof PlanSummary)[] = ['create', 'update', 'delete', 'replace', 'adopt', 'blocked'];

const head: readonly string[] = ['target', ...columns, 'impact'];

function rowOf({ target, summary, changes }: Plan): readonly string[] {
  return [target, ...columns.map((key) => String(summary[key])), costs(changes) || 'none'];
}

function table(plans: readonly Plan[], safe: (text: string) => string) {
  const rows = plans.slice(0, mostRows).map((plan) => rowOf(plan).map(safe));
  return { rows, more: plans.length > mostRows ? `and ${plans.length - mostRows} more` : '' };
}

/** The table for a terminal; empty where there is one target. */
export function targetsText(plans: readonly Plan[], paint: Style): string {
  if (plans.length < 2) return '';
  const { rows, more } = table(plans, forTerminal);
  const widths = head.map((word, column) => Math.max(word.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => fitted(cell, column, widths))
      .join('  ')
      .trimEnd();
  const lines = [paint.bold(line(head)), ...rows.map(line), ...(more === '' ? [] : [more])];
  return lines.map((one) => `${one}\n`).join('');
}

/** Words stand to the left, numbers to the right. */
function fitted(cell: string, column: number, widths: readonly number[]): string {
  const width = widths[column] ?? 0;
  return column === 0 || column === head.length - 1 ? cell.padEnd(width) : cell.padStart(width);
}

/** The table in Markdown; empty where there is one target. */
export function targetsMarkdown(plans: readonly Plan[]): string {
  if (plans.length < 2) return '';
  const { rows, more } = table(plans, forMarkdown);
  const rule = head.map((_, column) => (column === 0 || column === head.length - 1 ? '---' : '---:'));
  const lines = [head, rule, ...rows].map((row) => `| ${row.join(' | ')} |\n`);
  return `${lines.join('')}${more === '' ? '' : `\n${more}\n`}`;
}

/** What all of them come to, for a terminal; empty where there is one target. */
export function totalText(plans: readonly Plan[], paint: Style): string {
  const { count, cost } = totalOf(plans);
  return plans.length < 2 ? '' : `${paint.bold(count)}${cost === '' ? '' : ` ${paint.yellow(`Impact: ${cost}.`)}`}\n`;
}

/** The same in Markdown. */
export function totalMarkdown(plans: readonly Plan[]): string {
  const { count, cost } = totalOf(plans);
  return plans.length < 2 ? '' : `**${count}**${cost === '' ? '' : ` ${cost}.`}\n`;
}

function totalOf(plans: readonly Plan[]): { readonly count: string; readonly cost: string } {
  const summary = plans.map((plan) => plan.summary).reduce(sum, none);
  return { count: together(plans.length, counts(summary)), cost: costs(plans.flatMap((plan) => plan.changes)) };
}

const none: PlanSummary = {
  ...{ create: 0, update: 0, delete: 0, adopt: 0, replace: 0 },
  ...{ recorded: 0, noop: 0, blocked: 0, foreign: 0 },
};

function sum(one: PlanSummary, other: PlanSummary): PlanSummary {
  return {
    create: one.create + other.create,
    update: one.update + other.update,
    delete: one.delete + other.delete,
    adopt: one.adopt + other.adopt,
    replace: one.replace + other.replace,
    recorded: one.recorded + other.recorded,
    noop: one.noop + other.noop,
    blocked: one.blocked + other.blocked,
    foreign: one.foreign + other.foreign,
  };
}
