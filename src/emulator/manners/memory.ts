import { type Backstage, isSame, type Past } from './backstage.ts';

/** What was there before the last writes, for answers that lag behind. */
export interface Memory {
  /** How many requests have changed something. */
  readonly changes: number;
  /** Before the last change; undefined where there was none. */
  last(): Past | undefined;
  /** As it was at a moment; undefined where nothing has changed since. */
  at(moment: number): Past | undefined;
  /** Does work that may change something, and remembers what was there. */
  around<T>(now: number, work: () => T): T;
}

/** A server that runs for days does not keep everything. */
const keep = 200;

export function memory(backstage: Backstage): Memory {
  const pasts: { readonly until: number; readonly past: Past }[] = [];
  let changes = 0;
  return {
    get changes() {
      return changes;
    },
    last: () => pasts.at(-1)?.past,
    at: (moment) => pasts.find(({ until }) => until > moment)?.past,
    around: (now, work) => {
      const past = backstage.save();
      const result = work();
      if (!isSame(past, backstage.save())) {
        changes += 1;
        pasts.push({ until: now, past });
        if (pasts.length > keep) pasts.shift();
      }
      return result;
    },
  };
}
