import type { Json } from '../model/json.ts';

/** Takes a page of a list. */
export type TakePage = (items: readonly Json[]) => void;

/** Lists that are read once for all who read them in one process with one token. */
export interface SharedLists {
  /**
   * Hands out every page of a list. The list is read with `read` unless somebody is reading it or has read it. A `reader` that asks
   * again wants to know what is there now: it joins nobody, for also a reading that it has not had may be older than its question.
   */
  read(key: string, reader: object, read: (take: TakePage) => Promise<void>, take: TakePage): Promise<void>;
  /** Lets go of everything whose key begins so: something was written. */
  forget(prefix: string): void;
}

interface Reading {
  readonly pages: (readonly Json[])[];
  readonly followers: Set<TakePage>;
  readonly end: Promise<void>;
}

export function sharedLists(): SharedLists {
  const readings = new Map<string, Reading>();
  /** Who has asked for a list before, by its key. */
  const askers = new Map<string, WeakSet<object>>();

  function isFirst(key: string, reader: object): boolean {
    const before = askers.get(key) ?? new WeakSet();
    askers.set(key, before);
    const first = !before.has(reader);
    before.add(reader);
    return first;
  }

  function begin(key: string, read: (take: TakePage) => Promise<void>): Reading {
    const pages: (readonly Json[])[] = [];
    const followers = new Set<TakePage>();
    const end = read((items) => {
      pages.push(items);
      for (const take of followers) take(items);
    });
    const reading = { pages, followers, end };
    readings.set(key, reading);
    end.catch(() => {
      if (readings.get(key) === reading) readings.delete(key);
    });
    return reading;
  }

  return {
    read: async (key, reader, read, take) => {
      const joined = isFirst(key, reader) ? readings.get(key) : undefined;
      const reading = joined ?? begin(key, read);
      try {
        await follow(reading, take);
      } catch (error) {
        if (joined === undefined) throw error;
        // Whoever read it has failed or gone away, which is no failure of this one.
        await follow(begin(key, read), take);
      }
    },
    forget: (prefix) => {
      for (const key of readings.keys()) if (key.startsWith(prefix)) readings.delete(key);
    },
  };
}

async function follow({ pages, followers, end }: Reading, take: TakePage): Promise<void> {
  for (const items of pages) take(items);
  followers.add(take);
  try {
    await end;
  } finally {
    followers.delete(take);
  }
}
