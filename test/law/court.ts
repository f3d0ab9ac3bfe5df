import { fold } from '../../src/core/memory/ledger.ts';
import { parseJournal } from '../../src/ledger/journal.ts';
import type { Address } from '../../src/model/address.ts';
import type { Entry, Ledger } from '../../src/model/ledger.ts';
import { type Key, keyAt } from '../../src/model/live.ts';
import type { Plan } from '../../src/model/plan.ts';
import { openDisk } from './memory-ledger.ts';
import type { Stage } from './run.ts';
import { type Declaration, type Facts, hidesDeaths, type Truth } from './service.ts';
import type { Sky } from './wire.ts';
import type { Flags, LawWorld } from './world.ts';

/** A rule that did not hold, with what was seen. */
export class Violation extends Error {}

/** Everything that is known of a world, and what its runs are judged by. */
export interface Court {
  readonly world: LawWorld;
  readonly sky: Sky;
  readonly stage: Stage;
  readonly manifests: Map<Address, Declaration>;
  readonly saved: { readonly plan: Plan; readonly flags: Flags }[];
  readonly runs: string[];
  /** Things that are nobody's any more: let go, denied by the service, or changed by somebody while nobody knew them. */
  readonly excused: Set<Key>;
  /** Things that somebody else has changed while they were ours. */
  readonly meddled: Set<Key>;
  /** Of those that are excused, the ones that a run has let go. */
  readonly released: Set<Key>;
  /** Things of which nobody can know how they are: the service hides it, and it lied or somebody else changed them. */
  readonly unseen: Set<Key>;
  /** What runs have taken over: an address and a thing. */
  readonly adopted: Set<string>;
  /** What a run has broken while it went on. */
  broken: Violation | undefined;
  count: number;
  readonly diary: string[];
}

export function fail(rule: string, facts: unknown): never {
  throw new Violation(`${rule}: ${JSON.stringify(facts)}`);
}

/** Without a memory nobody can tell what a service hides that shows neither pauses nor deletes. */
export function isBlind({ world, sky }: Court): boolean {
  return world.ledger === 'none' && hidesDeaths(sky.service);
}

/** The ledger as the next run will find it. */
export async function ledgerOf({ stage: { disk } }: Court): Promise<Ledger | undefined> {
  const document = await openDisk(disk);
  if (document === undefined) return undefined;
  const here = disk.journal !== undefined && disk.run === document.ledger.runs.at(-1)?.run;
  return here ? fold(document.ledger, parseJournal(disk.journal ?? '', 'memory').lines) : document.ledger;
}

export function entryOf(ledger: Ledger, address: Address | undefined): Entry | undefined {
  return address === undefined ? undefined : ledger.syncs[address];
}

/** The address that holds a thing, and what the ledger knows of it. */
export function holderOf(ledger: Ledger, key: Key): readonly [Address, Entry] | undefined {
  return Object.entries(ledger.syncs).find(([address, { id, retires }]) =>
    [id, retires].some((one) => one !== null && keyAt(address, one) === key),
  );
}

export function differing(wanted: Partial<Facts>, found: Truth): unknown {
  const keys = (['label', 'paused', 'tag', 'mark', 'source'] as const).filter(
    (key) => wanted[key] !== undefined && wanted[key] !== found[key],
  );
  return keys.length === 0 ? undefined : { wanted, found };
}
