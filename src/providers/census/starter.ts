import type { Starter } from '../../model/service.ts';

/** What a first project of Census is made of. Kept as text, comments and all: this is the first thing a new user reads. */
export const starter: Starter = {
  protect: 'CensusSync/billing-*',
  target: `provider: census
api: v1
token: \${env.CENSUS_TOKEN}    # always a reference to the environment, never the token itself
# region: eu                  # us (default) or eu
# base_url: http://127.0.0.1:4010     # for \`syncline emulate --api census-v1 --port 4010\`
# workspace: 4321             # plan and apply stop where the token is not for this
vars:                         # literals for \${vars.NAME} in manifests, so that \`validate\` needs no environment
  warehouse: Snowflake Prod`,
  kind: 'CensusSync',
  manifest: `# One sync. Everything under \`spec\` is in the API's own words; what is left out is not touched.
kind: CensusSync
name: example-users-to-crm        # identity: unique, never sent to the API
spec:
  label: Example users to CRM     # how the sync is called in the app, and how it is found again
  operation: upsert
  paused: true                    # nothing runs until you say so
  source_attributes:
    connection: \${vars.warehouse} # a name; Syncline looks up the id
    object:                       # or a dataset, whose SQL may be a manifest too: { type: dataset, name: … }
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
`,
};
