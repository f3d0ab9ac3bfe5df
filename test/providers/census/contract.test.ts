import type { JsonObject } from '../../../src/model/json.ts';
import { canonical } from '../../../src/providers/census/language/canonical.ts';
import { canonicalDataset } from '../../../src/providers/census/language/dataset/canonical.ts';
import { type ContractFacts, providerContract } from '../contract.ts';
import { spec } from './build.ts';
import { censusWorld } from './world.ts';

const common = {
  updates: 'shown',
  deletes: 'shown',
  deletedTwice: 'gone',
  harmless: [],
  nobody: '987654321',
  named: { collection: 'sources', name: 'Snowflake Prod' },
  unlistable: 'topics',
} satisfies Partial<ContractFacts>;

providerContract('Census v1', () => censusWorld(), {
  ...common,
  kind: 'CensusSync',
  desired: canonical(spec()),
  labelled: (label) => canonical(spec({ label })),
  change: { desired: canonical(spec({ paused: true })), path: '/paused' },
  refused: canonical(spec({ mappings: [{ from: 'no_such_column', to: 'Email', primary: true }] })),
});

const dataset: JsonObject = {
  name: 'Paying users',
  type: 'sql',
  query: 'select id, email from users where paying\n',
  source_id: 501,
  description: 'Everybody who pays',
};

providerContract('Census v1 datasets', () => censusWorld(), {
  ...common,
  kind: 'CensusDataset',
  desired: canonicalDataset(dataset),
  labelled: (name) => canonicalDataset({ ...dataset, name }),
  change: { desired: canonicalDataset({ ...dataset, query: 'select id from users' }), path: '/query' },
  refused: canonicalDataset({ ...dataset, query: 'drop table users' }),
});
