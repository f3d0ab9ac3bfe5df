/** The time of an emulator, and the waits and late work that it must be able to end. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Resolves after so many milliseconds; at once for 0. */
  wait(milliseconds: number): Promise<void>;
  /** Does the work later, unless it is done earlier or the emulator closes first. */
  later(milliseconds: number, work: () => void): void;
  /** Does all late work now; says how many pieces there were. */
  flush(): number;
  /** Forgets everything that waits. */
  stop(): void;
}

/** The machine's own time. */
export function realClock(): Clock {
  const waits = new Set<NodeJS.Timeout>();
  const late = new Map<NodeJS.Timeout, () => void>();
  return {
    now: Date.now,
    wait: (milliseconds) =>
      new Promise((resolve) => {
        if (milliseconds <= 0) return resolve();
        const timer = setTimeout(() => {
          waits.delete(timer);
          resolve();
        }, milliseconds);
        waits.add(timer);
      }),
    later: (milliseconds, work) => {
      const timer = setTimeout(() => {
        late.delete(timer);
        work();
      }, milliseconds);
      late.set(timer, work);
    },
    flush: () => {
      const due = [...late];
      late.clear();
      for (const [timer, work] of due) {
        clearTimeout(timer);
        work();
      }
      return due.length;
    },
    stop: () => {
      for (const timer of [...waits, ...late.keys()]) clearTimeout(timer);
      waits.clear();
      late.clear();
    },
  };
}
