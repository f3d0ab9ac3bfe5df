import type { Difference, Grade, MigrationReport, MoveRun, PairedThing } from '../../model/migration.ts';
import { moveLine } from '../../model/move-line.ts';
import { forTerminal } from '../escape.ts';

/** More of one kind are counted, not shown. */
const most = 20;

/** A move for a person: what is certain, what is not, what differs, and what comes next. `check`: was it only to be proved? */
export function migrateText(report: MigrationReport, { check }: { readonly check: boolean }): string {
  const { target, to, already } = report;
  if (already) return lines([`${target} uses ${to} already, and so does its ledger; nothing was done.`]);
  return lines([
    ...counts(report),
    ...doubts(report),
    ...outside(report),
    ...differing(report),
    ...report.assumptions.map(({ id, message }) => `  taken for granted (${id}): ${message}`),
    ...verdict(report, check),
  ]);
}

function lines(all: readonly string[]): string {
  return all.map((line) => `${forTerminal(line)}\n`).join('');
}

const words: Readonly<Record<Grade, string>> = {
  certain: 'certain',
  'by-name': 'by name',
  unpaired: 'unpaired',
};

/** Of each kind how many pairs there are, by how sure they are. */
function counts({ target, from, to, pairs, called }: MigrationReport): string[] {
  const kinds = [...new Set(pairs.map((one) => one.kind))];
  const rows = kinds.map((kind) => {
    const own = pairs.filter((one) => one.kind === kind);
    const told = (Object.keys(words) as Grade[]).flatMap((grade) => {
      const count = own.filter((one) => one.grade === grade).length;
      return count === 0 ? [] : [`${count} ${words[grade]}`];
    });
    return `  ${called[kind] ?? kind}: ${told.join(', ')}`;
  });
  return [`${target}: ${from} and ${to}, compared.`, ...rows];
}

/** What somebody has to vouch for, and how that is written. */
function doubts({ from, to, doubtful }: MigrationReport): string[] {
  if (doubtful.length === 0) return [];
  const [first] = doubtful;
  const shown = doubtful.slice(0, most).map((one) => `  ${keyOf(one)}  ${named(one)}${reason(one, from, to)}`);
  return [
    '',
    `Not certain, so nothing is moved (${doubtful.length}):`,
    ...shown,
    ...more(doubtful.length),
    `Look at each in the web app. What is the same thing is accepted with --accept ${first === undefined ? '' : keyOf(first)}, once for each.`,
  ];
}

function keyOf({ kind, from, to }: PairedThing): string {
  return `${kind}/${from ?? to ?? ''}`;
}

function named({ name, address }: PairedThing): string {
  return [name === null ? '' : `"${name}" `, address === null ? '' : `(${address}) `].join('');
}

function reason({ from: id, to: other, grade }: PairedThing, from: string, to: string): string {
  if (grade === 'by-name')
    return `has the id ${id ?? ''} in ${from} and ${other ?? ''} in ${to}; only names and times say that they are one`;
  return id === null ? `is in ${to} alone` : `has nothing in ${to} that it could be`;
}

/** Things that nothing of ours is or refers to, and of which nothing says what they are at the other API. */
function outside({ strangers }: MigrationReport): string[] {
  if (strangers === 0) return [];
  return ['', `Not yours, and left alone: ${strangers} that ${strangers === 1 ? 'is' : 'are'} not certain either.`];
}

function differing({ from, to, differences }: MigrationReport): string[] {
  if (differences.length === 0) return [];
  const shown = differences.slice(0, most).map((one) => `  ${lineOf(one, from, to)}`);
  return ['', `Different (${differences.length}):`, ...shown, ...more(differences.length)];
}

function lineOf({ address, path, from: one, to: other }: Difference, from: string, to: string): string {
  const place = address === '' ? 'the plan' : address;
  return `${place} ${path}: ${from} ${short(one)}, ${to} ${short(other)}`;
}

function short(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 120 ? `${text.slice(0, 119)}…` : text;
}

function more(count: number): string[] {
  return count > most ? [`  and ${count - most} more; --format json has all of them`] : [];
}

function verdict(report: MigrationReport, check: boolean): string[] {
  const { target, from, to, moved, proved, pending, forgetful } = report;
  if (!proved) return ['', `Nothing was written: ${target} stays at ${from}.`, ...unended(report)];
  const same = pending === 0 ? 'both plans are empty' : `both plans show the same ${pending} pending`;
  const memory = forgetful ? ' It has no ledger, so the project file is all there is to move.' : '';
  if (moved && report.done !== null)
    return ['', `${made(report, report.done)} ${isSame(same)}${memory}`, ...takeOver(report)];
  if (moved) {
    const said = `Moved: ${target} uses ${to} from now on. ${isSame(same)}${memory}`;
    return ['', said, ...steps(report)];
  }
  const next = check && report.open === null ? nextStep(report) : '';
  const said = `Nothing changes: everything is the same in ${from} and ${to}, and ${same}.${memory} ${next}`.trimEnd();
  return ['', said, ...unended(report)];
}

function isSame(plans: string): string {
  return `Everything is the same, and ${plans}.`;
}

function made({ target, to }: MigrationReport, { run, actor, at }: MoveRun): string {
  return `${target} has moved to ${to} already, by run ${run} of ${actor}, ${at}.`;
}

function nextStep(report: MigrationReport): string {
  if (report.done === null) return 'The same command without --check moves it.';
  return `${made(report, report.done)} The same command without --check writes that into the project file of this checkout too.`;
}

/** What is left where the target had moved before, and only a project file had to hear of it. */
function takeOver({ file, rewritten }: MigrationReport): string[] {
  if (!rewritten) return [];
  return [
    `Only ${file ?? ''} was written, as that run has written it. If its change is committed elsewhere, undo this one and merge that; else commit this one.`,
  ];
}

/** Until a move that was begun has ended, every other command is refused. */
function unended({ open, target, to }: MigrationReport): string[] {
  if (open === null) return [];
  const { run, actor, at } = open;
  return [
    `The move of ${target} to ${to} was begun (run ${run} of ${actor}, ${at}) and has not ended: this command without --check ends it.`,
  ];
}

/** What is left to people once a target has moved. */
function steps({ from, to, forgetful, file, rewritten, variable }: MigrationReport): string[] {
  const commit = file === null ? [] : [`Commit ${file}${rewritten ? '' : ', unless that is done'}.`];
  const all = [
    ...commit,
    `Give CI the token for ${to}${variable === null ? '' : ` as ${variable}`}.`,
    forgetful
      ? 'Merge before anybody else applies.'
      : 'Merge before anybody else applies: other checkouts are refused until they have that commit.',
  ];
  const back = forgetful
    ? 'Without a ledger, Git alone takes it back: revert that commit.'
    : `${moveLine(from, { token: null })} takes it back.`;
  return ['Next:', ...all.map((one, index) => `  ${index + 1}. ${one}`), back];
}
