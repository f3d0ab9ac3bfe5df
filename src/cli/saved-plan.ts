import { listed } from '../core/suggest.ts';
import { planFor, readPlanFile } from '../engine/plan-file.ts';
import { Exit, SynclineError } from '../model/errors.ts';
import type { PlanFile } from '../model/plan.ts';
import type { Project, Target } from '../model/project.ts';
import { pathFrom, readIfThere } from './files.ts';
import type { Invocation, OptionName } from './invocation.ts';
import { dashed } from './options.ts';
import type { Lost } from './several.ts';
import { chooseShare, isShareNamed, sayEmptyFiles } from './shard.ts';

/** A plan file that the command line names. */
export interface SavedFile {
  readonly name: string;
  readonly file: PlanFile;
}

/** A plan to perform. */
export interface Saved extends SavedFile {
  /** Only what this one has in the same way is performed; undefined where nothing narrows it. */
  readonly against: SavedFile | undefined;
}

/** Options that shape a plan: a saved one has its shape. */
const shaping = [
  'prune',
  'only',
  'exclude',
  'changed',
  'force-deletes',
  'force-creates',
  'dry-run',
  'validate-only',
] as const satisfies readonly OptionName[];
type Shaping = (typeof shaping)[number];

/** The plan file of this invocation, whole and unedited, or undefined where none is named. */
export function openSaved(invocation: Invocation<Shaping | 'against'>): Saved | undefined {
  const { options, positionals } = invocation;
  const [name] = positionals;
  const against = options.text('against');
  if (name === undefined) {
    if (against === undefined) return undefined;
    const hint = 'Name the plan to perform too: `syncline apply PLANFILE --against PLANFILE`.';
    throw new SynclineError('usage', '--against narrows a saved plan, and none is named.', hint, Exit.invalid);
  }
  const given = shaping.find(options.given);
  if (given !== undefined) {
    const asked = given === 'dry-run' ? 'validate-only' : given;
    const hint = `Give ${dashed(asked)} to \`plan\` and save that plan, or leave the plan file out.`;
    throw new SynclineError(
      'usage',
      `A saved plan is performed as it is; ${dashed(given)} cannot change it.`,
      hint,
      Exit.invalid,
    );
  }
  const opened = openFile(invocation, name);
  return { ...opened, against: against === undefined ? undefined : openFile(invocation, against) };
}

function openFile(invocation: Invocation, name: string): SavedFile {
  const text = readIfThere(pathFrom(invocation, name));
  if (text !== undefined) return { name, file: readPlanFile(text, name) };
  throw new SynclineError(
    'no-plan',
    `There is no plan file ${name}.`,
    'Write it with `syncline plan --out FILE`.',
    Exit.invalid,
  );
}

/** The targets to perform it on: those that are named, or all that the file is for, of which it may hold a plan for one at most. */
export function chooseSavedTargets(
  { file, name }: Saved,
  project: Project,
  invocation: Invocation<'shard'>,
): readonly Target[] {
  if (isShareNamed(invocation)) return chooseShare(project, invocation);
  const planned = file.plans.map((plan) => plan.target);
  if (planned.length > 1) {
    const hint = `Choose with --target: ${listed(planned)}.`;
    throw new SynclineError('no-target', `The plan file ${name} is for several targets.`, hint, Exit.invalid);
  }
  return targetsOf({ file, name }, project, invocation);
}

/** Every target that the file is for, also those that could not be planned. @throws SynclineError (exit 4) for a file of another project */
function targetsOf({ file, name }: SavedFile, project: Project, invocation: Invocation): readonly Target[] {
  const meant = new Set([...file.plans, ...file.failed].map((one) => one.target));
  if (meant.size === 0) sayEmptyFiles([name], invocation);
  const strange = [...meant].find((one) => !project.targets.some((target) => target.name === one));
  if (strange === undefined) return project.targets.filter((target) => meant.has(target.name));
  throw new SynclineError(
    'wrong-plan',
    `The plan file ${name} is for target "${strange}", which this project does not have.`,
    'Use it in the project that it was made in.',
    Exit.refused,
  );
}

/** Those of these targets that could not be planned when the file was made: it says so, and has nothing to perform for them. */
export function neverPlanned({ file, name }: SavedFile, targets: readonly Target[]): readonly Lost[] {
  return targets.flatMap(({ name: target }): Lost[] => {
    const failure = file.failed.find((one) => one.target === target);
    if (failure === undefined || file.plans.some((plan) => plan.target === target)) return [];
    const hint = `That was so when ${name} was made: plan this target again.`;
    return [{ target, error: new SynclineError(failure.code, failure.message, hint, failure.exit) }];
  });
}

/** Options that the plan which is compared with decides. */
const decided = [
  'only',
  'exclude',
  'changed',
  'prune',
  'force-deletes',
  'force-creates',
] as const satisfies readonly OptionName[];

/** The plan file that today's plan is held against; undefined where none is named. */
export function openAgainst(invocation: Invocation<'against' | (typeof decided)[number]>): SavedFile | undefined {
  const { options } = invocation;
  const name = options.text('against');
  if (name === undefined) return undefined;
  const given = decided.find(options.given);
  if (given === undefined) return openFile(invocation, name);
  const message = `--against plans as the plan in ${name} was made; ${dashed(given)} cannot change that.`;
  throw new SynclineError('usage', message, `Leave ${dashed(given)} out, or --against.`, Exit.invalid);
}

/** The targets to compare: those that are named, or all that the file is for. @throws SynclineError for one that it is not for */
export function chooseComparedTargets(
  saved: SavedFile,
  project: Project,
  invocation: Invocation<'shard'>,
): readonly Target[] {
  if (!isShareNamed(invocation)) return targetsOf(saved, project, invocation);
  const targets = chooseShare(project, invocation);
  const failed = new Set(saved.file.failed.map((one) => one.target));
  for (const { name } of targets) if (!failed.has(name)) planFor(saved.file, name, saved.name);
  return targets;
}
