import type { Address } from '../model/address.ts';
import type { Spec } from '../model/json.ts';
import type { Entry } from '../model/ledger.ts';
import type { Declared } from './store.ts';

/**
 * Reads one entry. `twin`: what its address declares. Where that may not be the last word (`sure` is false), undefined asks to be called
 * again when it is.
 */
export type ReadEntry = (twin: Spec | undefined, sure: boolean) => Entry | undefined;

/** Entries in the order in which they come, each read once it is known what its address declares. */
export interface Entries {
  has(address: string): boolean;
  take(address: string, read: ReadEntry): void;
  /** Resolves when few enough wait to take more of them; undefined where that is so. */
  room(): Promise<void> | undefined;
  /** All of them, once everything is declared. */
  all(): Promise<Record<string, Entry>>;
}

/** So many may wait in memory where their store can be read on later. */
const most = 100;

/** So many are read before others have their turn. */
const slice = 50;

/**
 * Entries that wait for what manifests declare: specs that are equal on both sides are then held once, ten thousand of them, and nobody
 * makes two of each first.
 */
export function entriesBeside(declared: Declared): Entries {
  const taken = new Map<string, Entry | undefined>();
  const waiting = new Map<string, ReadEntry>();
  let isCalm = false;
  let makeRoom = (): void => undefined;

  function read(address: string, sure: boolean): void {
    const one = waiting.get(address);
    const twin = declared.specOf(address);
    if (one === undefined || (twin === undefined && !sure)) return;
    const entry = one(twin, sure);
    if (entry === undefined) return;
    taken.set(address, entry);
    waiting.delete(address);
  }
  async function readAll(sure: boolean): Promise<void> {
    let count = 0;
    for (const address of waiting.keys()) {
      read(address, sure);
      count += 1;
      if (count % slice === 0) await new Promise((go) => setImmediate(go));
    }
  }
  declared.follow((addresses: readonly Address[]) => {
    if (!isCalm) return;
    try {
      for (const address of addresses) read(address, false);
    } catch {
      // It is read again at the end, for who waits for it.
    }
    if (waiting.size < most) makeRoom();
  });
  const calm = declared.calm.then(() => {
    isCalm = true;
  });

  return {
    has: (address) => taken.has(address),
    take: (address, one) => {
      taken.set(address, undefined);
      waiting.set(address, one);
      if (isCalm) read(address, false);
    },
    room: () => {
      if (waiting.size < most) return undefined;
      const room = new Promise<void>((resolve) => {
        makeRoom = resolve;
      });
      return Promise.race([room, declared.whole]);
    },
    all: async () => {
      await calm;
      await readAll(false);
      await declared.whole;
      await readAll(true);
      const entries: Record<string, Entry> = {};
      for (const [address, one] of taken) if (one !== undefined) entries[address] = one;
      return entries;
    },
  };
}
