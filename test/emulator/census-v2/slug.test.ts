import { expect, it } from 'vitest';
import type { CensusSeed } from '../../../src/emulator/census-v1/seed.ts';
import { activationSlug, groupSlug } from '../../../src/emulator/census-v2/slug.ts';
import { account, items, wide } from './support.ts';

const two = /^[a-z]+_[a-z]+$/;

it('no two groups, and no two activations, have the same two words', () => {
  const groups = Array.from({ length: 30_000 }, (_, id) => groupSlug(id + 1));
  const pairs = Array.from({ length: 30_000 }, (_, id) => activationSlug(500 + (id % 150), 600 + Math.floor(id / 150)));
  const all = [...groups, ...pairs, ...[1e9, 1e9 + 1].map(groupSlug)];
  expect(new Set(all).size).toBe(all.length);
  expect(all.filter((slug) => !two.test(slug))).toEqual([]);
});

it('come of the ids alone: not of the order of a seed, nor of what else it has', async () => {
  const seen = async (seed: CensusSeed) => {
    const { v2 } = account({}, { seed });
    const all = [...items(await v2('GET', '/sources')), ...items(await v2('GET', '/activations'))];
    return new Set(all.flatMap(({ id, group_id }) => [id, group_id]));
  };
  const [first, second] = wide.workspaces ?? [];
  if (first === undefined || second === undefined) throw new Error('The seed has two workspaces.');
  const { sources = [], syncs = [], destinations = [] } = first;
  const turned = { ...first, sources: [...sources].reverse(), syncs: [...syncs].reverse(), destinations };
  const all = await seen(wide);
  expect(await seen({ workspaces: [second, turned] })).toEqual(all);
  expect([...(await seen({ workspaces: [second] }))].filter((id) => !all.has(id))).toEqual([]);
});
