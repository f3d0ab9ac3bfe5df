/** Numbers that look like chance and are the same every time (after mulberry32). */
export function chance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** The clock of a world, which stands still unless somebody waits. */
export interface Clock {
  milliseconds: number;
}

/** The process of one run. Each of its moments may be its last, or the one in which somebody presses Ctrl-C. */
export interface Life {
  /** One more moment. Never resolves once the process is dead; `dying` is what still happens if it dies right then. */
  moment(dying?: () => void): Promise<void>;
  sleep(milliseconds: number): Promise<void>;
  readonly dead: () => boolean;
  /** Resolves when the process dies. */
  readonly death: Promise<void>;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  readonly moments: () => number;
  /** Did the run ask without end? */
  readonly hung: () => boolean;
}

const most = 3000;

export function openLife(
  clock: Clock,
  end: { readonly killAt: number | undefined; readonly stopAt: number | undefined },
): Life {
  const stop = new AbortController();
  let count = 0;
  let dead = false;
  let die: () => void = () => undefined;
  const death = new Promise<void>((resolve) => {
    die = resolve;
  });
  const never = new Promise<void>(() => undefined);
  const moment = async (dying?: () => void): Promise<void> => {
    if (dead) return never;
    count += 1;
    if (count > most) throw new Error('This run asks without end.');
    if (count === end.stopAt) stop.abort();
    if (count !== end.killAt) return;
    dead = true;
    dying?.();
    die();
    return never;
  };
  return {
    moment,
    sleep: async (milliseconds) => {
      clock.milliseconds += milliseconds;
      await moment();
    },
    dead: () => dead,
    death,
    signal: stop.signal,
    moments: () => count,
    hung: () => count > most,
  };
}

/**
 * Resolves once nothing goes on any more: without sockets and timers whatever can go on does so within a few turns of the loop, one for each
 * page of a list.
 */
export async function standstill(): Promise<void> {
  for (let turns = 0; turns < 100; turns += 1) await new Promise((resolve) => setImmediate(resolve));
}
