import type { Origin } from './diagnostic.ts';

/** A place in the text of one file that speaks an API which ends. Its words never hold what stands there: that may be a key. */
export interface Sighting {
  /** In UTF-16 units from the start of the text. */
  readonly offset: number;
  /** Stable, kebab-case. */
  readonly code: string;
  /** One sentence of fact. */
  readonly message: string;
  /** What takes its place, or that nothing does. */
  readonly replacement: string;
}

/** Finds what a text has of an API which ends, in any order. Takes time in proportion to the length of the text. */
export type Scanner = (file: string, text: string) => readonly Sighting[];

/** A sighting, where people look for it. */
export interface ScanFinding extends Origin, Omit<Sighting, 'offset'> {}

/** Why a file that Git tracks was not read. */
export type SkipReason = 'binary' | 'too large' | 'unreadable' | 'link' | 'submodule' | 'not on disk';

/** What `scan` found. */
export interface ScanReport {
  /** By file, line and column. */
  readonly findings: readonly ScanFinding[];
  /** How many files were read. */
  readonly files: number;
  /** How many were not, by the reason. */
  readonly skipped: ReadonlyMap<SkipReason, number>;
}
