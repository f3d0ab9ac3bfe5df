/** A process, named so that another one on the same machine can tell whether it still runs. */
export interface ProcessName {
  /** For people; two machines may have the same. */
  readonly host: string;
  /** Which start of which kernel; null where the system does not say. */
  readonly boot: string | null;
  /** PID namespace within that kernel; null where the system does not say. */
  readonly pid_namespace: string | null;
  readonly pid: number;
  /** When the process began, in the system's own words: process numbers are used again. null where it does not say. */
  readonly started: string | null;
}

/** Who may write to a target, and until when. */
export interface Lock extends ProcessName {
  readonly run: string;
  /** Person or CI run. */
  readonly actor: string;
  /** When it was taken (ISO 8601). */
  readonly at: string;
  /** When the lease ends unless it is renewed (ISO 8601). */
  readonly until: string;
  /** Absolute path of the run's journal on the holder's machine. */
  readonly journal: string | null;
  /** A person has broken it, and says that its run is over. */
  readonly broken?: true;
}

/** `held`: nobody else may write. `dead`: the holder provably no longer runs. `expired`: its lease has run out. */
export type LockState = 'held' | 'dead' | 'expired';

/** A lock as another process finds it. */
export interface FoundLock {
  readonly lock: Lock;
  readonly state: LockState;
  /** Was it, or may it have been, another machine's clock that set its end? */
  readonly elsewhere: boolean;
}

/** Milliseconds of a lease, and how often a running apply renews it. */
export const lease = { length: 600_000, renewal: 60_000 } as const;
