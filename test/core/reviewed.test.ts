import { describe, expect, test } from 'vitest';
import { notAsReviewed, notReviewed } from '../../src/core/plan/reviewed.ts';
import { defaultLifecycle } from '../../src/model/manifest.ts';
import { blocked, change, field, plan } from '../render/build.ts';
import { traitsOf } from '../support/world.ts';

const desired = { label: 'Users', operation: 'upsert' };
const update = change({ address: 'CensusSync/users', id: '1', desired, lifecycle: defaultLifecycle });

describe('what was reviewed, held against a plan of today', () => {
  test.each([
    ['the same', {}, undefined],
    [
      'another cause, impact, fingerprint and place',
      { fingerprint: 'sha256:g', origin: null, record: 'sha256:r' },
      undefined,
    ],
    ['keys in another order', { desired: { operation: 'upsert', label: 'Users' } }, undefined],
    ['another action', { action: 'adopt' as const }, 'It was reviewed as update, but a fresh plan has adopt.'],
    ['another id', { id: '2' }, 'It was reviewed for 1, but a fresh plan has 2.'],
    ['another desired', { desired: { ...desired, operation: 'mirror' } }, 'What was reviewed differs from what'],
    [
      'another protection',
      { lifecycle: { ...defaultLifecycle, protect: true } },
      'What was reviewed differs from what',
    ],
    ['another label', { label: 'Else' }, 'What was reviewed differs from what'],
    [
      'another field',
      { fields: [field({ path: '/paused', from: null, to: null })] },
      'What was reviewed differs from what',
    ],
    ['another release', { release: true }, 'What was reviewed differs from what'],
  ])('%s', (_name, other, reason) => {
    const fresh = plan({ changes: [change({ ...update, ...other })] });
    const found = notAsReviewed(traitsOf, plan({ changes: [update] }), fresh);
    expect([...found.keys()]).toEqual(reason === undefined ? [] : ['CensusSync/users']);
    expect(found.get('CensusSync/users') ?? '').toContain(reason ?? '');
  });

  test('lists without an order are compared without one, as the service may answer them in any', () => {
    const mappings = [
      { from: { type: 'column', data: 'a' }, to: 'A' },
      { from: { type: 'column', data: 'b' }, to: 'B' },
    ];
    const there = plan({ changes: [change({ ...update, desired: { ...desired, mappings } })] });
    const here = plan({ changes: [change({ ...update, desired: { ...desired, mappings: mappings.toReversed() } })] });
    expect(notAsReviewed(traitsOf, there, here).size).toBe(0);
  });

  test('what today has nothing to do for, or has blocked, is refused with the reason', () => {
    const second = change({ address: 'CensusSync/orders', id: '2' });
    const fresh = plan({ blocked: [blocked({ address: 'CensusSync/orders', wanted: 'update', reason: 'immutable' })] });
    const found = notAsReviewed(traitsOf, plan({ changes: [update, second] }), fresh);
    expect([...found]).toEqual([
      ['CensusSync/users', 'It was reviewed, but a fresh plan has nothing to do there.'],
      ['CensusSync/orders', 'It was reviewed, but a fresh plan has it blocked (immutable).'],
    ]);
  });

  test('what today has besides is told apart', () => {
    const more = change({ address: 'CensusSync/orders', id: '2' });
    const found = notReviewed([plan({ changes: [update] }), plan()], plan({ changes: [more, update] }));
    expect(found.map((one) => one.address)).toEqual(['CensusSync/orders']);
  });
});
