import { sealPlans } from '../core/plan/digest.ts';
import { planFor, readPlanFile } from '../engine/plan-file.ts';
import { Exit, SynclineError } from '../model/errors.ts';
import type { Plan } from '../model/plan.ts';
import { planJson } from '../render/plan/json.ts';
import type { Artefact, Run } from './github/artefacts.ts';
import { GitHubError } from './github/error.ts';
import type { Merged } from './github/pulls.ts';
import type { GitHub } from './github/request.ts';
import { type Stage, warn } from './scene.ts';

/** What the archive of a plan holds. */
const fileName = 'plan.json';
const days = 14;
/** As much as a plan file may be. */
const mostBytes = 256 * 1024 * 1024;

/** `syncline-plan-crm-production-SHA`. A path as the project's name has characters that no artefact may have. */
function artefactName(project: string, target: string, headSha: string): string {
  return `syncline-plan-${[project, target].map((part) => part.replaceAll(/[^\w.-]/g, '_')).join('-')}-${headSha}`;
}

/** Whether a plan is kept for the apply after the merge, in a sentence. */
export async function keepPlan(stage: Stage, plan: Plan): Promise<string> {
  const { happening, runner, inputs, transport } = stage;
  const { pull } = happening;
  if (pull === undefined || happening.event !== 'pull_request') return '';
  const { upload = !happening.isPublic } = inputs;
  if (!upload) {
    const why =
      inputs.upload === false ? '`upload-plan: false`' : 'the repository is public, and `upload-plan` is not `true`';
    return `This plan is not kept (${why}), so the apply after the merge cannot use it.`;
  }
  const { ACTIONS_RESULTS_URL: url = '', ACTIONS_RUNTIME_TOKEN: token = '' } = runner.io.env;
  const lost = (why: string) => {
    warn(stage, `The plan for ${plan.target} could not be kept: ${why}`);
    return 'This plan could not be kept, so the apply after the merge cannot use it.';
  };
  if (url === '' || token === '') return lost('this runner keeps no artefacts.');
  const { keepArtefact } = await import('./github/results.ts');
  const name = artefactName(stage.place.id, plan.target, pull.headSha);
  const content = planJson(sealPlans([plan]));
  try {
    await keepArtefact(transport, { url, token }, { name, file: fileName, content, days }, new Date());
    return 'After the merge, `apply` carries out this plan and nothing else.';
  } catch (error) {
    if (error instanceof GitHubError) return lost(error.message);
    throw error;
  }
}

/** The plan that was reviewed, and which run made it; or why there is none. */
export type Reviewed = { readonly plan: Plan; readonly run: Run } | { readonly missing: string };

/**
 * The plan of the merged pull request, from a successful run of this very workflow on its head. An artefact of that name from
 * anywhere else counts for nothing, and is told.
 * @throws SynclineError (exit 3) where what that run kept is no plan or was edited, (exit 4) where it is for another target
 */
export async function reviewedPlan(stage: Stage, github: GitHub, target: string, merged: Merged): Promise<Reviewed> {
  const { artefactsNamed, archiveOf, runOf } = await import('./github/artefacts.ts');
  const name = artefactName(stage.place.id, target, merged.headSha);
  const reasons: string[] = [];
  for (const one of await artefactsNamed(github, name)) {
    if (one.expired) {
      reasons.push('what was kept has expired');
      continue;
    }
    const run = one.workflow_run === null ? undefined : await runOf(github, one.workflow_run.id);
    const doubt = run === undefined ? 'belongs to no run' : doubtOf(run, stage, merged);
    if (run === undefined || doubt !== undefined) {
      const said = `the artefact ${one.id} of that name ${doubt}`;
      warn(stage, `Not taken for target ${target}: ${said}.`);
      reasons.push(said);
      continue;
    }
    const archive = await unlessExpired(archiveOf(github, one));
    if (archive === undefined) {
      reasons.push('what was kept has expired');
      continue;
    }
    return { plan: await planIn(archive, one, target), run };
  }
  return { missing: reasons[0] ?? `no artefact ${name} is there` };
}

/** Why a run may not speak for the pull request; undefined where it may. */
function doubtOf(run: Run, { happening }: Stage, merged: Merged): string | undefined {
  const { repository, workflow } = happening;
  const isHere = (name: string | undefined) => name?.toLowerCase() === repository.toLowerCase();
  const doubts: readonly (readonly [boolean, string])[] = [
    [isHere(run.repository.full_name), `comes from another repository (run ${run.id})`],
    [isHere(run.head_repository?.full_name), `comes from a fork (run ${run.id})`],
    [run.event === 'pull_request', `comes from a run on ${run.event} (run ${run.id})`],
    [workflow !== '' && run.path.replace(/@.*$/, '') === workflow, `comes from another workflow (run ${run.id})`],
    [run.head_sha === merged.headSha, `comes from another commit (run ${run.id})`],
    [run.conclusion === 'success', `comes from a run that did not succeed (run ${run.id})`],
  ];
  return doubts.find(([holds]) => !holds)?.[1];
}

/** GitHub answers 410 for what has expired since it was listed. */
async function unlessExpired(archive: Promise<Buffer>): Promise<Buffer | undefined> {
  try {
    return await archive;
  } catch (error) {
    if (error instanceof GitHubError && error.status === 410) return undefined;
    throw error;
  }
}

async function planIn(archive: Buffer, { id, name }: Artefact, target: string): Promise<Plan> {
  const { fileIn } = await import('./github/zip.ts');
  const content = fileIn(archive, fileName, mostBytes);
  const said = `${fileName} of the artefact ${name} (${id})`;
  if (content !== undefined) return planFor(readPlanFile(content.toString('utf8'), said), target, said);
  throw new SynclineError(
    'plan-malformed',
    `The artefact ${name} (${id}) does not hold one plan and nothing else.`,
    'Run the job of the pull request again, which keeps a new one, or apply by hand.',
    Exit.invalid,
  );
}
