import { type Pipeline, prefixOf } from './pipeline.ts';
import { counted } from './plain.ts';
import { program } from './step.ts';
import { indented, list, scalar } from './text.ts';
import { secretsOf } from './tokens.ts';

/** Jobs for GitLab: plan in merge requests, apply what is merged, prune when told to, look for drift on a schedule. */
export function gitlabPipeline(pipeline: Pipeline): string {
  const jobs = [plan, apply, ...(pipeline.remembers ? [prune, drift] : [])];
  return [
    about(pipeline),
    ...(pipeline.folder === '' ? [workflow] : []),
    common(pipeline),
    ...jobs.map((one) => one(pipeline)),
  ].join('\n');
}

function about(pipeline: Pipeline): string {
  const group = `${prefixOf(pipeline)}-${pipeline.targets[0]?.name}`;
  const secrets = secretsOf(pipeline).join(', ');
  const memory = `# - SYNCLINE_GIT_TOKEN, masked and protected: a project access token with the role Developer and the scope write_repository. With it
#   the ledger is pushed, to refs/syncline/*, where no protected branch is. By itself the token of a job may not push.
`;
  const occasions = `# - Build > Pipeline schedules: one a night, at an odd minute, for drift.
# - To prune: Build > Pipelines > New pipeline, from the default branch, with the target and the exact number of deletes.
`;
  return `# Written by \`syncline init --ci gitlab\`, and yours to change. What GitLab needs beside this file:
#
# - Settings > CI/CD > Variables: ${secrets}, masked.
#   Protected variables reach protected branches only: then merge requests are validated and not planned.
${pipeline.remembers ? memory : ''}# - Once, after the first apply, for each target: GitLab starts waiting jobs in any order, unless it is told to start the oldest.
#     curl --request PUT --header "PRIVATE-TOKEN: $TOKEN" --data process_mode=oldest_first \\
#       "https://gitlab.com/api/v4/projects/PROJECT/resource_groups/${group}"
${pipeline.remembers ? occasions : ''}`;
}

/** Only where the file is GitLab's main one: what includes it has a \`workflow\` of its own. */
const workflow = `workflow:
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
`;

function common(pipeline: Pipeline): string {
  const { folder, packaged, targets, remembers } = pipeline;
  const names = targets.map((one) => one.name);
  const first = [
    ...(folder === '' ? [] : [`cd ${shellWord(folder)}`]),
    ...(packaged ? ['npm ci --ignore-scripts'] : []),
  ];
  const before = first.length === 0 ? '' : `  before_script:\n${indented(first.map(entry).join('\n'), 4)}\n`;
  const form = formOf(pipeline);
  const asked = `variables: # what "New pipeline" asks for
  ${form.target}:
    description: The target to prune
    value: ""
    options: ["", ${names.map((one) => JSON.stringify(one)).join(', ')}]
  ${form.deletes}:
    description: How many things go, exactly; the plan names them
    value: ""

`;
  return `${remembers ? asked : ''}.${prefixOf(pipeline)}:
  image: node:24
  timeout: 2 hours
  variables:
    GIT_DEPTH: 0 # the whole history: how old a commit is decides what an apply may do
${before}
.${prefixOf(pipeline)}-targets:
  extends: .${prefixOf(pipeline)}
  parallel:
    matrix:
      - TARGET: ${list(names, 10)}
`;
}

function plan(pipeline: Pipeline): string {
  const given = secretsOf(pipeline).map((name) => `$${name}`);
  return job(pipeline, 'plan', {
    head: `rules:
  - if: $CI_PIPELINE_SOURCE == "merge_request_event"
interruptible: true
`,
    script: [
      // The second run puts into words what the first one has found.
      `${program(pipeline)} validate --format junit > validate.xml || ${program(pipeline)} validate`,
      [
        `if [ -z "${given.join('')}" ]; then`,
        '  echo "Validated only: this merge request is given no token, so there is no plan for $TARGET."',
        '  exit 0',
        'fi',
      ],
      `${program(pipeline)} plan --target "$TARGET" --validate-only --out plan.json`,
    ],
    tail: `artifacts:
  when: always
  expire_in: 14 days
  access: developer # a plan holds what is live
  paths:
    - ${scalar(inFolder(pipeline, 'plan.json'))}
  reports:
    junit: ${scalar(inFolder(pipeline, 'validate.xml'))}
`,
  });
}

