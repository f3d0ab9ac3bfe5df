import { describe, expect, test } from 'vitest';
import { normalise } from '../../../../src/core/spec/normalise.ts';
import { v2Switches } from '../../../../src/emulator/census-v2/switches.ts';
import type { Live } from '../../../../src/model/live.ts';
import { type ContractFacts, providerContract } from '../../contract.ts';
import { belongingTo, type Switches, specBetween, v2World } from './world.ts';

const common = {
  updates: 'shown',
  deletes: 'shown',
  deletedTwice: 'gone',
  harmless: [],
  nobody: '987654321',
  named: { collection: 'destinations', name: 'Salesforce' },
  unlistable: 'topics',
} satisfies Partial<ContractFacts>;

/** Every switch at its second value. */
const others: Switches = Object.fromEntries(Object.entries(v2Switches).map(([key, [, second]]) => [key, second]));

async function factsOf(switches: Switches): Promise<ContractFacts> {
  const { provider } = await v2World(switches);
  const belonging = await belongingTo(provider);
  const body = (more = {}) => specBetween(belonging, more);
  return {
    ...common,
    kind: 'CensusSync',
    named: { ...common.named, within: belonging.source, name: belonging.activation.name },
    desired: body(),
    labelled: (label) => body({ label }),
    change: { desired: body({ paused: true }), path: '/paused' },
    refused: body({ mappings: [{ from: 'no_such_column', to: 'Email', primary: true }] }),
  };
}

providerContract('Census v2', () => v2World(), await factsOf({}));

// A refusal that calls itself a success cannot be told from a fault after the work: that switch has tests of its own.
const allOthers = { ...others, softErrors: false };
providerContract('Census v2, all otherwise', () => v2World(allOthers), await factsOf(allOthers));

const dataset = {
  name: 'Paying users',
  type: 'sql',
  query: 'select id, email from users where paying',
  source_id: 501,
  description: 'Everybody who pays',
};

providerContract('Census v2 datasets', () => v2World(), {
  ...common,
  kind: 'CensusDataset',
  named: { collection: 'sources', name: 'Snowflake Prod' },
  desired: dataset,
  labelled: (name) => ({ ...dataset, name }),
  change: { desired: { ...dataset, query: 'select id from users' }, path: '/query' },
  refused: { ...dataset, query: 'drop table users' },
});

describe('a sync is made, found, changed and deleted', () => {
  const rows = Object.entries(v2Switches).flatMap(([key, [, ...values]]) =>
    values.map((value) => [`${key}: ${JSON.stringify(value)}`, { [key]: value }] as const),
  );
  test.each(rows)('with %s', async (_title, switches) => {
    const { provider, syncs } = await v2World(switches);
    const belonging = await belongingTo(provider);
    const { id: activation } = belonging.activation;
    provider.permit('all');
    const desired = specBetween(belonging);
    const before = await list(syncs);
    const known = new Set(before.map((one) => one.id));
    expect(await syncs.check(desired, undefined)).toMatchObject({ status: 'valid' });
    const { id } = await syncs.create(desired);
    expect((await syncs.newest(known)).map((one) => one.id)).toEqual([id]);
    const made = await syncs.read(id);
    expect(made?.live.spec).toMatchObject({ activation_id: activation, label: desired.label });
    expect(await list(syncs)).toEqual([...before, made?.live]);
    if (made === undefined) throw new Error('It is not there.');
    const paused = { ...desired, paused: true };
    expect(await syncs.check(paused, made)).toMatchObject({ status: 'valid' });
    await syncs.update(made, paused, ['/paused']);
    const after = (await syncs.read(id))?.live.spec ?? {};
    const expected = { ...made.live.spec, paused: true };
    expect(normalise(syncs.traits, after)).toEqual(normalise(syncs.traits, expected));
    expect(await syncs.delete(id)).toBe('deleted');
    expect(await syncs.delete(id)).toBe('gone');
    expect(await syncs.read(id)).toBeUndefined();
    expect(await list(syncs)).toEqual(before);
  });
});

async function list(syncs: Awaited<ReturnType<typeof v2World>>['syncs']): Promise<readonly Live[]> {
  const all: Live[] = [];
  await syncs.list((page) => all.push(...page));
  return all;
}
