/** Waits and late work that a closing server must be able to end. */
export interface DelayedWork {
  /** Resolves after so many milliseconds; at once for 0. */
  wait(milliseconds: number): Promise<void>;
  /** Does the work later, unless it is done earlier or the server closes first. */
  later(milliseconds: number, work: () => void): void;
  /** Does all late work now; says how many pieces there were. */
  flush(): number;
  /** Forgets everything that waits. */
  stop(): void;
}

export function delayedWork(): DelayedWork {
  const waits = new Set<NodeJS.Timeout>();
  const late = new Map<NodeJS.Timeout, () => void>();
  return {
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