function apply(pipeline: Pipeline): string {
  return job(pipeline, 'apply', {
    head: `rules:
  - if: $CI_PIPELINE_SOURCE == "push" && $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
${inTurn(pipeline, '$TARGET')}`,
    script: [...mayPush(pipeline), `${program(pipeline)} apply --target "$TARGET" --auto-approve`],
    tail: '',
  });
}

/** The names of the two fields of the form; projects of one repository share the form, and not the fields. */
function formOf({ name }: Pipeline): { readonly target: string; readonly deletes: string } {
  const own = name === undefined ? '' : `_${name.toUpperCase().replaceAll(/\W/g, '_')}`;
  return { target: `SYNCLINE_PRUNE${own}`, deletes: `SYNCLINE_DELETES${own}` };
}

function prune(pipeline: Pipeline): string {
  const { target, deletes } = formOf(pipeline);
  return job(pipeline, 'prune', {
    head: `rules:
  - if: $${target} && $CI_PIPELINE_SOURCE == "web" && $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
${inTurn(pipeline, `$${target}`)}`,
    script: [
      ...mayPush(pipeline),
      `${program(pipeline)} plan --target "$${target}" --prune --force-deletes "$${deletes}" --out plan.json`,
      [...counted('plan.json')],
      [
        `if [ "$planned" != "$${deletes}" ]; then`,
        `  echo "This plan deletes $planned, not $${deletes}. Nothing was applied."`,
        '  exit 1',
        'fi',
      ],
      `${program(pipeline)} apply plan.json`,
    ],
    tail: '',
  });
}

function drift(pipeline: Pipeline): string {
  return job(pipeline, 'drift', {
    head: `rules:
  - if: $CI_PIPELINE_SOURCE == "schedule"
`,
    script: [`${program(pipeline)} drift --target "$TARGET"`],
    tail: `allow_failure:
  exit_codes: 2 # something has drifted: the pipeline passes with a warning
`,
  });
}

interface Parts {
  readonly head: string;
  /** Commands; one of several lines is a list. */
  readonly script: readonly (string | readonly string[])[];
  readonly tail: string;
}

function job(pipeline: Pipeline, name: string, { head, script, tail }: Parts): string {
  const own = pipeline.name === undefined ? name : `${name}-${pipeline.name}`;
  const commands = script.map((one) => (typeof one === 'string' ? entry(one) : block(one)));
  return `${own}:
  extends: .${prefixOf(pipeline)}${name === 'prune' ? '' : '-targets'}
${indented(head, 2)}  script:
${indented(commands.join('\n'), 4)}
${indented(tail, 2)}`;
}

function entry(command: string): string {
  return `- ${/: | #|^[^\w]/.test(command) ? `'${command.replaceAll("'", "''")}'` : command}`;
}

function block(lines: readonly string[]): string {
  return `- |\n${indented(lines.join('\n'), 2)}`;
}

/** By itself GitLab forgets no waiting job; in which order it starts them, its API is told. */
function inTurn(pipeline: Pipeline, target: string): string {
  return `interruptible: false
resource_group: ${prefixOf(pipeline)}-${target} # one after the other
`;
}

/** Without a ledger nothing is pushed. */
function mayPush({ remembers }: Pipeline): readonly string[] {
  const address = '$CI_SERVER_PROTOCOL://syncline:$SYNCLINE_GIT_TOKEN@$CI_SERVER_FQDN/$CI_PROJECT_PATH.git';
  return remembers ? [`git remote set-url origin "${address}"`] : [];
}

function inFolder({ folder }: Pipeline, file: string): string {
  return folder === '' ? file : `${folder}/${file}`;
}

/** A path as the shell takes it. */
function shellWord(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
