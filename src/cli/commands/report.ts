import { sealPlans } from '../../core/plan/digest.ts';
import { projectFileName } from '../../load/files.ts';
import { loadProject } from '../../load/project.ts';
import type { DriftReport } from '../../model/drift.ts';
import { Exit, SynclineError } from '../../model/errors.ts';
import { tool } from '../../model/version.ts';
import { driftGithub } from '../../render/drift/github.ts';
import { driftJson } from '../../render/drift/json.ts';
import { calendarMarkdown, driftMarkdown } from '../../render/drift/markdown.ts';
import { driftSarif, type PlaceOf } from '../../render/drift/sarif.ts';
import { driftText } from '../../render/drift/text.ts';
import { planGithub } from '../../render/plan/github.ts';
import { planHtml } from '../../render/plan/html/page.ts';
import { planJson } from '../../render/plan/json.ts';
import { planMarkdown } from '../../render/plan/markdown.ts';
import { timeless } from '../../render/plan/notes.ts';
import { planText } from '../../render/plan/text.ts';
import { reportGithub } from '../../render/report/github.ts';
import { reportJson } from '../../render/report/json.ts';
import { reportsMarkdown } from '../../render/report/markdown.ts';
import { reportText } from '../../render/report/text.ts';
import { sayEnds, toldEnds } from '../calendar.ts';
import type { Execute, FormatOf, InvocationOf } from '../invocation.ts';
import { type Pile, pileOf } from '../pile.ts';
import { filesNamed, type NamedFiles, type NamedReport, readReports } from '../reported.ts';
import { placeInRepository } from '../repository.ts';
import { failuresOf, sayLost } from '../several.ts';
import { sayEmptyFiles } from '../shard.ts';

/** Prints what several jobs have reported as one report, and ends with their one exit code. Sends nothing and needs no project. */
export const execute: Execute<'report'> = async (invocation) => {
  const expected = invocation.options.count('expect');
  const { found, lost } = readReports(namesOf(invocation, expected), expected, invocation);
  const pile = pileOf(found, await failuresOf(lost));
  const text = written(pile, invocation);
  if (text === undefined) throw noFormat(pile, invocation);
  // Where no file says anything, why that is stands on stderr, once.
  if (found.length > 0 || invocation.format !== 'text') invocation.io.stdout.write(text);
  if (invocation.format === 'text') sayEnds(pile.calendar, invocation);
  sayEmptyFiles(
    found.filter(isEmpty).map((one) => one.name),
    invocation,
  );
  await sayLost(lost, false, invocation);
  return pile.merged.exit;
};

/** Is it the report of a shard without targets? */
function isEmpty({ kind, file }: NamedReport): boolean {
  return (kind === 'plan' ? file.plans : file.reports).length === 0 && file.failed.length === 0;
}

/** What is named. @throws SynclineError (exit 3) where that is nothing, or more files than are expected */
function namesOf(invocation: InvocationOf<'report'>, expected: number | undefined): NamedFiles {
  const [what, ...names] = invocation.positionals;
  if (what !== 'merge') throw usage(`\`report\` does not know "${what}".`, 'Write `syncline report merge FILES...`.');
  if (names.length === 0 && expected === undefined)
    throw usage(
      'No file is named.',
      'Write `syncline report merge FILES...`, or add --expect N where there may be none.',
    );
  const named = filesNamed(names, invocation);
  const { length } = named.files;
  if (length > (expected ?? length))
    throw usage(
      `${length} ${length === 1 ? 'file is' : 'files are'} named, and --expect says ${expected}.`,
      'Name the reports of one run alone, and expect as many as it has jobs.',
    );
  return named;
}

/** The report in the format that is wanted; undefined where there is none for what was merged. */
function written(pile: Pile, invocation: InvocationOf<'report'>): string | undefined {
  switch (pile.kind) {
    case 'plan':
      return plansAs(pile, invocation);
    case 'apply':
      return appliesAs(pile, invocation);
    case 'drift':
      return driftsAs(pile, invocation);
    default:
      return pile satisfies never;
  }
}

type Of<Kind extends Pile['kind']> = Extract<Pile, { readonly kind: Kind }>;

function plansAs({ merged }: Of<'plan'>, invocation: InvocationOf<'report'>): string | undefined {
  const { format, colour, options } = invocation;
  const { failed, exit } = merged;
  const plans = options.flag('quiet')
    ? merged.reports.map((plan) => ({ ...plan, notes: timeless(plan.notes) }))
    : merged.reports;
  switch (format) {
    case 'text':
      return planText(plans, { colour, failed });
    case 'json':
      return planJson(sealPlans(merged.reports, { exit, failed }));
    case 'markdown':
      return planMarkdown(plans, failed);
    case 'github':
      return planGithub(plans, { base: baseOf(invocation), failed });
    case 'html':
      return planHtml(plans, failed);
    case 'sarif':
      return undefined;
    default:
      return format satisfies never;
  }
}

function appliesAs({ merged, calendar }: Of<'apply'>, { format, colour }: InvocationOf<'report'>): string | undefined {
  const { reports, failed, exit } = merged;
  const dryRun = reports.length > 0 && reports.every((one) => one.converged === null);
  if (format === 'json') return reportJson(reports, { exit, failed, calendar });
  if (format === 'markdown') return reportsMarkdown(reports, failed);
  if (format === 'github') return reportGithub(reports, failed);
  return format === 'text' ? reportText(reports, { colour, dryRun, notes: true, failed }) : undefined;
}

function driftsAs({ merged, calendar }: Of<'drift'>, invocation: InvocationOf<'report'>): string | undefined {
  const { reports, failed, exit } = merged;
  const { format, colour } = invocation;
  const told = toldEnds(calendar, invocation);
  if (format === 'json') return driftJson(reports, { exit, failed, calendar });
  if (format === 'markdown') return `${driftMarkdown(reports, failed)}${calendarMarkdown(told)}`;
  if (format === 'github') return driftGithub(reports, { base: baseOf(invocation), failed, calendar: told });
  if (format === 'sarif')
    return driftSarif(reports, { tool, base: baseOf(invocation), failed, placeOf: placesOf(reports) });
  return format === 'text' ? driftText(reports, { colour, failed }) : undefined;
}

/** The manifest of a thing; what no manifest declares stands nowhere but in the project. */
function placesOf(reports: readonly DriftReport[]): PlaceOf {
  return (target, address) => {
    const own = reports.find((one) => one.target === target)?.drift.find((one) => one.address === address);
    return own?.origin ?? { file: projectFileName, line: 1, column: 1 };
  };
}

/** Where the project lies in its repository, as far as there is one here. */
function baseOf({ directory, options }: InvocationOf<'report'>): string {
  return placeInRepository(loadProject({ directory, config: options.text('config') }).root);
}

function noFormat({ kind }: Pile, { format }: InvocationOf<'report'>): SynclineError {
  const own: Readonly<Record<Pile['kind'], readonly FormatOf<'report'>[]>> = {
    plan: ['html'],
    apply: [],
    drift: ['sarif'],
  };
  const formats = ['text', 'json', 'markdown', 'github', ...own[kind]];
  return usage(`Reports of ${kind} have no format "${format}".`, `They have ${formats.join(', ')}.`);
}

function usage(message: string, hint: string): SynclineError {
  return new SynclineError('usage', message, hint, Exit.invalid);
}
