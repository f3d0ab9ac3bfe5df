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
  steps: (job, tokens, pipeline) => {
    const first = job === 'prune' ? [onBranch(pipeline), checkout, ...counted(tokens, pipeline)] : [checkout];
    return [...first, call(job, tokens, pipeline)].join('');
  },
};

const quiet = ['pull-request-comment: false', 'upload-plan: false'];
const pruned = ['prune: true', `force-deletes: \${{ inputs.deletes }}`];

const inputs: Readonly<Record<Job, readonly string[]>> = {
  plan: ['command: plan', 'validate-only: true'],
  'merge-queue': ['command: plan', 'validate-only: true', ...quiet],
  apply: ['command: apply'],
  prune: ['command: apply', ...pruned],
  drift: ['command: drift'],
};

function call(job: Job, tokens: string, pipeline: Pipeline): string {
  return use(inputs[job], `\${{ ${job === 'prune' ? 'inputs' : 'matrix'}.target }}`, tokens, pipeline);
}

/** The number is held against the plan first: what goes is what somebody has counted. */
function counted(tokens: string, pipeline: Pipeline): readonly string[] {
  const plan = use(['command: plan', ...pruned, ...quiet], `\${{ inputs.target }}`, tokens, pipeline);
  return [
    plan.replace('- uses', '- id: plan\n  uses'),
    `- name: Only what was counted
  env:
    DELETES: \${{ inputs.deletes }}
    PLANNED: \${{ steps.plan.outputs.deletes }}
  run: |
    if [ "$PLANNED" != "$DELETES" ]; then
      echo "::error::This plan deletes $PLANNED, not $DELETES. Nothing was applied."
      exit 1
    fi
`,
  ];
}

function use(lines: readonly string[], target: string, tokens: string, { folder }: Pipeline): string {
  const place = folder === '' ? [] : [`working-directory: ${scalar(folder)}`];
  return `- uses: ${home}@v${version.split('.')[0]}
  with:
${indented([...lines, `target: ${target}`, ...place].join('\n'), 4)}
  env:
${indented(tokens, 4)}`;
}
