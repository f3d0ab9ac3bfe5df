import { type Pipeline, prefixOf } from './pipeline.ts';
import { indented, list, scalar } from './text.ts';
import { environment } from './tokens.ts';

/** What a workflow does, one job each. */
export type Job = 'plan' | 'merge-queue' | 'apply' | 'prune' | 'drift';

/** How the jobs of a workflow go about their work. */
export interface Flavour {
  /** Lines for the head of the file. */
  readonly about: readonly string[];
  /** What each job may do beside reading the repository, with the reason. */
  readonly rights: Readonly<Record<Job, readonly string[]>>;
  /** The steps of a job, not indented. `tokens`: the lines below `env:` that give the target what it needs. */
  steps(job: Job, tokens: string, pipeline: Pipeline): string;
}

interface Row {
  readonly job: Job;
  readonly event: string;
  readonly minutes: number;
  /** Where the job has its target from. */
  readonly target: 'matrix.target' | 'inputs.target';
  /** Lines before the steps. */
  readonly more: (pipeline: Pipeline) => string;
}

const rows: readonly Row[] = [
  {
    job: 'plan',
    event: 'pull_request',
    minutes: 30,
    target: 'matrix.target',
    more: (pipeline) => `concurrency:
  group: ${prefixOf(pipeline)}-plan-\${{ github.event.pull_request.number }}-\${{ matrix.target }}
  cancel-in-progress: true # only the newest commit's plan is of use
`,
  },
  { job: 'merge-queue', event: 'merge_group', minutes: 30, target: 'matrix.target', more: () => '' },
  {
    job: 'apply',
    event: 'push',
    minutes: 120,
    target: 'matrix.target',
    more: (pipeline) => inTurn(pipeline, 'matrix.target'),
  },
  {
    job: 'prune',
    event: 'workflow_dispatch',
    minutes: 120,
    target: 'inputs.target',
    more: (pipeline) => inTurn(pipeline, 'inputs.target'),
  },
  { job: 'drift', event: 'schedule', minutes: 30, target: 'matrix.target', more: () => '' },
];

/** One group per target for all that writes. `queue: max` keeps each run that waits; by itself GitHub keeps the last one only. */
function inTurn(pipeline: Pipeline, target: Row['target']): string {
  return `concurrency: # one after the other, and every merge gets its turn
  group: ${prefixOf(pipeline)}-\${{ ${target} }}
  queue: max
  cancel-in-progress: false
`;
}

/** A workflow for GitHub: plan in pull requests and in the merge queue, apply what is merged, prune when told to, look for drift at night. */
export function githubWorkflow(pipeline: Pipeline, flavour: Flavour): string {
  const wanted = rows.filter(({ job }) => pipeline.remembers || (job !== 'prune' && job !== 'drift'));
  const jobs = wanted.map((row) => indented(jobText(row, pipeline, flavour), 2));
  return `${head(pipeline, flavour)}\njobs:\n${[...jobs, checked(pipeline)].join('\n')}`;
}

/** The jobs of a matrix have changing names, and one that is left out reports under none of them: so rules need a job like this. */
function checked(pipeline: Pipeline): string {
  return `  checked: # require this one in the rules of the branch, for pull requests and for the merge queue
    if: \${{ always() && (github.event_name == 'pull_request' || github.event_name == 'merge_group') }}
    name: ${prefixOf(pipeline)}
    needs: [plan, merge-queue]
    runs-on: ubuntu-latest
    timeout-minutes: 5
    permissions: {}
    steps:
      - if: \${{ contains(needs.*.result, 'failure') || contains(needs.*.result, 'cancelled') }}
        run: exit 1${pipeline.folder === '' ? '' : '\n        working-directory: . # there is no checkout here'}
`;
}

function head({ name, branch, targets, remembers, folder }: Pipeline, { about }: Flavour): string {
  const names = targets.map((one) => one.name);
  const occasions = `
  schedule:
    - cron: "17 4 * * *" # at night, and not at the full hour, when everybody's jobs start
  workflow_dispatch: # prunes: \`apply\` deletes nothing that only lost its manifest
    inputs:
      target:
        description: The target to prune
        type: choice
        options: ${list(names, 10)}
        required: true
      deletes:
        description: How many things go, exactly; the plan names them
        type: number
        required: true`;
  return `${about.map((line) => `# ${line}\n`).join('')}name: ${name === undefined ? 'syncs' : `syncs of ${name}`}

on:
  pull_request:
  merge_group:
  push:
    branches: [${scalar(branch.replaceAll(/[+!]/g, '\\$&'))}]${remembers ? occasions : ''}

permissions: {} # each job says what it needs

defaults:
  run:
    shell: bash${folder === '' ? '' : `\n    working-directory: ${scalar(folder)}`}
`;
}

function jobText({ job, event, minutes, target, more }: Row, pipeline: Pipeline, flavour: Flavour): string {
  const names = pipeline.targets.map((one) => one.name);
  const matrix = `strategy:
  fail-fast: false # one target's failure is not the others'
  matrix:
    target: ${list(names, 6)}
`;
  const rights = ['contents: read', ...flavour.rights[job]];
  // A right that is given twice is the greater one.
  const own = rights.filter(
    (one) => one !== 'contents: read' || !rights.some((other) => other.startsWith('contents: w')),
  );
  const tokens = environment(pipeline, target);
  return `${job}:
  if: github.event_name == '${event}'
  name: ${job} \${{ ${target} }}
  runs-on: ubuntu-latest
  timeout-minutes: ${minutes}
  permissions:
${indented(own.join('\n'), 4)}
${indented(target === 'matrix.target' ? matrix : '', 2)}${indented(more(pipeline), 2)}  steps:
${indented(flavour.steps(job, tokens, pipeline), 4)}`;
}
