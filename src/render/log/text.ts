import type { Run } from '../../model/ledger.ts';
import { forTerminal } from '../escape.ts';
import { signs } from '../plan/words.ts';
import { type Style, style } from '../style.ts';
import type { LogEntry } from './entry.ts';

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
  const { run, target, at, actor, commit, status, changes } = entry;
  const head = [
    paint.bold(forTerminal(run)),
    ...(named ? [forTerminal(target)] : []),
    forTerminal(at),
    forTerminal(actor),
    statusPainter(status, paint)(status),
    ...(commit === null ? [] : [paint.dim(forTerminal(commit.slice(0, 7)))]),
  ];
  const more = changes.length - mostChanges;
  return [
    head.join('  '),
    ...changes.slice(0, mostChanges).map((change) => changeLine(change, paint)),
    ...(more > 0 ? [`  … and ${more} more`] : []),
  ];
}

function changeLine({ action, address, id, status }: LogEntry['changes'][number], paint: Style): string {
  const sign = action === 'forget' ? ' ' : signs[action];
  const words = `  ${sign} ${action} ${forTerminal(address)}${id === null ? '' : paint.dim(`  id ${forTerminal(id)}`)}`;
  return status === 'applied' ? words : `${words}  ${paint.yellow(status === 'failed' ? 'failed' : 'not done')}`;
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
