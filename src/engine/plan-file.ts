import { isSealed } from '../core/plan/digest.ts';
import { Exit, SynclineError } from '../model/errors.ts';
import type { Plan, PlanFile } from '../model/plan.ts';
import { planFile } from './plan-shape.ts';

/**
 * Reads what `plan --out` wrote. The seal shows every accident and is no signature, so the shape is looked at too.
 * @throws SynclineError (exit 3) where it is malformed, of another format, or was edited (promise 14).
 */
export function readPlanFile(text: string, name: string): PlanFile {
  if (text.trim() === '') throw malformed(name, neverWritten.what, neverWritten.hint);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw malformed(name, 'is not JSON');
  }
  const misfit = planFile(value);
  if (misfit !== undefined) throw malformed(name, `is not a plan: ${misfit.at || 'its content'} ${misfit.words}`);
  const file = value as PlanFile;
  if (!isSealed(file)) {
    throw new SynclineError(
      'plan-edited',
      `The plan file ${name} was changed after it was written.`,
      'Make a new plan with `syncline plan --out`; a plan is reviewed as it is or not at all.',
      Exit.invalid,
    );
  }
  return file;
}

/** What there is to say of an empty file: a shell makes it before the command begins, and what is wrong with a project leaves no output. */
export const neverWritten = {
  what: 'is empty: the job that should have written it failed',
  hint: "Read that job's log and run it again.",
} as const;

/** The plan for `target`. @throws SynclineError (exit 4) where the file holds none for it. */
export function planFor(file: PlanFile, target: string, name: string): Plan {
  const plan = file.plans.find((one) => one.target === target);
  if (plan !== undefined) return plan;
  const held = file.plans.map((one) => `"${one.target}"`).join(', ') || 'no target';
  throw new SynclineError(
    'wrong-plan',
    `The plan file ${name} holds plans for ${held}, not for "${target}".`,
    'Choose one of its targets with --target, or make a new plan.',
    Exit.refused,
  );
}

function malformed(name: string, what: string, hint = 'Write it with `syncline plan --out FILE`.'): SynclineError {
  return new SynclineError('plan-malformed', `${name} ${what}.`, hint, Exit.invalid);
}
