import { version } from '../../../model/version.ts';
import type { Flavour, Job } from './github.ts';
import type { Pipeline } from './pipeline.ts';
import { checkout, onBranch } from './plain.ts';
import { indented, scalar } from './text.ts';

/** Where the Action is published; each major version has a branch, which stands at its last release. */
const home = 'syncline-dev/syncline';

/** A workflow that leaves the work to the Action of Syncline. */
export const action: Flavour = {
  about: [
    'Written by `syncline init --ci github-action`, and yours to change. The Action comments on pull requests, keeps each plan, applies',
    'what was reviewed where it is still what is planned, and opens an issue where something drifts. Actions are named by their major',
    'version: who wants more writes the full SHA of a commit there and lets Dependabot move it.',
  ],
  rights: {
    plan: ['pull-requests: write # the comment'],
    'merge-queue': [],
    apply: [
      'contents: write # the ledger is pushed, to refs/syncline/*',
      'pull-requests: write # what became of it is told where it was reviewed',
      'actions: read # the plan that was reviewed',
    ],
    prune: ['contents: write # the ledger is pushed, to refs/syncline/*'],
    drift: ['issues: write # one issue for each target that has drifted'],
  },
  steps: (job, tokens, pipeline) =>
    `${job === 'prune' ? onBranch(pipeline) : ''}${checkout}${call(job, tokens, pipeline)}`,
};

const inputs: Readonly<Record<Job, readonly string[]>> = {
  plan: ['command: plan', 'validate-only: true'],
  'merge-queue': ['command: plan', 'validate-only: true', 'pull-request-comment: false', 'upload-plan: false'],
  apply: ['command: apply'],
  prune: ['command: apply', 'prune: true', `force-deletes: \${{ inputs.deletes }}`],
  drift: ['command: drift'],
};

function call(job: Job, tokens: string, { folder }: Pipeline): string {
  const lines = [
    ...inputs[job],
    `target: \${{ ${job === 'prune' ? 'inputs' : 'matrix'}.target }}`,
    ...(folder === '' ? [] : [`working-directory: ${scalar(folder)}`]),
  ];
  return `- uses: ${home}@v${version.split('.')[0]}
  with:
${indented(lines.join('\n'), 4)}
  env:
${indented(tokens, 4)}`;
}
