// What `init` writes. Kept as text, comments and all: this is the first thing a new user reads.

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
    # workspace: 4321             # plan and apply stop if the token belongs to another workspace
    vars:                         # literals for \${vars.NAME} in manifests, so that \`validate\` needs no environment
      warehouse: Snowflake Prod
    # protect: ["CensusSync/billing-*"]   # never deleted, whatever the manifests say
    # limits: { max_deletes: 5, concurrency: 8 }

# ledger: file                    # where Syncline remembers what it has applied: file | none
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

/** A workflow for GitHub: plan on every pull request, apply on every push to main. */
export function workflow(version: string): string {
  return `name: syncline
on:
  pull_request:
  push:
    branches: [main]

# Two applies must not run side by side; the second waits.
concurrency:
  group: syncline-\${{ github.event_name == 'push' && 'apply' || github.ref }}

jobs:
  plan:
    if: github.event_name == 'pull_request'
    runs-on: ubuntu-latest
    permissions:
      contents: read
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with: { node-version: 22 }
      - run: npx --yes syncline@${version} validate --format github
      - run: npx --yes syncline@${version} plan --format markdown >> "$GITHUB_STEP_SUMMARY"
        env:
          CENSUS_TOKEN: \${{ secrets.CENSUS_TOKEN }}

  apply:
    if: github.event_name == 'push'
    runs-on: ubuntu-latest
    permissions:
      contents: write             # the ledger is kept in refs/syncline/*
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with: { node-version: 22 }
      - run: npx --yes syncline@${version} apply --auto-approve
        env:
          CENSUS_TOKEN: \${{ secrets.CENSUS_TOKEN }}
`;
}
