import { type EmulatorOption, serviceFacts } from '../../generated/services.ts';
import type { Command } from '../command.ts';

/** A kind and an emulated API to give examples with. */
const [service] = serviceFacts;
const kind = service?.kinds.at(-1) ?? 'Kind';
const emulated = serviceFacts.flatMap(({ emulators }) => Object.keys(emulators));
const [api = ''] = emulated;

/** The emulated APIs that an option belongs to. */
function ownerOf(option: EmulatorOption): string {
  const all = serviceFacts.flatMap(({ emulators }) => Object.entries(emulators));
  return all.flatMap(([name, options]) => (options.includes(option) ? [name] : [])).join(', ');
}

const layout = {
  name: 'layout',
  type: 'text',
  value: 'LAYOUT',
  values: ['destination', 'source', 'flat'],
  summary: 'Where new manifests lie: in a folder for each destination or source, or all in one (flat)',
} as const;

const prune = {
  name: 'prune',
  type: 'flag',
  summary: 'Delete what Syncline owns and no manifest declares any more',
} as const;
const only = {
  name: 'only',
  type: 'text',
  value: 'GLOB',
  summary: `Only addresses that match, for example '${kind}/crm-*'; repeatable`,
  repeatable: true,
} as const;
const exclude = {
  name: 'exclude',
  type: 'text',
  value: 'GLOB',
  summary: 'Leave addresses out that match; repeatable',
  repeatable: true,
} as const;
const changed = {
  name: 'changed',
  type: 'text',
  value: 'REF',
  summary: 'Only what changed since the branch left REF, and what refers to it',
} as const;
const shard = {
  name: 'shard',
  type: 'text',
  value: 'I/N',
  summary: 'Only share I of N shares of the targets, as `fleet matrix --max N` makes them',
} as const;
const forceDeletes = {
  name: 'force-deletes',
  type: 'count',
  value: 'N',
  summary: "Allow exactly N deletes, beyond the target's max_deletes",
} as const;
const forceCreates = {
  name: 'force-creates',
  type: 'count',
  value: 'N',
  summary: 'Allow exactly N things that are gone to be made again or forgotten',
} as const;
const autoApprove = { name: 'auto-approve', type: 'flag', summary: 'Do not ask before writing' } as const;
const none = { min: 0, max: 0 };

