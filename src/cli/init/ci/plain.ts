import { version } from '../../../model/version.ts';
import type { Flavour, Job } from './github.ts';
import { type Pipeline, prefixOf } from './pipeline.ts';
import { indented, scalar } from './text.ts';
import { secretsOf } from './tokens.ts';

/** A workflow of shell steps that run what npm installs: needs nothing but the package. */
export const plain: Flavour = {
  about: [
    'Written by `syncline init --ci`, and yours to change. Plans in pull requests and in the merge queue, applies what is merged,',
    'prunes when told to, and looks for drift at night. Actions are named by their major version: who wants more writes the full SHA',
    'of a commit there and lets Dependabot move it.',
  ],
  rights: {
    plan: ['pull-requests: write # the comment'],
    'merge-queue': [],
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

/** Where no package.json says which version is meant, the file does: all jobs of a target move to another one together. */
export function program({ packaged }: Pipeline): string {
  return packaged ? 'npx syncline' : `npx --yes syncline@${version}`;
}

const work: Readonly<Record<Job, (tokens: string, pipeline: Pipeline) => string>> = {
  plan: (tokens, pipeline) => `${validate(pipeline)}${plan(tokens, pipeline)}${comment(pipeline)}${keep(pipeline)}`,
  'merge-queue': (tokens, pipeline) => `${validate(pipeline)}${planAgain(tokens, pipeline)}`,
  apply,
  prune,
  drift: (tokens, pipeline) => `${drift(tokens, pipeline)}${issue(pipeline)}`,
};

function validate(pipeline: Pipeline): string {
  return `- name: Validate
  run: ${program(pipeline)} validate --format github
`;
}

/** A pull request from a fork, or of Dependabot, is given no secret, and that is right: it may say where requests go. */
function plan(tokens: string, pipeline: Pipeline): string {
  const given = secretsOf(pipeline).map((name) => `$${name}`);
  return step('Plan', 'plan', matrixTarget + tokens + stranger, [
    `if [ "$STRANGER" = true ] && [ -z "${given.join('')}" ]; then`,
    '  echo "Validated only: this pull request is given no token, so there is no plan for $TARGET." | tee -a "$GITHUB_STEP_SUMMARY"',
    '  echo "skipped=true" >> "$GITHUB_OUTPUT"',
    '  exit 0',
    'fi',
    `${program(pipeline)} plan --target "$TARGET" --validate-only --out "$RUNNER_TEMP/plan.json" --format markdown \\`,
    '  | tee "$RUNNER_TEMP/plan.md" >> "$GITHUB_STEP_SUMMARY"',
  ]);
}

/** One comment per target, which the next plan writes anew, or the fact that there is none: an old plan must not stand beside new commits. */
function comment(pipeline: Pipeline): string {
  const env = `${matrixTarget}GH_TOKEN: \${{ github.token }}\nNUMBER: \${{ github.event.pull_request.number }}\n${thisRun}`;
  return step('Comment', `if: \${{ !cancelled() && ${wanted} }}`, env, [
    `mark="<!-- ${prefixOf(pipeline)} plan $TARGET -->"`,
    'plan="$RUNNER_TEMP/plan.md"',
    '[ -s "$plan" ] || echo "**There is no plan for $TARGET:** $RUN says why." > "$plan"',
    '{ echo "$mark"; cat "$plan"; } > "$RUNNER_TEMP/comment.md"',
    'comments="repos/$GITHUB_REPOSITORY/issues"',
    'mine=".[] | select(.user.login == \\"github-actions[bot]\\" and (.body | startswith(\\"$mark\\"))) | .id"',
    `found=$(gh api --paginate "$comments/$NUMBER/comments" --jq "$mine") || found=""`,
    'if [ -n "$found" ]; then',
    `  where="$comments/comments/\${found%%$'\\n'*}" how=PATCH`,
    'else',
    '  where="$comments/$NUMBER/comments" how=POST',
    'fi',
    'gh api --silent --method "$how" "$where" --field body=@"$RUNNER_TEMP/comment.md" ||',
    '  echo "::notice::No comment may be written here; the plan is in the summary of the run."',
  ]);
}

/** Whoever may read a public repository may read its artefacts, and a plan holds what is live. */
function keep(pipeline: Pipeline): string {
  return `- name: Keep the plan
  if: \${{ !cancelled() && ${wanted} && github.event.repository.private }}
  uses: actions/upload-artifact@v6
  with:
    name: ${prefixOf(pipeline).replace('syncline', 'syncline-plan')}-\${{ matrix.target }}-\${{ github.event.pull_request.head.sha }}
    path: \${{ runner.temp }}/plan.json
    if-no-files-found: ignore
    retention-days: 14
`;
}

function planAgain(tokens: string, pipeline: Pipeline): string {
  return step('Plan what would be merged', '', matrixTarget + tokens, [
    `${program(pipeline)} plan --target "$TARGET" --validate-only --format markdown >> "$GITHUB_STEP_SUMMARY"`,
  ]);
}

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
GH_TOKEN: \${{ github.token }}
${thisRun}`;
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

/** What came of the plan does not matter. */
const wanted = "steps.plan.outputs.skipped != 'true'";
const matrixTarget = `TARGET: \${{ matrix.target }}\n`;
const stranger = `STRANGER: \${{ github.event.pull_request.head.repo.full_name != github.repository || github.actor == 'dependabot[bot]' }}
`;
const thisRun = `RUN: \${{ github.server_url }}/\${{ github.repository }}/actions/runs/\${{ github.run_id }}\n`;

/** `mark`: the id of the step, or a line that starts with `if:`. */
function step(name: string, mark: string, env: string, script: readonly string[]): string {
  const line = mark === '' ? '' : `  ${mark.startsWith('if:') ? mark : `id: ${mark}`}\n`;
  return `- name: ${name}
${line}  env:
${indented(env, 4)}  run: |
${indented(script.join('\n'), 4)}
`;
}
