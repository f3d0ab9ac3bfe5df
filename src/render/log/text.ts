import type { Run } from '../../model/ledger.ts';
import { forTerminal } from '../escape.ts';
import { signs } from '../plan/words.ts';
import { type Style, style } from '../style.ts';
import type { LogEntry } from './entry.ts';

/** One sign per change of a run. */
const logSigns: Readonly<Record<LogEntry['changes'][number]['action'], string>> = { ...signs, forget: '≠' };

/** Changes of one run that are shown. */
const mostChanges = 10;

/** Runs as a person reads them in a terminal, in the order given. `targets`: name the target of each run. */
export function logText(
  entries: readonly LogEntry[],
  options: { readonly colour: boolean; readonly targets: boolean },
): string {
  if (entries.length === 0) return 'No run is recorded yet.\n';
  const paint = style(options.colour);
  return entries.map((entry) => `${lines(entry, options.targets, paint).join('\n')}\n`).join('\n');
}

function lines(entry: LogEntry, named: boolean, paint: Style): string[] {
  const { run, target, at, actor, commit, status, migrated, changes } = entry;
  const head = [
    paint.bold(forTerminal(run)),
    ...(named ? [forTerminal(target)] : []),
    forTerminal(at),
    forTerminal(actor),
    statusPainter(status, paint)(status),
    ...(commit === null ? [] : [paint.dim(forTerminal(shortCommit(commit)))]),
  ];
  const more = changes.length - mostChanges;
  return [
    head.join('  '),
    ...(migrated === undefined ? [] : [`  → moved from ${forTerminal(migrated.from)} to ${forTerminal(migrated.to)}`]),
    ...failuresFirst(changes)
      .slice(0, mostChanges)
      .map((change) => changeLine(change, status, paint)),
    ...(more > 0 ? [`  … and ${more} more`] : []),
  ];
}

/** What was not applied is never among those that are left out. */
function failuresFirst(changes: LogEntry['changes']): LogEntry['changes'] {
  return [...changes.filter((one) => one.status !== 'applied'), ...changes.filter((one) => one.status === 'applied')];
}

function changeLine(change: LogEntry['changes'][number], ofRun: Run['status'], paint: Style): string {
  const { action, address, id, status, moved_from: from } = change;
  // A row that nobody owns has no address of its own, only its kind.
  if (!address.includes('/'))
    return `  ${logSigns[action]} row ${forTerminal(id ?? '?')} of ${forTerminal(address)} recorded as dead by hand`;
  const known = [
    ...(id === null ? [] : [`id ${forTerminal(id)}`]),
    ...(from === undefined ? [] : [`moved from ${forTerminal(from)}`]),
  ];
  const words = `  ${logSigns[action]} ${action} ${forTerminal(address)}${known.map((one) => paint.dim(`  ${one}`)).join('')}`;
  return status === 'applied' ? words : `${words}  ${paint.yellow(fate(status, ofRun))}`;
}

/** What has become of a change that is not applied. */
function fate(status: 'intended' | 'failed', ofRun: Run['status']): string {
  if (status === 'failed') return 'failed';
  return ofRun === 'running' ? 'under way' : 'not recorded as done';
}

function statusPainter(status: Run['status'], paint: Style): (text: string) => string {
  switch (status) {
    case 'applied':
      return paint.green;
    case 'failed':
      return paint.red;
    case 'partial':
    case 'running':
      return paint.yellow;
    default:
      return status satisfies never;
  }
}

/** `01be7d7`, or with what was not committed. */
function shortCommit(commit: string): string {
  return `${commit.slice(0, 7)}${commit.endsWith('-dirty') ? ' + uncommitted changes' : ''}`;
}
