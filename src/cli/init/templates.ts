// What `init` writes. Kept as text, comments and all: this is the first thing a new user reads.

/** The project file. */
export const projectFile = `# Syncline: which manifests belong to which workspace.
version: 1
# name: crm                       # needed only where one repository holds several projects

manifests: [syncs/**/*.yaml]      # globs, relative to this file

targets:
  production:
    provider: census
    api: v1
    token: \${env.CENSUS_TOKEN}    # always a reference to the environment, never the token itself
    # region: eu                  # us (default) or eu
    # base_url: http://127.0.0.1:4010     # for \`syncline emulate --api census-v1 --port 4010\`
    # workspace: 4321             # plan and apply stop if the token belongs to another workspace
    vars:                         # literals for \${vars.NAME} in manifests, so that \`validate\` needs no environment
      warehouse: Snowflake Prod
    # protect: ["CensusSync/billing-*"]   # never deleted, whatever the manifests say
    # limits: { max_deletes: 5, concurrency: 8 }

# ledger: git                      # where Syncline remembers what it has applied: git (here, in a Git repository), file, none
`;

export const exampleManifest = `# One sync. Everything under \`spec\` is in the API's own words; what is left out is not touched.
kind: CensusSync
name: example-users-to-crm        # identity: unique, never sent to the API
spec:
  label: Example users to CRM     # how the sync is called in the app, and how it is found again
  operation: upsert
  paused: true                    # nothing runs until you say so
  source_attributes:
    connection: \${vars.warehouse} # a name; Syncline looks up the id
    object:
      type: table
      table_catalog: analytics
      table_schema: public
      table_name: users
  destination_attributes:
    connection: Salesforce
    object: Contact
  mappings:
    - { from: email, to: Email, primary: true }
    - { from: first_name, to: FirstName }
    - { from: { constant: warehouse }, to: LeadSource }
`;

/** Lines for \`.gitignore\`: local state that no one shares. */
export const ignoredPaths = ['.syncline/'];

/**
 * A workflow for GitHub: plan on every pull request, apply on every push to main, look for drift every night. `folder` is where the project lies in its
 * repository, with `/`; empty at the root.
 */
export function workflow(folder: string): string {
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
        env: { CENSUS_TOKEN: "\${{ secrets.CENSUS_TOKEN }}" }
  apply:
    if: github.event_name == 'push'
    permissions: { contents: write }   # the ledger is pushed, to refs/syncline/*
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v5
      - run: npm ci
      - run: npx syncline apply --auto-approve
        env: { CENSUS_TOKEN: "\${{ secrets.CENSUS_TOKEN }}" }
  drift:
    if: github.event_name == 'schedule'
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v5
      - run: npm ci
      - run: npx syncline drift --format markdown >> "$GITHUB_STEP_SUMMARY"
        env: { CENSUS_TOKEN: "\${{ secrets.CENSUS_TOKEN }}" }
`;
}

/** Two projects of one repository have workflows of their own, which do not wait for each other. */
export function workflowName(folder: string): string {
  return folder === '' ? 'syncs' : `syncs-${folder.replaceAll(/[^\w-]+/g, '-')}`;
}
