import type { Flavour, Job } from './github.ts';
import { type Pipeline, prefixOf } from './pipeline.ts';
import { comment, findReviewed, keep, plan, planAgain, validate } from './proposed.ts';
import { matrixTarget, mayAsk, program, step, thisRun } from './step.ts';
import { scalar } from './text.ts';

/** A workflow of shell steps that run what npm installs: needs nothing but the package. */
export const plain: Flavour = {
  about: [
    'Written by `syncline init --ci`, and yours to change. Plans in pull requests and in the merge queue, applies what is merged,',
    'prunes when told to, and looks for drift at night. Actions are named by their major version: who wants more writes the full SHA',
    'of a commit there and lets Dependabot move it.',
  ],
  rights: {
    plan: ['pull-requests: write # the comment'],
    'merge-queue': ['actions: read # the plan that was reviewed', 'pull-requests: read # which commit that was'],
    apply: ['contents: write # the ledger is pushed, to refs/syncline/*'],
    prune: ['contents: write # the ledger is pushed, to refs/syncline/*'],
    drift: ['issues: write # one issue for each target that has drifted'],
  },
  steps: (job, tokens, pipeline) => {
    const before = job === 'prune' ? onBranch(pipeline) : '';
    return `${before}${checkout}${install(pipeline)}${work[job](tokens, pipeline)}`;
  },
};

export const checkout = `- uses: actions/checkout@v5
  with:
    fetch-depth: 0 # the whole history: how old a commit is decides what an apply may do
`;

/** A run may be started from any branch, and elsewhere manifests may be missing that are merged. */
export function onBranch({ branch, folder }: Pipeline): string {
  // The folder is not there before the checkout.
  const place = folder === '' ? '' : '  working-directory: .\n';
  return `- name: Only from the branch that is applied
${place}  env:
    BRANCH: ${scalar(branch)}
  run: |
    if [ "$GITHUB_REF" != "refs/heads/$BRANCH" ]; then
      echo "::error::Run this from $BRANCH: elsewhere manifests may be missing that are merged."
      exit 1
    fi
`;
}

/** Without scripts: a package's own scripts would run with all that the checkout may do. */
function install({ packaged }: Pipeline): string {
  const node = `- uses: actions/setup-node@v6
  with:
    node-version: 24
`;
  return packaged ? `${node}- run: npm ci --ignore-scripts\n` : node;
}

const work: Readonly<Record<Job, (tokens: string, pipeline: Pipeline) => string>> = {
  plan: (tokens, pipeline) => `${validate(pipeline)}${plan(tokens, pipeline)}${comment(pipeline)}${keep(pipeline)}`,
  'merge-queue': (tokens, pipeline) => `${validate(pipeline)}${findReviewed(pipeline)}${planAgain(tokens, pipeline)}`,
  apply,
  prune,
  drift: (tokens, pipeline) => `${drift(tokens, pipeline)}${issue(pipeline)}`,
};

function apply(tokens: string, pipeline: Pipeline): string {
  return step('Apply', '', matrixTarget + tokens, [`${program(pipeline)} apply --target "$TARGET" --auto-approve`]);
}

/** The number is held against the plan, and that plan is applied: what goes is what somebody has counted. */
function prune(tokens: string, pipeline: Pipeline): string {
  const env = `TARGET: \${{ inputs.target }}
DELETES: \${{ inputs.deletes }}
${tokens}`;
  return step('Prune', '', env, [
    `${program(pipeline)} plan --target "$TARGET" --prune --force-deletes "$DELETES" --out "$RUNNER_TEMP/plan.json"`,
    ...counted('$RUNNER_TEMP/plan.json'),
    'if [ "$planned" != "$DELETES" ]; then',
    '  echo "::error::This plan deletes $planned, not $DELETES. Nothing was applied."',
    '  exit 1',
    'fi',
    `${program(pipeline)} apply "$RUNNER_TEMP/plan.json"`,
  ]);
}

/** What the plan in a file deletes; a replace does, too. */
export function counted(file: string): readonly string[] {
  const sum = 'const { summary } = JSON.parse(fs.readFileSync(0)).plans[0]; summary.delete + summary.replace';
  return [`planned=$(node -p '${sum}' < "${file}")`];
}

function drift(tokens: string, pipeline: Pipeline): string {
  return step('Drift', 'drift', matrixTarget + tokens, [
    'code=0',
    `${program(pipeline)} drift --target "$TARGET" --format markdown > "$RUNNER_TEMP/drift.md" || code=$?`,
    'cat "$RUNNER_TEMP/drift.md" >> "$GITHUB_STEP_SUMMARY"',
    'echo "code=$code" >> "$GITHUB_OUTPUT"',
    'if [ "$code" != 0 ] && [ "$code" != 2 ]; then exit "$code"; fi',
  ]);
}

/** Opens an issue, writes the open one anew, or closes it. */
function issue(pipeline: Pipeline): string {
  const env = `${matrixTarget}CODE: \${{ steps.drift.outputs.code }}
${mayAsk}${thisRun}`;
  return step('Tell', '', env, [
    `mark="<!-- ${prefixOf(pipeline)} drift $TARGET -->"`,
    'issues="repos/$GITHUB_REPOSITORY/issues"',
    'mine=".[] | select(.body // \\"\\" | startswith(\\"$mark\\")) | .number"',
    'found=$(gh api --paginate "$issues?state=open&creator=github-actions%5Bbot%5D" --jq "$mine")',
    `number="\${found%%$'\\n'*}"`,
    'if [ "$CODE" = 2 ]; then',
    '  { echo "$mark"; cat "$RUNNER_TEMP/drift.md"; echo; echo "Seen by $RUN"; } > "$RUNNER_TEMP/issue.md"',
    '  if [ -n "$number" ]; then',
    '    gh api --silent --method PATCH "$issues/$number" --field body=@"$RUNNER_TEMP/issue.md"',
    '  else',
    `    gh api --silent --method POST "$issues" --field title="Drift in $TARGET${pipeline.name === undefined ? '' : ` (${pipeline.name})`}" --field body=@"$RUNNER_TEMP/issue.md"`,
    '  fi',
    'elif [ -n "$number" ]; then',
    '  gh api --silent --method PATCH "$issues/$number" --field state=closed',
    'fi',
  ]);
}
