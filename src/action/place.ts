import { relative, resolve, sep } from 'node:path';
import type { Io } from '../cli/io.ts';
import { repositoryOf } from '../cli/repository.ts';
import { variableOf } from '../load/project-rules.ts';
import type { Project, Target } from '../model/project.ts';
import { openProject } from '../session/check.ts';
import { inShard } from '../session/fleet.ts';
import { namedTargets } from '../session/targets.ts';
import type { Inputs } from './inputs.ts';

/** The project that a step is about. */
export interface Place {
  readonly project: Project;
  /** Tells it from the other projects of the repository: its name, or else the path of its file. */
  readonly id: string;
  /** Those that are asked for: none where the share of this job is empty. */
  readonly targets: readonly Target[];
  /** What begins each command line. */
  readonly argv: readonly string[];
}

/** Where the step works. */
export function directoryOf({ io }: { readonly io: Io }, inputs: Inputs): string {
  return resolve(io.env.GITHUB_WORKSPACE ?? io.cwd, inputs.directory);
}

/** The project of a step, read and checked. @throws InvalidInput for a wrong project file, and for a target that it does not have */
export function openPlace(runner: { readonly io: Io }, inputs: Inputs): Place {
  const directory = directoryOf(runner, inputs);
  const project = openProject({ directory, config: inputs.config });
  const root = repositoryOf(project.root) ?? project.root;
  const named = namedTargets(project, inputs.targets === 'all' ? [] : inputs.targets);
  const argv = ['-C', directory, ...(inputs.config === undefined ? [] : ['--config', inputs.config])];
  return {
    project,
    id: project.name ?? relative(root, project.file).split(sep).join('/'),
    targets: inputs.shard === undefined ? named : inShard(project, named, inputs.shard),
    argv,
  };
}

/** `--target` for each of these. */
export function targetArguments(targets: readonly Pick<Target, 'name'>[]): readonly string[] {
  return targets.flatMap(({ name }) => ['--target', name]);
}

/** The credential of a target, as far as the environment has it. */
export function credentialOf(
  { token_variable: token, personal_access_token_variable: personal }: Target,
  env: Io['env'],
): string {
  return env[token ?? personal ?? '']?.trim() ?? '';
}

/** Does the environment lack what the target cannot be reached without? */
export function isOutOfReach(target: Target, env: Io['env']): boolean {
  const address = target.base_url === undefined ? undefined : variableOf(target.base_url);
  return credentialOf(target, env) === '' || (address !== undefined && (env[address] ?? '').trim() === '');
}
