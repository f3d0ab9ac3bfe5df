import { join, relative, sep } from 'node:path';
import type { Project } from '../../../model/project.ts';
import type { Io } from '../../io.ts';
import { repositoryOf } from '../../repository.ts';
import { action } from './action.ts';
import { defaultBranch } from './branch.ts';
import { githubWorkflow } from './github.ts';
import { gitlabPipeline } from './gitlab.ts';
import { type Pipeline, pipelineOf, slug } from './pipeline.ts';
import { plain } from './plain.ts';
import { secretsOf } from './tokens.ts';

/** Where CI can run, as `init --ci` calls it. */
export type System = 'github' | 'github-action' | 'gitlab';

/** A file for CI, and what its reader should know. */
export interface CiFile {
  /** Seen from the project, with `/`. */
  readonly path: string;
  readonly text: string;
  /** What is not as the file needs it. */
  readonly remarks: readonly string[];
  /** What is left to do. */
  readonly next: readonly string[];
}

/** The file for CI that fits a project and the repository that it lies in. */
export async function ciFile(system: System, project: Project, env: Io['env']): Promise<CiFile> {
  const pipeline = pipelineOf(project, await defaultBranch(project.root, env));
  const root = relative(project.root, repositoryOf(project.root) ?? project.root);
  return {
    path: join(root, ...placeOf(system, pipeline.folder))
      .split(sep)
      .join('/'),
    text: textOf(system, pipeline),
    remarks: remarks(system, pipeline, project),
    next: next(system, pipeline),
  };
}

/** GitHub reads workflows in one folder at the root of a repository only; GitLab reads one file, which may include others. */
function placeOf(system: System, folder: string): readonly string[] {
  const name = folder === '' ? 'syncs' : `syncs-${slug(folder)}`;
  if (system !== 'gitlab') return ['.github', 'workflows', `${name}.yaml`];
  return folder === '' ? ['.gitlab-ci.yml'] : ['.gitlab', `${name}.gitlab-ci.yml`];
}

function textOf(system: System, pipeline: Pipeline): string {
  if (system === 'gitlab') return gitlabPipeline(pipeline);
  return githubWorkflow(pipeline, system === 'github' ? plain : action);
}

/** More jobs than this GitHub makes of no matrix, and GitLab of none of more than 200. */
const mostTargets: Readonly<Record<System, number>> = { github: 256, 'github-action': 256, gitlab: 200 };

function remarks(system: System, pipeline: Pipeline, project: Project): readonly string[] {
  const { folder, targets } = pipeline;
  const reserved = system === 'gitlab' ? [] : secretsOf(pipeline).filter((name) => /^github_/i.test(name));
  const place = placeOf(system, folder);
  const most = mostTargets[system];
  return [
    ...(repositoryOf(project.root) === undefined && system !== 'gitlab'
      ? ['GitHub reads workflows only in .github/workflows at the root of a repository: move it there.']
      : []),
    ...(project.ledger === 'file'
      ? ['Hosted runners keep no file between two runs: take `ledger: file` out of syncline.yaml.']
      : []),
    ...(system === 'gitlab' && folder !== ''
      ? [`GitLab reads .gitlab-ci.yml alone; write into it: include: [{ local: ${place.join('/')} }]`]
      : []),
    ...(reserved.length > 0
      ? [`GitHub takes no secret whose name begins so: give ${reserved.join(', ')} another name in syncline.yaml.`]
      : []),
    ...(targets.length > most
      ? [`No matrix makes more than ${most} jobs: divide these ${targets.length} targets.`]
      : []),
  ];
}

function next(system: System, pipeline: Pipeline): readonly string[] {
  const settings = [...new Set(pipeline.targets.flatMap((one) => one.settings))];
  const kept = system === 'gitlab' ? 'the CI/CD variables of the project, masked' : 'the secrets of the repository';
  const told = system === 'gitlab' ? 'the CI/CD variables of the project' : 'the variables of the repository';
  return [
    ...(pipeline.packaged && system !== 'github-action' ? ['commit package-lock.json, which says what CI runs'] : []),
    `add ${secretsOf(pipeline).join(', ')} to ${kept}`,
    ...(settings.length === 0 ? [] : [`add ${settings.join(', ')} to ${told}`]),
    ...(system === 'gitlab' ? ['do what the head of the file says'] : []),
    `check that ${pipeline.branch} is the branch whose merges are to be applied`,
  ];
}
