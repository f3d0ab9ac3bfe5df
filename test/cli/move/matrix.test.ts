import { describe, expect, test, vi } from 'vitest';
import { type Switches, v2Switches } from '../../../src/emulator/census-v2/switches.ts';
import { bigAccount } from '../../support/big-account.ts';
import { smallAccount } from './accounts.ts';
import { type Picture, type Scene, scene } from './scene.ts';
import { madeThere, moved, sayActivations, settled, there, unchanged, vouched, wayBack } from './story.ts';

vi.setConfig({ testTimeout: 60_000 });

const back = 'migrate api --to v1';

test('an account is pulled, moved, lived with and taken back, and at no time is anything different', async () => {
  const one = await scene({ seed: bigAccount });
  expect((await one.run('pull')).out).toContain('78 written');
  await settled(one);
  const [file, ledger] = [one.read('syncline.yaml'), one.ledger()];
  const checked = await one.run(`${there} --check`);
  expect(checked).toMatchObject({
    code: 0,
    err: '',
    out: expect.stringMatching(/CensusSync: 58 certain[\s\S]*Nothing/),
  });
  expect([one.read('syncline.yaml'), one.ledger()]).toEqual([file, ledger]);
  await moved(one);
  const { meta, syncs } = one.ledger();
  expect(meta.groups).toHaveLength(4);
  expect(Object.keys(syncs)).toEqual(Object.keys(ledger.syncs));
  await settled(one);
  await unchanged(one);
  await madeThere(one);
  await wayBack(one);
  await unchanged(one);
});

test('the same where everything that nobody knows is otherwise', async () => {
  const { v1Retired: _, without: __, ...others } = v2Switches;
  const seconds = Object.entries(others).map(([name, [, value]]) => [name, value]);
  const one = await scene({ seed: bigAccount, v2: Object.fromEntries(seconds) as Partial<Switches> });
  expect((await one.run('pull')).code).toBe(0);
  const refused = await one.run(there);
  expect(refused).toMatchObject({ code: 3, err: expect.stringMatching(/no-activation[\s\S]*`activation: ID`/) });
  expect(one.writes()).toEqual([]);
  await sayActivations(one);
  await moved(one, { line: await vouched(one, there) });
  await madeThere(one);
  await wayBack(one, await vouched(one, back));
});

describe('with one thing otherwise', () => {
  type Name = keyof Switches;

  interface Refusal {
    readonly code: number;
    readonly said: RegExp;
    /** What a person does then. */
    readonly help?: (one: Scene) => Promise<unknown>;
  }

  const noActivation = /no-activation[\s\S]*If one of these is meant[^.]*`activation: ID`/;

  /** Where a move is not made at once, and why. Everywhere else it is. */
  const refused: Partial<Record<Name, Refusal>> = {
    // Twins are said by ids, which are others there: the manifest has to say which activation is meant.
    destinationIds: { code: 3, said: noActivation, help: sayActivations },
    // Names of destinations mean nothing there.
    activationName: { code: 3, said: noActivation, help: sayActivations },
    // Names and times say which is which, and a person has to vouch for those.
    sourceIdShift: { code: 4, said: /--accept sources\/501/ },
    syncIdShift: { code: 4, said: /--accept CensusSync\/90001/ },
    // Datasets that cannot be listed cannot be managed: the target stays.
    without: { code: 1, said: /GET \/api\/v2\/datasets answered 404[\s\S]*A08[\s\S]*syncline forget/ },
  };

  /** What only shows where something is written. */
  const ofWrites: readonly Name[] = [
    ...(['create', 'createStatus', 'patchAnswer', 'badStatus', 'unknownActivation', 'unknownKey'] as const),
    ...(['deleteWithSyncs', 'moveActivation', 'connectionIdInRequest', 'emptied'] as const),
  ];

  const seconds = (Object.keys(v2Switches) as Name[])
    .filter((name) => name !== 'v1Retired')
    .flatMap((name) => v2Switches[name].slice(1).map((value): [Name, Partial<Switches>] => [name, { [name]: value }]));

  /** The project as it was pulled from v1, which is the same whatever v2 does, and as it was moved. */
  interface Pictures {
    readonly pulled: Picture;
    readonly moved: Picture;
  }
  let pictures: Pictures | undefined;
  async function ready(): Promise<Pictures> {
    if (pictures !== undefined) return pictures;
    const one = await scene({ seed: smallAccount });
    expect((await one.run('pull')).code).toBe(0);
    const pulled = one.picture();
    await moved(one);
    await one.emulator.close();
    pictures = { pulled, moved: one.picture() };
    return pictures;
  }

  test.each(seconds.filter(([name]) => !ofWrites.includes(name)))('%s at %o', async (name, v2) => {
    const { pulled } = await ready();
    const one = await scene({ seed: smallAccount, v2 }, pulled);
    const { code, said, help } = refused[name] ?? {};
    if (code !== undefined) {
      const ended = await one.run(there);
      expect(ended.out + ended.err).toMatch(said ?? /./);
      expect(ended.code).toBe(code);
      expect([one.writes(), one.picture()]).toEqual([[], pulled]);
      await settled(one);
      await help?.(one);
    }
    if (name === 'without') return;
    const isDoubtful = code !== undefined;
    await moved(one, { line: isDoubtful ? await vouched(one, there) : there });
    await madeThere(one);
    // Where v2 shows what v1 shows, the way back is that of the whole account.
    if (isDoubtful) await wayBack(one, await vouched(one, back));
  });

  test.each(seconds.filter(([name]) => ofWrites.includes(name)))('%s at %o', async (_, v2) => {
    const one = await scene({ seed: smallAccount, v2 }, (await ready()).moved);
    await madeThere(one);
  });
});
