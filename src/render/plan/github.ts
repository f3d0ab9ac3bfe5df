import type { Origin } from '../../model/diagnostic.ts';
import type { Blocked, Change, Plan } from '../../model/plan.ts';
import { fileIn } from '../diagnostics/report.ts';
import { forTerminal, forWorkflow, forWorkflowProperty } from '../escape.ts';
import { oneLine } from '../rows.ts';
import { counts, place, rank, reasons, remarks, severity, whereabouts, worstFirst } from './words.ts';

const valueLimit = 80;

/**
 * GitHub workflow commands: an annotation at each manifest whose sync changes or is blocked, then the count line.
 * `base`: where the project lies in its repository.
 */
export function planGithub(plans: readonly Plan[], options: { readonly base?: string } = {}): string {
  const base = options.base ?? '';
  return plans
    .flatMap((plan) => [
      ...worstFirst(plan.changes).map((change) => changeCommand(change, base)),
      ...plan.blocked.map((one) => blockedCommand(one, base)),
      `${forTerminal(plan.target)} (${forTerminal(whereabouts(plan))}): ${counts(plan.summary)}.`,
    ])
    .map((line) => `${line}\n`)
    .join('');
}

function changeCommand(change: Change, base: string): string {
  const fields = change.fields.map((field) => {
    const why = reasons(field);
    return `${field.path}: ${oneLine(field.path, field.from, field.to, valueLimit)}${why === '' ? '' : ` (${why})`}`;
  });
  const { validation } = change;
  const verdict = validation === null ? [] : [`${validation.status}: ${validation.message}`];
  const lines = [...remarks(change), ...fields, ...verdict];
  return command(levelOf(change), change.origin, base, `${change.action} ${change.address}`, lines);
}

function levelOf(change: Change): Level {
  if (change.validation?.status === 'invalid') return 'error';
  return severity(change) >= rank('full_resync') ? 'warning' : 'notice';
}

function blockedCommand(blocked: Blocked, base: string): string {
  const title = `${blocked.wanted} ${blocked.address} is blocked`;
  return command('warning', blocked.origin, base, title, [`${blocked.reason}: ${blocked.hint}`]);
}

type Level = 'notice' | 'warning' | 'error';

/** An annotation shows its title in bold above the message; an empty message is not shown at all. */
function command(level: Level, origin: Origin | null, base: string, title: string, lines: readonly string[]): string {
  const at =
    origin === null
      ? []
      : [`file=${forWorkflowProperty(fileIn(base, origin.file))}`, `line=${origin.line}`, `col=${origin.column}`];
  const properties = [...at, `title=${forWorkflowProperty(title)}`].join(',');
  const message = lines.length > 0 ? lines : [[title, place(origin)].filter((part) => part !== '').join(' at ')];
  return `::${level} ${properties}::${message.map(forWorkflow).join('%0A')}`;
}
