import type { Starter } from '../../model/service.ts';

// What `init` writes. Kept as text, comments and all: this is the first thing a new user reads.

/** The project file. `name`: of one that lies in a folder of a repository, where others may lie too. */
export function projectFile({ target, protect }: Starter, name?: string): string {
  const named =
    name === undefined
      ? '# name: crm                       # needed only where one repository holds several projects'
      : `name: ${name.padEnd(28)}# keeps its ledger apart from those of other projects of this repository`;
  return `# Syncline: which manifests belong to which workspace.
version: 1
${named}

manifests: ["syncs/**/*.yaml"]    # globs, relative to this file; what lies elsewhere is not seen
# manifests: ["syncs/**/*.yaml", "datasets/**/*.yaml"]   # with datasets; a glob that finds no file is an error

targets:
  production:
${target.replace(/^/gm, '    ')}
    # protect: ["${protect}"]   # never deleted, whatever the manifests say
    # limits: { max_deletes: 5, concurrency: 8 }

# ledger: git                      # where Syncline remembers what it has applied: git (here, in a Git repository), file, none
`;
}

/** Lines for \`.gitignore\`: local state that no one shares. */
export const ignoredPaths = ['.syncline/'];

/**
 * A workflow for GitHub: plan on every pull request, apply on every push to main, look for drift every night. `folder` is where the project lies in its
 * repository, with `/`; empty at the root.
 */
export function workflow(folder: string, { variable }: Starter): string {
  const inside = folder === '' ? '' : `defaults: { run: { working-directory: ${JSON.stringify(folder)} } }\n`;
  return `name: ${workflowName(folder)}
on:
  pull_request:
  push: { branches: [main] }
  schedule: [{ cron: "17 4 * * *" }]
permissions: { contents: read }
concurrency: { group: "${workflowName(folder)}-\${{ github.event_name }}-\${{ github.ref }}" }
${inside}jobs:
  plan:
    if: github.event_name == 'pull_request'
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v5
      - run: npm ci
      - run: npx syncline validate --format github
      - run: npx syncline plan --format markdown >> "$GITHUB_STEP_SUMMARY"
        env: { ${variable}: "\${{ secrets.${variable} }}" }
  apply:
    if: github.event_name == 'push'
    permissions: { contents: write }   # the ledger is pushed, to refs/syncline/*
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v5
      - run: npm ci
      - run: npx syncline apply --auto-approve
        env: { ${variable}: "\${{ secrets.${variable} }}" }
  drift:
    if: github.event_name == 'schedule'
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v5
      - run: npm ci
      - run: npx syncline drift --format markdown >> "$GITHUB_STEP_SUMMARY"
        env: { ${variable}: "\${{ secrets.${variable} }}" }
`;
}

/** Two projects of one repository have workflows of their own, which do not wait for each other. */
export function workflowName(folder: string): string {
  return folder === '' ? 'syncs' : `syncs-${folder.replaceAll(/[^\w-]+/g, '-')}`;
}
