import type { Address } from './address.ts';
import type { Origin } from './diagnostic.ts';
import type { Pointer, Spec } from './json.ts';

/** What the manifest says about how its sync may be treated. Absent keys have these defaults: false, false, block, delete, [], []. */
export interface Lifecycle {
  /** Take over a live sync that already bears this label. */
  readonly adopt: boolean;
  /** Refuse deletion; remembered in the ledger after the file is gone. */
  readonly protect: boolean;
  /** May a change the API cannot make in place be made by delete and create? */
  readonly replace: 'block' | 'allow';
  readonly on_delete: 'delete' | 'pause' | 'abandon';
  /** Fields that somebody else owns: never compared, never changed. Pointers into the spec. */
  readonly ignore: readonly Pointer[];
  /** Pointers into the spec whose values no report shows, remembered in the ledger after the file is gone; absent where there are none. */
  readonly hide?: readonly Pointer[];
}

export const defaultLifecycle: Lifecycle = {
  adopt: false,
  protect: false,
  replace: 'block',
  on_delete: 'delete',
  ignore: [],
};

/** One desired sync on one target: variables filled in, overrides merged, validated, in canonical form, names not yet resolved. */
export interface Manifest {
  readonly address: Address;
  readonly kind: string;
  readonly name: string;
  /** Canonical form of the spec (see `KindDefinition.canonical`), normalised. Never mutate: targets may share it. */
  readonly spec: Spec;
  /** Once names are resolved: those that ids took the place of, by where they stood in the spec. */
  readonly names?: Readonly<Record<Pointer, string>>;
  readonly lifecycle: Lifecycle;
  /** Earlier names, as `moved_from` has them; absent where there are none. */
  readonly moved_from?: readonly string[];
  /** With earlier names: the targets that the manifest belongs to, by name. */
  readonly targets?: readonly string[];
  /** Where the document starts. */
  readonly origin: Origin;
  /** Which document of its file it is, from 0. */
  readonly document: number;
  /** Other files that text of the spec stands in, relative to the project; absent where there are none. */
  readonly files?: readonly string[];
}
