import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fileLedger } from '../../src/ledger/file/store.ts';
import type { Declared, LedgerStore } from '../../src/ledger/store.ts';
import type { Address } from '../../src/model/address.ts';
import type { Spec } from '../../src/model/json.ts';
import type { Entry } from '../../src/model/ledger.ts';
import { entry, ledger, spec } from '../support/world.ts';
import { openRepositories, type Repositories, record } from './git-repositories.ts';

/** What is declared, told bit by bit by whoever has it in hand. */
function declaring() {
  const specs = new Map<string, Spec>();
  const tells: ((addresses: readonly Address[]) => void)[] = [];
  let calm = (): void => undefined;
  let end = (): void => undefined;
  const declared: Declared = {
    specOf: (address) => specs.get(address),
    follow: (tell) => {
      tells.push(tell);
    },
    calm: new Promise((resolve) => {
      calm = resolve;
    }),
    whole: new Promise((resolve) => {
      end = resolve;
    }),
  };
  return {
    declared,
    say: (said: Readonly<Record<string, Spec>>): void => {
      for (const [address, one] of Object.entries(said)) specs.set(address, one);
      for (const tell of tells) tell(Object.keys(said) as Address[]);
    },
    calm: (): void => calm(),
    end: (): void => {
      calm();
      end();
    },
  };
}

/** Everything that can happen without anybody outside has happened. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await new Promise((go) => setImmediate(go));
}

let root: string;
let repositories: Repositories;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'syncline-declared-'));
  repositories = openRepositories();
});

afterEach(() => {
  rmSync(root, { recursive: true });
  repositories.close();
});

const names = Array.from({ length: 1200 }, (_, index): Address => `CensusSync/s${String(index).padStart(4, '0')}`);

function entries(count: number): Record<Address, Entry> {
  return Object.fromEntries(
    names.slice(0, count).map((name, index) => [name, entry(String(index), spec({ label: name }))]),
  );
}

function copied(syncs: Readonly<Record<string, Entry>>): Record<string, Spec> {
  return Object.fromEntries(Object.entries(syncs).map(([name, one]) => [name, structuredClone(one.spec ?? {})]));
}

async function inFile(syncs: Record<Address, Entry>): Promise<LedgerStore> {
  const store = fileLedger(root, 'production');
  await store.save({ ...ledger(), syncs });
  return store;
}

const stores: Readonly<Record<string, (syncs: Record<Address, Entry>) => Promise<LedgerStore>>> = {
  file: inFile,
  git: async (syncs) => {
    const store = repositories.store(repositories.clone('a'));
    await record(store, 'r1', syncs);
    return store;
  },
};

describe.each(Object.entries(stores))(
  'a ledger in %s that is read while it is found out what is declared',
  (_kind, made) => {
    test('gives the specs of manifests, whenever each became known, in the order in which they are recorded', async () => {
      const syncs = entries(1200);
      const store = await made(syncs);
      const { declared, say, calm, end } = declaring();
      const said = copied(syncs);
      const pick = (keep: (index: number) => boolean) =>
        Object.fromEntries(Object.entries(said).filter((_, index) => keep(index)));
      say(pick((index) => index % 4 === 3));
      const reading = store.read(declared);
      await settled();
      say(pick((index) => index % 4 === 2));
      calm();
      await settled();
      say(pick((index) => index % 4 === 1));
      await settled();
      say(pick((index) => index % 8 === 0));
      end();
      const found = (await reading)?.ledger.syncs;
      expect(Object.entries(found ?? {})).toEqual(Object.entries(syncs));
      const shared = names.map((name, index) => [
        index % 8 === 4,
        found?.[name]?.spec?.mappings === said[name]?.mappings,
      ]);
      expect(shared.filter(([isForeign, isShared]) => isForeign === isShared)).toEqual([]);
    });

    test('goes by what is said last', async () => {
      const store = await made(entries(1));
      const { declared, say, end } = declaring();
      say({ [names[0] ?? '']: spec({ label: 'not yet' }) });
      const reading = store.read(declared);
      await settled();
      const last = spec({ label: names[0] });
      say({ [names[0] ?? '']: last });
      end();
      const found = (await reading)?.ledger.syncs[names[0] ?? ''];
      expect(found?.spec).toEqual(last);
      expect(found?.spec?.mappings).toBe(last.mappings);
    });
  },
);

test('a record that is none is told, whoever came upon it', async () => {
  const store = await inFile(entries(3));
  const path = join(root, '.syncline/ledger/production.json');
  writeFileSync(path, readFileSync(path, 'utf8').replace('"id":"1"', '"id":7'));
  const { declared, say, calm, end } = declaring();
  const reading = store.read(declared);
  const refused = expect(reading).rejects.toMatchObject({ code: 'ledger-unreadable', exit: 4 });
  calm();
  await settled();
  say(copied(entries(3)));
  end();
  await refused;
});

test('whatever is declared, and whenever, a ledger says what was recorded', async () => {
  const one = fc.record({ at: fc.integer({ min: 0, max: 5 }), known: fc.boolean(), other: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(fc.array(one, { maxLength: 40 }), fc.integer({ min: 0, max: 5 }), async (plan, calmAt) => {
      const syncs = entries(plan.length);
      const store = fileLedger(mkdtempSync(join(root, 'p-')), 'production');
      await store.save({ ...ledger(), syncs });
      const { declared, say, calm, end } = declaring();
      const reading = store.read(declared);
      for (let step = 0; step <= 5; step += 1) {
        if (step === calmAt) calm();
        const now = plan.flatMap(({ at, known, other }, index) => {
          const name = names[index] ?? '';
          return at === step && known ? [[name, spec({ label: other ? 'other' : name })] as const] : [];
        });
        say(Object.fromEntries(now));
        await new Promise((go) => setImmediate(go));
      }
      end();
      expect(Object.entries((await reading)?.ledger.syncs ?? {})).toEqual(Object.entries(syncs));
    }),
    { numRuns: 60 },
  );
});
