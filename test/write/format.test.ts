import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { globSync } from 'tinyglobby';
import { expect, test } from 'vitest';
import { formatted } from '../../src/write/format.ts';

const examples = join(import.meta.dirname, '../../examples');
const manifests = globSync(['syncs/*.yaml', 'datasets/*.yaml', 'fabra/syncs/*.yaml'], { cwd: examples });

test.each(manifests)('the example %s is in canonical form', (file) => {
  const text = readFileSync(join(examples, file), 'utf8');
  expect(formatted(text)).toBe(text);
});

test('keys, quotes and blank lines are put in order, and comments stay with what they belong to', () => {
  const messy = `# yaml-language-server: $schema=x
# What this is for.


spec:

  mappings:   # all of them
    - {to: "Email", 'from': "email",primary: true}
    # A number is text here.
    - to: '1.10'   # keep
      from:
        "constant":  "no"
  # How it is called.
  'label': "Users"\t
  source_attributes: &source
    object: { "type": "table", "id": 1 }
    connection: "\${vars.warehouse}"
  operation: "upsert"
  advanced_configuration:
    zebra: |
      select "a"  

        from b


    apple: ["a", 'b, c', "it's"]
name: "users"
kind: CensusSync
# The end.


`;
  expect(formatted(messy)).toBe(`# yaml-language-server: $schema=x
# What this is for.

kind: CensusSync
name: users
spec:
  # How it is called.
  label: Users
  operation: upsert
  source_attributes: &source
    connection: \${vars.warehouse}
    object: { "type": "table", "id": 1 }

  mappings:   # all of them
    - { from: email, to: Email, primary: true }
    # A number is text here.
    - from:
        constant: "no"
      to: "1.10"   # keep
  advanced_configuration:
    zebra: |
      select "a"  

        from b

    apple: [a, "b, c", it's]
# The end.
`);
});

test('comments below a key stay below it, and so does what follows the last document', () => {
  const text = `kind: CensusSync
spec:
  mappings:
    # - { from: a, to: B }
  label: "A"
  destination_attributes: {object: 'Contact', # why
    connection: "Salesforce"} # where
...
# After the end.
---
# Nothing yet.
`;
  expect(formatted(text)).toBe(`kind: CensusSync
spec:
  label: A
  destination_attributes: {
    connection: Salesforce,
    object: Contact # why
    } # where
  mappings:
    # - { from: a, to: B }
...
# After the end.
---
# Nothing yet.
`);
});
