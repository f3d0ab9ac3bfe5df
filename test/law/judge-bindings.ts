import { type Address, kindOf } from '../../src/model/address.ts';
import type { Run } from '../../src/model/ledger.ts';
import { type Key, keyAt } from '../../src/model/live.ts';
import { type Court, fail, ledgerOf } from './court.ts';
import { openDisk } from './memory-ledger.ts';
import type { Ended } from './run.ts';
import { datasetKey } from './service.ts';

/** Every run that the ledger remembers. */
export async function runsOf({ stage: { disk } }: Court): Promise<readonly Run[]> {
  const document = await openDisk(disk);
  if (document === undefined) return [];
  const past = document.past.map((line): Run => JSON.parse(line));
  return [...past, ...document.ledger.runs];
}

/** An address binds what was made of its own manifest, or what a run has taken over for it; and nothing is bound twice. */
export async function judgeBindings(court: Court): Promise<void> {
  const ledger = await ledgerOf(court);
  if (ledger === undefined) return;
  const { made, denied, service } = court.sky;
  for (const { changes } of await runsOf(court))
    for (const { action, address, id } of changes)
      if (action === 'adopt' && id !== null) court.adopted.add(`${address} ${keyAt(address, id)}`);
  const holders = new Map<Key, Address>();
  for (const [address, { id, retires }] of Object.entries(ledger.syncs)) {
    for (const one of [id, retires]) {
      if (one === null) continue;
      const key = keyAt(address, one);
      const other = holders.get(key);
      if (other !== undefined) fail('two addresses bind the same thing', { key, address, other });
      holders.set(key, address);
      // What the service has denied once nobody can know when it is named in the place of something else.
      if (denied.has(key)) continue;
      // What never was is nobody's, where the service has lied of it.
      const isThere = made.has(key) || service.rows().includes(key) || !isLiedOf(court, address);
      if (isThere && made.get(key) !== address && !court.adopted.has(`${address} ${key}`))
        fail('an address binds what was never its own', { address, key, made: made.get(key) });
    }
  }
}

function isLiedOf({ sky }: Court, address: Address): boolean {
  return sky.writes.some(({ lied, meaning }) => lied && 'address' in meaning && meaning.address === address);
}

/** What an undo has written reads what it did before the run: that very dataset, or the one that has come back in its place. */
export async function judgeUndone(court: Court, { deed, number }: Ended): Promise<void> {
  if (deed.do !== 'undo') return;
  const { made, service, writes } = court.sky;
  const run = (await runsOf(court)).find((one) => one.run === deed.run);
  for (const { address, before } of run?.changes ?? []) {
    if (before === null) continue;
    const { source } = service.wanted(kindOf(address), before);
    if (source == null) continue;
    for (const { run: when, meaning, key, effect } of writes) {
      if (when !== number || effect !== 'done' || key === undefined || made.get(key) !== address) continue;
      if (!('source' in meaning) || typeof meaning.source !== 'number') continue;
      const now = datasetKey(service, meaning.source);
      const isBack = made.has(source) && made.get(now) === made.get(source);
      if (now !== source && !isBack) fail('an undo reads another dataset than before', { address, source, now });
    }
  }
}
