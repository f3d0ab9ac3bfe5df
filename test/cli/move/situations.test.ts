import { describe, expect, test, vi } from 'vitest';
import { groupSlug } from '../../../src/emulator/census-v2/slug.ts';
import type { V2Options } from '../../../src/emulator/census-v2/switches.ts';
import { smallAccount } from './accounts.ts';
import { type Scene, scene } from './scene.ts';
import { freshInto, moved, settled, there } from './story.ts';

vi.setConfig({ testTimeout: 60_000 });

async function pulled(v2: Partial<V2Options> = {}): Promise<Scene> {
  const one = await scene({ seed: smallAccount, v2 });
  expect((await one.run('pull')).code).toBe(0);
  return one;
}

test('what is pending on v1 is pending on v2, and is done there', async () => {
  const one = await pulled();
  one.write('syncs/sync-1.yaml', `${one.read('syncs/sync-1.yaml')}  paused: true\n`);
  one.write('syncs/fresh.yaml', freshInto('CRM'));
  expect((await one.run('apply --auto-approve --only CensusSync/sync-3')).code).toBe(0);
  one.remove('syncs/sync-3.yaml');
  const pending = await one.run('plan --prune --format json');
  await moved(one, { code: 2 });
  const still = await one.run('plan --prune --format json');
  expect(changes(still.out)).toEqual(changes(pending.out));
  expect(changes(still.out)).toEqual([
    'create CensusSync/fresh',
    'delete CensusSync/sync-3',
    'update CensusSync/sync-1',
  ]);
  expect((await one.run('apply --prune --auto-approve')).code).toBe(0);
  const labels = (await one.items('v1', 'syncs')).map(({ label }) => label);
  expect(labels).toContain('Fresh');
  expect(labels).not.toContain('Sync 3');
  await settled(one);
});

function changes(plan: string): readonly string[] {
  const { plans } = JSON.parse(plan) as { plans: { changes: { action: string; address: string }[] }[] };
  return plans
    .flatMap((one) => one.changes)
    .map(({ action, address }) => `${action} ${address}`)
    .sort();
}

test('a sync that v1 could make, and for which v2 has no activation, stops the move by name', async () => {
  const one = await pulled();
  one.write('syncs/fresh.yaml', freshInto('Mail'));
  expect((await one.run('plan --exit-code')).code).toBe(2);
  const refused = await one.run(there);
  expect(refused.err).toMatch(
    /no-activation {2}syncs\/fresh\.yaml[\s\S]*With `api: v2`: [\s\S]*"Redshift" \(502\) to the destination "Mail"/,
  );
  expect(refused.code).toBe(3);
  expect([one.writes(), one.read('syncline.yaml').includes('api: v1')]).toEqual([[], true]);
});

describe('a group that the owner of the token may not see', () => {
  test.each(['absent', 403] as const)('stops the move, and nothing is taken for deleted: %s', async (hidden) => {
    const one = await pulled({ hidden, hiddenGroups: [groupSlug(502)] });
    const before = [one.read('syncline.yaml'), one.ledger()];
    const refused = await one.run(there);
    expect(refused.err).toMatch(
      /v2 shows nothing of these sources: "Redshift" \(502\)[\s\S]*--token-env[\s\S]*unknown-name/,
    );
    expect(refused.code).toBe(3);
    expect([one.read('syncline.yaml'), one.ledger()]).toEqual(before);
    expect(one.writes()).toEqual([]);
  });
});

test.each([401, 404, 410] as const)(
  'v1 that is gone, with %i, says so, and everything can be bound at v2',
  async (v1Retired) => {
    const before = await pulled();
    const picture = before.picture();
    await before.emulator.close();
    const one = await scene({ seed: smallAccount, v2: { v1Retired } }, picture);
    const after = new Date('2027-02-01');
    const ended = await one.run(there, after);
    expect(ended.err).toMatch(/api-retired[\s\S]*`api: v2`[\s\S]*syncline adopt --all-matching/);
    expect(ended.code).toBe(1);
    expect(one.picture()).toEqual(picture);
    const groups = [501, 502, 504].map(groupSlug).join(', ');
    const own = `provider: census, api: v2, base_url: "\${env.URL}", token: "\${env.PAT}", groups: [${groups}]`;
    one.write('syncline.yaml', `version: 1\nmanifests: [syncs/*.yaml]\nledger: file\ntargets:\n  moved: { ${own} }\n`);
    expect((await one.run('adopt --all-matching', after)).err).not.toMatch(/error/);
    await settled(one);
  },
);
