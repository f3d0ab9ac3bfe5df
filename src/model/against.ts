import type { Address } from './address.ts';
import type { Pointer } from './json.ts';
import type { Action, BlockReason } from './plan.ts';

/** What a plan says of an address. */
export interface PlannedAs {
  readonly action: Action;
  /** Why it is blocked; null where it is to be done. */
  readonly blocked: BlockReason | null;
}

/** What is not planned any more as it was. */
export interface Difference {
  readonly address: Address;
  readonly was: PlannedAs;
  /** null where nothing is planned of it any more. */
  readonly now: PlannedAs | null;
  /** Fields that are not to be changed as they were. */
  readonly fields: readonly Pointer[];
  /** What else is not the same: the name of that part of the change. */
  readonly parts: readonly string[];
}

/** A plan beside an earlier one of the same target. */
export interface Comparison {
  readonly target: string;
  readonly differences: readonly Difference[];
  /** What the earlier one does not speak of. */
  readonly besides: readonly { readonly address: Address; readonly now: PlannedAs }[];
}
