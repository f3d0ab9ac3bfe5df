import { type Pipeline, prefixOf } from './pipeline.ts';
import { matrixTarget, mayAsk, program, step, thisRun } from './step.ts';
import { secretsOf } from './tokens.ts';

// The steps of jobs about what is not merged yet.

/** Says what is wrong where it stands. */
export function validate(pipeline: Pipeline): string {
  return `- name: Validate
  run: ${program(pipeline)} validate --format github
`;
}

/** A pull request from a fork, or of Dependabot, is given no secret, and that is right: it may say where requests go. */
export function plan(tokens: string, pipeline: Pipeline): string {
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
export function comment(pipeline: Pipeline): string {
  const env = `${matrixTarget}${mayAsk}NUMBER: \${{ github.event.pull_request.number }}\n${thisRun}`;
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
export function keep(pipeline: Pipeline): string {
  return `- name: Keep the plan
  if: \${{ !cancelled() && ${wanted} && github.event.repository.private }}
  uses: actions/upload-artifact@v6
  with:
    name: ${artefact(pipeline)}-\${{ matrix.target }}-\${{ github.event.pull_request.head.sha }}
    path: \${{ runner.temp }}/plan.json
    if-no-files-found: ignore
    retention-days: 14
`;
}

/**
 * The plan that was reviewed, for the merge queue: of what was kept under its name only what a successful run of this workflow in
 * this repository has made, for a pull request from a fork may run anything.
 */
export function findReviewed(pipeline: Pipeline): string {
  const env = `${matrixTarget}${mayAsk}QUEUED: \${{ github.event.merge_group.head_ref }}\n`;
  return step('Find the plan that was reviewed', '', env, [
    `number="\${QUEUED##*/pr-}" workflow="\${GITHUB_WORKFLOW_REF%%@*}" api="repos/$GITHUB_REPOSITORY"`,
    `sha=$(gh api "$api/pulls/\${number%%-*}" --jq .head.sha)`,
    `name="${artefact(pipeline)}-$TARGET-$sha"`,
    'own=".event == \\"pull_request\\" and .conclusion == \\"success\\" and .head_sha == \\"$sha\\"',
    '  and .head_repository.full_name == .repository.full_name',
    '  and \\"$GITHUB_REPOSITORY/\\" + (.path | sub(\\"@.*\\"; \\"\\")) == \\"$workflow\\""',
    'runs=$(gh api "$api/actions/artifacts?name=$name" --jq ".artifacts[] | select(.expired | not) | .workflow_run.id")',
    'for run in $runs; do',
    '  if [ "$(gh api "$api/actions/runs/$run" --jq "$own")" = true ]; then',
    '    gh run download "$run" --repo "$GITHUB_REPOSITORY" --name "$name" --dir "$RUNNER_TEMP/reviewed"',
    '    break',
    '  fi',
    'done',
  ]);
}

/** Fails where something is planned by now in another way than it was reviewed. */
export function planAgain(tokens: string, pipeline: Pipeline): string {
  return step('Plan what would be merged', '', matrixTarget + tokens, [
    'reviewed="$RUNNER_TEMP/reviewed/plan.json" against=()',
    'if [ -f "$reviewed" ]; then against=(--against "$reviewed"); fi',
    'code=0',
    `${program(pipeline)} plan --target "$TARGET" --validate-only "\${against[@]}" --format markdown >> "$GITHUB_STEP_SUMMARY" || code=$?`,
    'if [ "$code" = 2 ]; then echo "::error::This is not the plan for $TARGET that was reviewed: have the pull request planned anew."; fi',
    'exit "$code"',
  ]);
}

/** What the plans of this project are kept as, without target and commit. */
function artefact(pipeline: Pipeline): string {
  return prefixOf(pipeline).replace('syncline', 'syncline-plan');
}

/** What came of the plan does not matter. */
const wanted = "steps.plan.outputs.skipped != 'true'";
const stranger = `STRANGER: \${{ github.event.pull_request.head.repo.full_name != github.repository || github.actor == 'dependabot[bot]' }}
`;
