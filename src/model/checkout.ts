import type { LastApply } from './ledger.ts';

/**
 * How a commit stands to another: `older` is an ancestor of it, `newer` contains it, `diverged` is neither; `unknown` where the
 * history that would tell is nowhere to be had, `none` where a side has no commit.
 */
export type Relation = 'same' | 'newer' | 'older' | 'diverged' | 'unknown' | 'none';

/** How what is to be applied stands to what was applied last. */
export interface Age {
  readonly relation: Relation;
  readonly last: LastApply | undefined;
}

/** The Git checkout that a project lies in. */
export interface Checkout {
  /** The commit that is checked out; null where there is none, as outside Git. */
  head(): Promise<string | null>;
  /** How that commit stands to another one. Fetches nothing into the repository. */
  relationTo(commit: string): Promise<Relation>;
}

/** A commit without `-dirty`: what was not committed has no place in a history. */
export function cleanCommit(commit: string): string {
  return commit.split('-')[0] ?? '';
}
