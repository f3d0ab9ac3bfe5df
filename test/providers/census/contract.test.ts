import { canonical } from '../../../src/providers/census/canonical.ts';
import { providerContract } from '../contract.ts';
import { spec } from './build.ts';
import { censusWorld } from './world.ts';

providerContract('Census v1', () => censusWorld(), {
  desired: canonical(spec()),
  labelled: (label) => canonical(spec({ label })),
  change: { desired: canonical(spec({ paused: true })), path: '/paused' },
  refused: canonical(spec({ mappings: [{ from: 'no_such_column', to: 'Email', primary: true }] })),
  updates: 'shown',
  deletes: 'shown',
  deletedTwice: 'gone',
  harmless: [],
  nobody: '987654321',
  named: { collection: 'sources', name: 'Snowflake Prod' },
  unlistable: 'topics',
});
