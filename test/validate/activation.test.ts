import { expect, test } from 'vitest';
import { kindsOf } from '../../src/providers/index.ts';
import { folder, validated } from './workspace.ts';

const project = `version: 1
manifests: [syncs/**/*.yaml]
targets:
  one: { provider: census, api: v1, token: "\${env.TOKEN}" }
  two: { provider: census, api: v2, token: "\${env.PAT}", groups: [wandering_aimlessly] }
`;

interface Parts {
  readonly source?: string;
  readonly destination?: string;
  readonly head?: string;
  readonly more?: string;
}

const [named, numbered] = ['connection: Warehouse, ', 'connection_id: 501, '];

/** A manifest of 8 lines; line 6 is the source, line 7 the destination; `more` begins on line 9. */
const manifest = ({ source = '', destination = '', head = '', more = '' }: Parts) => `kind: CensusSync
name: users
spec:
  label: Users
  operation: upsert
  source_attributes: { ${source}object: { type: model, name: users } }
  destination_attributes: { ${destination}object: Contact }
  mappings: [{ from: EMAIL, to: Email, primary: true }]
${more}${head}`;

async function judged(parts: Parts) {
  const root = folder({ 'syncline.yaml': project, 'syncs/users.yaml': manifest(parts) });
  return await validated(root, { kindsOf });
}

test.each<[what: string, parts: Parts, problems: readonly string[]]>([
  ['the names of both connections', { source: named, destination: named }, []],
  ['both ids and an activation', { source: numbered, destination: numbered, more: '  activation: donkey\n' }, []],
  ['an answer of v2 with both', { source: numbered, destination: numbered, more: '  activation_id: donkey\n' }, []],
  [
    'an activation alone, where v1 is among the targets',
    { more: '  activation: donkey\n' },
    [
      '9:3 needs-connection: API v1 has no activations, and `connection` is missing in `source_attributes` and `destination_attributes` (target "one").',
    ],
  ],
  [
    'an activation beside the source alone',
    { source: named, more: '  activation: donkey\n' },
    [
      '9:3 needs-connection: API v1 has no activations, and `connection` is missing in `destination_attributes` (target "one").',
    ],
  ],
  ['an activation alone on v2', { more: '  activation: donkey\n', head: 'targets: [two]\n' }, []],
  ['an activation id alone on v2', { more: '  activation_id: donkey\n', head: 'targets: [two]\n' }, []],
  [
    'an activation by override',
    { source: named, destination: named, head: 'overrides: { two: { activation: donkey } }\n' },
    [],
  ],
  [
    'no connection and no activation',
    {},
    [
      '6:3 missing-field: "source_attributes" needs one of "connection_id" and "connection".',
      '7:3 missing-field: "destination_attributes" needs one of "connection_id" and "connection".',
    ],
  ],
  [
    'an activation that is null, and no source',
    { destination: named, more: '  activation: null\n' },
    ['6:3 missing-field: "source_attributes" needs one of "connection_id" and "connection".'],
  ],
  [
    'a connection twice beside an activation',
    { source: `${named}${numbered}`, destination: named, more: '  activation: donkey\n' },
    ['6:24 conflicting-fields: "source_attributes" has "connection_id" and "connection", which say the same thing.'],
  ],
  [
    'a misspelt connection',
    { source: 'conection: Warehouse, ', destination: named },
    ['6:24 unknown-field: "conection" is not a field of source_attributes.'],
  ],
  [
    'an activation twice',
    { source: named, destination: named, more: '  activation: donkey\n  activation_id: donkey\n' },
    ['10:3 two-activations: `activation` and `activation_id` say the same thing.'],
  ],
  [
    'an activation that is no text',
    { source: named, destination: named, more: '  activation: [donkey]\n' },
    ['9:15 wrong-type: "activation" must be text, not a list.'],
  ],
])('%s', async (_what, parts, problems) => {
  const { diagnostics } = await judged(parts);
  expect(diagnostics.map(({ line, column, code, message }) => `${line}:${column} ${code}: ${message}`)).toEqual(
    problems,
  );
});

test('each API keeps of one manifest what it understands', async () => {
  const parts = { source: named, destination: named, more: '  activation: donkey\n' };
  const { manifests } = await judged(parts);
  const [one] = manifests.get('one') ?? [];
  const [two] = manifests.get('two') ?? [];
  expect(one?.spec).not.toHaveProperty('activation');
  expect(two?.spec).toMatchObject({ ...one?.spec, activation: 'donkey' });
});

test('what takes no activation away says nothing', async () => {
  const { manifests } = await judged({ source: named, destination: named, more: '  activation: null\n' });
  expect(manifests.get('two')).toEqual(manifests.get('one'));
});
