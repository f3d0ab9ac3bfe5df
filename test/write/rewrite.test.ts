import { expect, test } from 'vitest';
import type { Json } from '../../src/model/json.ts';
import { rewritten } from '../../src/write/rewrite.ts';

const users = `# yaml-language-server: $schema=x
# Start here.
kind: CensusSync
name: users

spec:
  # How it is called.
  label: Users # here
  operation: upsert

  source_attributes:
    connection: \${vars.warehouse} # by name
    object: { type: table, table_name: users }

  mappings:
    # The key.
    - { from: email, to: Email, primary: true }
    - { from: first, to: First } # first
    # Last.
    - { from: last, to: Last }

  # When.
  mode:
    type: triggered
    triggers:
      schedule: { frequency: daily, hour: 6 } # UTC
`;

const vars = { warehouse: 'Prod' };

function wish(path: string, value: Json | undefined) {
  return rewritten(users, 0, [{ path, value }], vars);
}

test('a scalar is replaced in its quotes, and nothing else is touched', () => {
  expect(wish('/spec/label', 'All users').text).toBe(users.replace('label: Users #', 'label: All users #'));
  expect(wish('/spec/label', 'no').text).toBe(users.replace('label: Users #', 'label: "no" #'));
  expect(wish('/spec/mode/triggers/schedule/hour', 7).text).toBe(users.replace('hour: 6', 'hour: 7'));
});

test('items of a list are matched, and keep their comments', () => {
  const done = wish('/spec/mappings', [
    { from: 'mail', to: 'Email', primary: true },
    { from: 'last', to: 'Last', preserve_values: true },
    { from: 'phone', to: 'Phone' },
  ]);
  expect(done.text).toBe(
    users
      .replace('from: email', 'from: mail')
      .replace('    - { from: first, to: First } # first\n', '')
      .replace('to: Last }', 'to: Last, preserve_values: true }\n    - { from: phone, to: Phone }'),
  );
});

test('a variable that fits stays, one that does not is left', () => {
  expect(wish('/spec/source_attributes/connection', 'Prod')).toEqual({ text: users, left: [] });
  expect(wish('/spec/source_attributes/connection', 'Other')).toEqual({
    text: users,
    left: [{ path: '/spec/source_attributes/connection', reason: 'variable' }],
  });
});

test('a new key goes where the schema has it, and one that goes takes its comments along', () => {
  expect(wish('/spec/paused', true).text).toBe(
    users.replace('operation: upsert\n', 'operation: upsert\n  paused: true\n'),
  );
  expect(wish('/spec/mode', undefined).text).toBe(users.slice(0, users.indexOf('\n  # When.')));
  expect(wish('/spec/label', undefined).text).toBe(users.replace('  # How it is called.\n  label: Users # here\n', ''));
});

test('comments below a key stay there when it gets another value', () => {
  const text = 'kind: CensusSync\nspec:\n  label: A # which\n    # Below.\n  operation: upsert\n';
  const done = rewritten(text, 0, [{ path: '/spec/label', value: 'two\nlines' }], {});
  expect(done.text).toBe(text.replace('label: A', 'label: "two\\nlines"'));
});

test('an anchor that changes leaves a copy where its alias stood', () => {
  const text = 'kind: CensusSync\nspec:\n  label: &name A\n  advanced_configuration:\n    a: *name\n    b: *name\n';
  const done = rewritten(
    text,
    0,
    [
      { path: '/spec/label', value: 'B' },
      { path: '/spec/advanced_configuration/b', value: 'B' },
    ],
    {},
  );
  expect(done.text).toBe(text.replace('&name A', '&name B').replace('a: *name', 'a: A'));
});

test('a value under a variable does not stay with an alias of an anchor that goes', () => {
  const text = `kind: CensusSync\nspec:\n  first: &one { a: 1 }\n  items:\n    - \${vars.x}\n    - *one\n`;
  const wishes = [
    { path: '/spec/first', value: undefined },
    { path: '/spec/items', value: [] },
  ];
  expect(rewritten(text, 0, wishes, { x: 'y' })).toEqual({ text: 'kind: CensusSync\nspec:\n  items: []\n', left: [] });
});
