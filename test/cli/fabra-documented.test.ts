import { expect, test } from 'vitest';
import { workspace } from './workspace.ts';

/** What the reference pages have no words for, each in a line of its own. */
const manifest = `kind: FabraSync
name: events
spec:
  display_name: Events
  end_customer_id: acme
  source_id: 1
  object_id: 1
  namespace: shop
  table_name: events
  status: paused
  sync_mode: full_overwrite
  field_mappings:
    - destination_field_name: event
      source_field_name: x
      source_field_type: STRING
`;

test.each([
  ['server', 'validate', 0, []],
  ['documented', 'validate', 3, [10, 11, 15]],
  ['documented', 'plan', 3, [10, 11, 15]],
])('%s: `%s` exits %s, at the lines %j of what the documented API has no words for', async (api, line, code, lines) => {
  const { run, write } = await workspace();
  const target = `{ provider: fabra, api: ${api}, token: "\${env.FABRA_KEY}" }`;
  write('syncline.yaml', `version: 1\nmanifests: [fabra/*.yaml]\nledger: file\ntargets:\n  acme: ${target}\n`);
  write('fabra/one.yaml', manifest);
  const said = await run(line, { env: { FABRA_KEY: 'any-key-will-do' } });
  const places = [...`${said.out}${said.err}`.matchAll(/unsupported-field +fabra\/one\.yaml:(\d+)/g)];
  expect({ code: said.code, lines: places.map(([, at]) => Number(at)) }).toEqual({ code, lines });
});
