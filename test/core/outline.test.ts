import fc from 'fast-check';
import { expect, test } from 'vitest';
import { linkProblems } from '../../src/core/references/check.ts';
import { outlinesOf } from '../../src/core/references/outline.ts';
import { censusDatasetTraits } from '../../src/generated/census-dataset-traits.ts';
import { censusSyncTraits } from '../../src/generated/census-sync-traits.ts';
import { fabraSyncTraits } from '../../src/generated/fabra-sync-traits.ts';
import { address } from '../../src/model/address.ts';
import type { Spec } from '../../src/model/json.ts';
import { defaultLifecycle, type Manifest } from '../../src/model/manifest.ts';

const traits = [censusSyncTraits, censusDatasetTraits, fabraSyncTraits];
const traitsOf = new Map(traits.map((one) => [one.kind, one]));
const outline = outlinesOf(traits);

/** Few, so that manifests meet. */
const name = fc.constantFrom('a', 'b', 'c', 'd');
const label = fc.constantFrom('One', 'Two', 'Two\u200b', 'Three');
const id = fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined });
const source = fc.option(fc.constantFrom('Warehouse', 'Lake'), { nil: undefined });

const object = fc.oneof(
  fc.record({ type: fc.constant('table'), table_name: fc.constant('users') }),
  fc.record({ type: fc.constantFrom('dataset', 'model', 'topic'), name: label }),
  fc.record({ type: fc.constant('segment'), name: fc.constant('s'), dataset: label }),
);
const sync = fc.record({
  label,
  operation: fc.constant('upsert'),
  source_attributes: fc.record({ connection: source, connection_id: id, object }),
  destination_attributes: fc.record({ connection: source, object: fc.constant('Contact') }),
  mode: fc.oneof(
    fc.constant({ type: 'live' }),
    fc.record({ type: fc.constant('triggered'), triggers: fc.record({ sync_sequence: fc.record({ sync: name }) }) }),
  ),
  mappings: fc.constant([{ from: { type: 'column', data: 'EMAIL' }, to: 'Email' }]),
});
const dataset = fc.record({
  name: label,
  type: fc.constant('sql'),
  source,
  source_id: id,
  query: fc.constant('select 1'),
});
const fabra = fc.record({ display_name: label, source, destination: source });

const world = fc.array(
  fc.record({
    name,
    of: fc.oneof(
      sync.map((spec) => ['CensusSync', spec] as const),
      dataset.map((spec) => ['CensusDataset', spec] as const),
      fabra.map((spec) => ['FabraSync', spec] as const),
    ),
    moved: fc.option(fc.array(name, { minLength: 1, maxLength: 2 }), { nil: undefined }),
  }),
  { minLength: 2, maxLength: 8 },
);

test('the outlines of manifests make the mistakes that the manifests make together, and no others', () => {
  const codes = new Set<string>();
  fc.assert(
    fc.property(world, fc.boolean(), (made, complete) => {
      const manifests = made.map(({ name: called, of: [kind, spec], moved }, index): Manifest => {
        return {
          address: address(kind, called),
          kind,
          name: called,
          // What is undefined is not there, as in a file.
          spec: JSON.parse(JSON.stringify(spec)) as Spec,
          lifecycle: defaultLifecycle,
          ...(moved === undefined ? {} : { moved_from: moved, targets: ['production'] }),
          origin: { file: `${index}.yaml`, line: 1, column: 1 },
          document: 0,
        };
      });
      const here = new Set(manifests.map((one) => one.address));
      const problemsOf = (all: readonly Manifest[]) =>
        linkProblems(all, traitsOf, { here, anywhere: here, complete }).map(
          ({ code, message, hint, path, subject }) => {
            return { code, message, hint, path, of: subject.origin.file };
          },
        );
      const whole = problemsOf(manifests);
      for (const { code } of whole) codes.add(code);
      expect(problemsOf(manifests.map((one) => ({ ...one, spec: outline(one.kind, one.spec) })))).toEqual(whole);
    }),
    { numRuns: 2000 },
  );
  expect(codes).toEqual(
    new Set([
      'duplicate-label',
      'moved-from-itself',
      'moved-from-twice',
      'similar-label',
      'source-mismatch',
      'sync-cycle',
      'unknown-sync',
    ]),
  );
});
