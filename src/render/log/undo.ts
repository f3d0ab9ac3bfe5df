import type { FieldChange, Plan } from '../../model/plan.ts';
import { forTerminal } from '../escape.ts';
import { timeless } from '../plan/notes.ts';
import { planText } from '../plan/text.ts';

/** The way back from a run, as a person reads it before saying yes. */
export function undoText(plan: Plan, run: string, options: { readonly colour: boolean }): string {
  const head = `Undo of run ${forTerminal(run)}\n`;
  if (plan.changes.length > 0 || plan.blocked.length > 0) return `${head}${planText([undoing(plan)], options)}`;
  const notes = timeless(plan.notes).map((note) => `  ${forTerminal(note.address)}: ${forTerminal(note.message)}\n`);
  return `${head}There is nothing to put back: everything is as it was, or the run sent nothing.\n${notes.join('')}`;
}

/** The plan without its causes: whatever changed these fields, it is the undo that changes them back. */
function undoing(plan: Plan): Plan {
  const uncaused = (fields: readonly FieldChange[]) => fields.map((field) => ({ ...field, cause: 'unknown' as const }));
  return {
    ...plan,
    changes: plan.changes.map((change) => ({ ...change, fields: uncaused(change.fields) })),
    blocked: plan.blocked.map((one) => ({ ...one, fields: uncaused(one.fields) })),
  };
}