/** Every command, literally: what a command may read of its command line is typed by its row. */
const rows = [
  {
    name: 'init',
    summary: 'Write a first syncline.yaml, an example manifest and .gitignore lines',
    detail: 'Nothing that exists is overwritten; what was kept is reported.',
    usage: '',
    positionals: none,
    formats: ['text'],
    options: [
      {
        name: 'ci',
        type: 'text',
        value: '[SYSTEM]',
        values: ['github', 'github-action', 'gitlab'],
        summary:
          'Also write what CI runs, for github (default; steps that call npx), github-action (steps that call the Action) or gitlab',
      },
    ],
    examples: [
      ['syncline init', 'Start a project in the current directory.'],
      [
        'syncline -C crm init --ci',
        'Start one in the folder crm, with a workflow that plans, applies and looks for drift.',
      ],
      ['syncline init --ci gitlab', 'Give a project that is there jobs for GitLab.'],
    ],
  },
  {
    name: 'validate',
    summary: 'Check manifests and the project file, without network or token',
    detail:
      'Every manifest is checked once per target, after variables and overrides. With paths, only findings in those files or folders are shown. With --find, each project in the Git repository is checked whole. Exit 3 where there is an error.',
    usage: '[PATHS...]',
    positionals: { min: 0, max: Number.POSITIVE_INFINITY },
    formats: ['text', 'json', 'github', 'sarif', 'junit'],
    options: [{ name: 'find', type: 'flag', summary: 'Every project that Git tracks in this repository' }],
    examples: [
      ['syncline validate', 'Check the whole project.'],
      ['syncline validate syncs/crm.yaml', 'Check one file.'],
      ['syncline validate --find', 'Check every project of the repository, as the pre-commit hook does.'],
      ['syncline validate --format github', 'Annotate the lines of a pull request.'],
    ],
  },
  {
    name: 'plan',
    summary: 'Show what apply would do; only reads',
    detail:
      "Compares the manifests with what the API holds. Deletes appear as blocked until --prune is given. What --only, --exclude and --changed leave out is not planned, and the report says so. With --against, exit 2 if today's plan is different.",
    usage: '',
    positionals: none,
    formats: ['text', 'json', 'markdown', 'github', 'html'],
    options: [
      prune,
      only,
      exclude,
      changed,
      shard,
      forceDeletes,
      forceCreates,
      {
        name: 'against',
        type: 'text',
        value: 'FILE',
        summary: 'Plan again with the options of that plan, and show what is different now',
      },
      { name: 'out', type: 'text', value: 'FILE', summary: 'Also write the plan to FILE; `apply FILE` performs it' },
      { name: 'validate-only', type: 'flag', summary: 'Let the server check each change where it can; writes nothing' },
      { name: 'exit-code', type: 'flag', summary: 'Exit 2 where changes exist' },
    ],
    examples: [
      ['syncline plan', 'Show every change.'],
      ['syncline plan --prune --out plan.json', 'Save a plan that deletes what is no longer declared.'],
      [`syncline plan --only '${kind}/crm-*' --exit-code`, 'Look at some syncs; exit 2 where they differ.'],
      ['syncline plan --changed origin/main', 'Look at what this branch changes, and what refers to that.'],
      ['syncline plan --against plan.json', 'Is a saved plan still up to date? Exit 2 if not.'],
      ['syncline plan --format markdown > plan.md', 'Write a comment for a pull request.'],
    ],
  },
  {
    name: 'apply',
    summary: 'Perform a plan',
    detail:
      'Without PLANFILE, plans, shows the plan and asks. A plan file is its own approval: every object is read again, and what changed since is refused as stale.',
    usage: '[PLANFILE]',
    positionals: { min: 0, max: 1 },
    formats: ['text', 'json', 'ndjson'],
    options: [
      autoApprove,
      prune,
      only,
      exclude,
      changed,
      shard,
      { name: 'dry-run', type: 'flag', summary: 'Let the server check each change where it can; writes nothing' },
      { name: 'validate-only', type: 'flag', summary: 'The same as --dry-run' },
      {
        name: 'allow-old',
        type: 'flag',
        summary: 'Apply a commit that is older than what was applied last, without its deletes',
      },
      forceDeletes,
      forceCreates,
      {
        name: 'against',
        type: 'text',
        value: 'FILE',
        summary: 'Apply only the changes that the plan in FILE has too; the rest is stale',
      },
    ],
    examples: [
      ['syncline apply', 'Plan, ask and apply.'],
      ['syncline apply plan.json', 'Perform a saved plan without asking.'],
      [
        'syncline apply plan-reviewed.json --against plan-today.json',
        "Apply what was reviewed and is still in today's plan.",
      ],
      [`syncline apply --exclude '${kind}/finance-*'`, 'Apply all but some; what is left out stays as it is.'],
      ['syncline apply --target staging --auto-approve', 'Apply in CI to one of several targets.'],
      ['syncline apply --dry-run', 'Have the server validate what it can.'],
      ['syncline apply plan.json --format ndjson', 'Tell a program what happens, an event a line.'],
    ],
  },
  {
    name: 'drift',
    summary: 'Show what changed outside Git since the last apply; only reads',
    detail:
      'Compares what is live with what was applied last. Exit 2 where anything changed, 0 where nothing did, 4 where the ledger binds nothing to compare with. Changes in manifests, and fields that a manifest ignores, are no drift.',
    usage: '',
    positionals: none,
    formats: ['text', 'json', 'markdown', 'github', 'sarif'],
    options: [only, exclude, shard],
    examples: [
      ['syncline drift', 'Show every change that did not come from Git.'],
      [`syncline drift --only '${kind}/crm-*' --format markdown`, 'Some of them, as a comment or a job summary.'],
      ['syncline drift --format sarif > drift.sarif', 'An alert of code scanning for each field.'],
    ],
  },
  {
    name: 'status',
    summary: 'Show what is declared, bound and live, with ids and links; only reads',
    detail:
      'Lists what is bound, what is declared and not made yet, what is bound without a manifest, and what is live without one; and of each whether it is protected, paused or failing. Of a named address it shows everything: spec, references, protection, what a plan would do, and its last runs.',
    usage: '[ADDRESS...]',
    positionals: { min: 0, max: Number.POSITIVE_INFINITY },
    formats: ['text', 'json'],
    options: [only, exclude],
    examples: [
      ['syncline status', 'Show everything in each target.'],
      [`syncline status ${kind}/users-to-crm`, 'Show all there is to know of one sync.'],
      ['syncline status | grep failing', 'A terminal shows 100 of each state; a pipe gets all of them, one a line.'],
      [`syncline status --only '${kind}/crm-*' --format json`, 'Some of them, for a script.'],
    ],
  },
  {
    name: 'pull',
    summary: 'Write what is live into manifests, and bind them; the service is only read',
    detail:
      'Writes a manifest for everything live that has none, and brings those that exist up to date: comments, order, anchors, variables and quotes stay. What cannot be decided is left and told (exit 4): what both sides have changed, what a variable does not give, what is gone. With --drifted only what changed outside Git since it was applied.',
    usage: '',
    positionals: none,
    formats: ['text', 'json'],
    options: [
      only,
      exclude,
      { name: 'id', type: 'text', value: 'N', summary: 'One live thing, by its id' },
      { name: 'drifted', type: 'flag', summary: 'Only what changed outside Git since it was applied' },
      layout,
      {
        name: 'catalogue',
        type: 'flag',
        summary: 'Only what the workspace has, into .syncline/catalogue/, for validate and the editor; to be committed',
      },
    ],
    examples: [
      ['syncline pull', 'Bring everything that is live into files.'],
      ['syncline pull --drifted', 'Bring home what was changed outside Git.'],
      ['syncline pull --id 90001 --layout flat', 'One sync, without a folder for its destination.'],
      ['syncline pull --catalogue', 'Let validate know tables, columns, objects and fields.'],
    ],
  },
  {
    name: 'import',
    summary: 'Take over what another tool manages: write manifests and bind them; the service is only read',
    detail:
      '`terraform FILE` reads a state as `terraform show -json` prints it (- for stdin), `gitlink DIR` every YAML file below a folder. Each attribute comes over or is told with its place. The manifests say what the other tool says: where that is not what is live, the next plan shows it. What is declared or bound here already is left alone. Exit 4 where something was left.',
    without: 'Say which tool, and where its files are.',
    usage: 'terraform FILE | gitlink DIR',
    positionals: { min: 2, max: 2 },
    formats: ['text', 'json'],
    options: [layout],
    examples: [
      ['syncline import terraform -', 'From standard input: `terraform show -json | syncline import terraform -`.'],
      ['syncline import terraform state.json --target production', 'From a file, into one of several targets.'],
      ['syncline import gitlink gitlink/', 'Take over files of GitLink.'],
    ],
  },
  {
    name: 'scan',
    summary: 'Find what else in the repository still speaks an API that ends',
    detail:
      'Reads what Git tracks, in the whole repository or below PATHS: scripts, HCL, code of orchestrators, CI. Needs no project and no token, and sends nothing. No line is ever quoted, because it may hold a key. Exit 2 where something is found.',
    usage: '[PATHS...]',
    positionals: { min: 0, max: Number.POSITIVE_INFINITY },
    formats: ['text', 'json', 'github', 'sarif'],
    options: [],
    examples: [
      ['syncline scan', 'Look through the whole repository.'],
      ['syncline scan scripts dags', 'Look through two folders.'],
      ['syncline scan --format sarif > scan.sarif', 'An alert of code scanning for each place.'],
    ],
  },
  {
    name: 'fleet',
    summary: 'Print the targets as balanced shards, for a matrix of CI jobs; without network or token',
    detail:
      'Each job runs `plan`, `apply` or `drift` with the `args` of its shard. Shards are as even as the manifests of their targets allow; the same files give the same shards on every machine. There are 256 at most, as many jobs as GitHub runs of one matrix. Where nothing is left the list is empty, and the exit code is 0 all the same.',
    without: 'What it prints is the matrix.',
    usage: 'matrix',
    positionals: { min: 1, max: 1 },
    formats: ['json', 'text'],
    options: [
      {
        name: 'max',
        type: 'count',
        value: 'N',
        summary: 'At most N shards (default: one for each target)',
      },
      { ...changed, summary: 'Only targets in which something changed since the branch left REF' },
    ],
    examples: [
      ['syncline fleet matrix --max 8 --format text', 'Look at eight shards.'],
      [
        'syncline fleet matrix --changed origin/main --max 20',
        'Jobs for what a pull request changes, as one line: for `$GITHUB_OUTPUT`, after `matrix=`.',
      ],
      ['syncline plan --shard 2/8', 'The same share without a matrix, where jobs have numbers.'],
    ],
  },
  {
    name: 'report',
    summary: 'Merge JSON plans or reports of several jobs into one, with one exit code; without network or token',
    detail:
      'FILES are what `plan --out` has written, or what `plan`, `apply`, `undo` or `drift` have printed with --format json; all of one command. Exit 5 if anything was written and anything failed, else the first of 1, 3, 4, 2, 0 that any of them ended with. A file that is not there is 1, one that is no report 3; neither hides the others. Every report has text, json, markdown and github; html is for plans, sarif for drift.',
    without: 'FILES are JSON plans or reports.',
    usage: 'merge FILES...',
    positionals: { min: 1, max: Number.POSITIVE_INFINITY },
    formats: ['text', 'json', 'markdown', 'github', 'html', 'sarif'],
    options: [
      {
        name: 'expect',
        type: 'count',
        value: 'N',
        summary: 'So many files there must be: what is missing is the failure of a job that left none',
      },
    ],
    examples: [
      ['syncline report merge plan-*.json --expect 8 --format markdown > comment.md', 'One comment of eight jobs.'],
      ['syncline report merge apply-*.json --format json', 'One report, for a program.'],
    ],
  },
  {
    name: 'fmt',
    summary: 'Put manifests into canonical form, without network or token',
    detail:
      'Keys get the order of the schema and quotes stand only where they are needed; comments, anchors, block texts and pasted JSON stay. A manifest says the same before and after. With --check nothing is written: exit 2 where a file would change. Exit 3 where a file is no YAML; it is left alone, and the others are still formatted.',
    usage: '[PATHS...]',
    positionals: { min: 0, max: Number.POSITIVE_INFINITY },
    formats: ['text'],
    options: [
      { name: 'check', type: 'flag', summary: 'Write nothing; name the files that would change' },
      {
        name: 'find',
        type: 'flag',
        summary: 'Every project that Git tracks in this repository; paths may belong to any of them',
      },
    ],
    examples: [
      ['syncline fmt', 'Format all manifests of the project.'],
      ['syncline fmt syncs/crm.yaml', 'Format one file.'],
      ['syncline fmt --check', 'Exit 2 where a manifest is not in canonical form, for CI.'],
    ],
  },
  {
    name: 'migrate',
    summary: 'Move a target to another API of its service, once it is proved that nothing changes',
    detail:
      'Reads both APIs, pairs what they show, plans at both, and stops at whatever is not certain or not the same. Then it writes the ledger and the project file, and nothing else; a move that was stopped is ended by running it again. One target at a time: name it with --target where the project has several. Exit 0: the same, and nothing is pending; 2: the same, with changes pending; 3: the command line or the files are wrong, or a name means nothing at one of the APIs; 4: refused; 1: an API or the network failed; 5: stopped after the first write: run it again.',
    without: 'What is moved is the `api` of a target.',
    usage: 'api',
    positionals: { min: 1, max: 1 },
    formats: ['text', 'json'],
    options: [
      { name: 'to', type: 'text', value: 'API', summary: 'The API to move to, as `api` in syncline.yaml' },
      { name: 'check', type: 'flag', summary: 'Prove only; nothing is written' },
      {
        name: 'token-env',
        type: 'text',
        value: 'NAME',
        summary: 'The variable that holds the token of the API which syncline.yaml does not say; default: the same one',
      },
      {
        name: 'accept',
        type: 'text',
        value: 'KIND/ID',
        summary: 'Vouch for a pair that is not certain; repeatable',
        repeatable: true,
      },
    ],
    examples: [
      ['syncline migrate api --to v2 --token-env NAME --check', 'Would anything change?'],
      ['syncline migrate api --to v2 --token-env ACTIVATIONS_PAT', 'Move, with the token in that variable.'],
      ['syncline migrate api --to v1', 'Take it back.'],
    ],
  },
  {
    name: 'adopt',
    summary: 'Bind manifests to what is live without touching it',
    detail:
      'Writes the ledger and nothing else. Without --id, the sync is found by its label. If an address that no manifest declares any more is bound to it, the binding moves, with its protection: this is how you keep a sync when you rename its manifest.',
    usage: '[ADDRESS]',
    positionals: { min: 0, max: 1 },
    formats: ['text'],
    options: [
      { name: 'id', type: 'text', value: 'N', summary: 'Bind this id; its label may differ' },
      {
        name: 'all-matching',
        type: 'flag',
        summary: 'Bind every manifest whose label exactly one free sync or dataset has',
      },
    ],
    examples: [
      [`syncline adopt ${kind}/users-to-crm`, 'Take over the one sync that has its label.'],
      [`syncline adopt ${kind}/new-name --id 90001`, 'Keep the sync of a manifest that was renamed.'],
      ['syncline adopt --all-matching', 'Bind everything again after the ledger was lost.'],
    ],
  },
  {
    name: 'forget',
    summary: 'Stop managing an address without touching its sync, or record a dead row',
    detail:
      'Writes the ledger and nothing else. A row is dead if the service still shows it although it was deleted or never completed.',
    usage: '[ADDRESS]',
    positionals: { min: 0, max: 1 },
    formats: ['text'],
    options: [{ name: 'id', type: 'text', value: 'N', summary: 'Record this id as a dead row' }],
    examples: [
      [`syncline forget ${kind}/users-to-crm`, 'The sync stays; Syncline no longer manages it.'],
      ['syncline forget --id 15', 'Never take row 15 for a live sync again.'],
    ],
  },
  {
    name: 'unlock',
    summary: 'Break the lock of a target by hand, after showing who holds it',
    detail:
      'Use it only if you are sure that the run has ended and its machine cannot be asked. The next apply finishes what that run left. A lock whose process has ended, or whose time is over, needs no unlock.',
    usage: '',
    positionals: none,
    formats: ['text'],
    options: [autoApprove],
    examples: [
      ['syncline unlock', 'Show the holder, ask, and break its lock.'],
      ['syncline unlock --target staging --auto-approve', 'Break the lock of one of several targets.'],
    ],
  },
  {
    name: 'log',
    summary: 'Show the runs that the ledger has recorded, newest first',
    detail: 'Reads the ledger and nothing else; needs no token.',
    usage: '',
    positionals: none,
    formats: ['text', 'json'],
    options: [
      { name: 'limit', type: 'count', value: 'N', summary: 'At most N runs (default: 20 as text, all as JSON)' },
    ],
    examples: [
      ['syncline log', 'The last runs: who changed what, and when.'],
      ['syncline log --target production --limit 100 --format json', 'The last hundred runs of one target.'],
    ],
  },
  {
    name: 'undo',
    summary: 'Put back what a run has changed',
    detail:
      'Plans how to restore what the run recorded, shows that plan and asks. Anything changed since is left alone. A deleted sync is created again, and protected until a manifest declares it. Your manifests do not change: revert them too.',
    usage: 'RUN',
    without: '`syncline log` lists the runs.',
    positionals: { min: 1, max: 1 },
    formats: ['text', 'json'],
    options: [autoApprove, forceDeletes],
    examples: [
      ['syncline undo 20261121T101500Z-1a2b3c', 'Put back what this run has changed; `syncline log` lists runs.'],
      ['syncline undo 20261121T1015 --auto-approve', 'The start of the id is enough if it is unique.'],
    ],
  },
  {
    name: 'schema',
    summary: 'Print a JSON Schema, or set up the editor with it',
    detail:
      'Without KIND, lists the kinds. `syncline schema manifest` is the schema of all kinds together, `syncline schema syncline.yaml` that of the project file.',
    usage: '[KIND]',
    positionals: { min: 0, max: 1 },
    formats: ['text', 'json'],
    options: [{ name: 'install', type: 'flag', summary: 'Set up .vscode/settings.json; keeps other settings' }],
    examples: [
      [`syncline schema ${kind} > sync.schema.json`, 'Save the schema of a kind.'],
      ['syncline schema --install', 'Completion and checks in VS Code.'],
    ],
  },
  {
    name: 'emulate',
    summary: 'Run a local server that behaves like the API, quirks included',
    detail:
      'Prints where it listens and the token it takes, then serves until Ctrl-C. It listens on the loopback interface only and forgets everything when it ends.',
    usage: '',
    positionals: none,
    formats: ['text', 'json'],
    options: [
      { name: 'api', type: 'text', value: 'NAME', summary: `Which API: ${emulated.join(' or ')}` },
      {
        name: 'profile',
        type: 'text',
        value: 'NAME',
        summary: `${ownerOf('profile')}: as-traced (default) or as-intended`,
      },
      {
        name: 'dialect',
        type: 'text',
        value: 'NAME',
        summary: `${ownerOf('dialect')}: server (default) or documented`,
      },
      {
        name: 'seed',
        type: 'text',
        value: 'FILE',
        summary: 'What it holds at the start (JSON): a seed, or what the API answers to a list of syncs',
      },
      { name: 'token', type: 'text', value: 'TEXT', summary: 'Take this token (default: a fresh one)' },
      { name: 'latency', type: 'count', value: 'MS', summary: 'Wait this long before every answer' },
      {
        name: 'fault',
        type: 'text',
        value: 'RULE',
        summary: 'Misbehave by this rule; repeatable',
        repeatable: true,
      },
      {
        name: 'quirk',
        type: 'text',
        value: 'KEY=VALUE',
        summary: `${ownerOf('quirk')}: choose a behaviour that the real API may or may not have; repeatable`,
        repeatable: true,
      },
      {
        name: 'option',
        type: 'text',
        value: 'KEY=VALUE',
        summary: `${ownerOf('option')}: the same for what only this API has; repeatable`,
        repeatable: true,
      },
      { name: 'port', type: 'count', value: 'N', summary: 'Port (default 0: any free one)' },
    ],
    examples: [
      [`syncline emulate --api ${api}`, 'Serve a ready-made workspace (4321, "Acme").'],
      [`syncline emulate --api ${api} --seed workspace.json --latency 50`, 'Serve one of your own, slowly.'],
      [
        `syncline emulate --api ${api} --seed syncs.json --token test`,
        'Serve syncs of yours as the API has answered them, to scripts.',
      ],
    ],
  },
  {
    name: 'completion',
    summary: 'Print a completion script for bash, zsh or fish',
    detail:
      'Completes commands, options and their values, the targets of the project and the addresses of its manifests. Nothing is sent for it.',
    usage: 'bash|zsh|fish',
    positionals: { min: 1, max: 1 },
    formats: ['text'],
    options: [],
    examples: [
      ['syncline completion bash', 'For ~/.bashrc: `source <(syncline completion bash)`.'],
      ['syncline completion zsh', 'For ~/.zshrc, after compinit: `source <(syncline completion zsh)`.'],
      ['syncline completion fish > ~/.config/fish/completions/syncline.fish', 'Once, for fish.'],
    ],
  },
  {
    name: 'demo',
    summary: 'Show everything above at work against an embedded server; no account needed',
    detail: 'Runs the real commands on a copy of the examples in a temporary folder.',
    usage: '',
    positionals: none,
    formats: ['text'],
    options: [],
    examples: [['syncline demo', 'Watch validate, plan, dry run, apply, drift and repair.']],
  },
] as const satisfies readonly Command[];

export type CommandRow = (typeof rows)[number];
export type CommandName = CommandRow['name'];

/** Every command. Help and parsing read this; the commands themselves are loaded when they are run. */
export const commands: readonly Command[] = rows;

/** The row of a command; undefined where there is no such command. */
export function rowNamed(name: string): CommandRow | undefined {
  return rows.find((one) => one.name === name);
}
