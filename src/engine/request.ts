import type { Globs } from '../core/selection.ts';
import type { LedgerStore } from '../ledger/store.ts';
import type { Checkout } from '../model/checkout.ts';
import type { Manifest } from '../model/manifest.ts';
import type { Outcome } from '../model/outcome.ts';
import type { Change, Plan } from '../model/plan.ts';
import type { Project, Target } from '../model/project.ts';
import type { Provider } from '../model/provider.ts';
import type { Retirement } from '../model/retirement.ts';
import type { ChangeWait } from '../model/wait.ts';
import type { Ahead } from './ahead.ts';

/** One target, its manifests, and everything that reaches the outside for it. */
export interface TargetRequest {
  readonly project: Project;
  readonly target: Target;
  /** Of `Validated.manifests` for this target. */
  readonly manifests: readonly Manifest[];
  /** What has begun to be read while they were checked; whoever plans first takes it. */
  readonly ahead?: Ahead | undefined;
  readonly provider: Provider;
  readonly store: LedgerStore;
  /** `syncline x.y.z`. */
  readonly tool: string;
  readonly now: () => Date;
  /** Waits that many milliseconds; where it is left out, in real time. */
  readonly sleep?: ((milliseconds: number) => Promise<void>) | undefined;
  /** What the manifests are checked out of; undefined where nobody is to ask. */
  readonly checkout?: Checkout | undefined;
  /** Told what the reader of a plan should know and no plan can carry, such as a remote that could not be asked. */
  readonly warn?: ((message: string) => void) | undefined;
  readonly progress?: Progress | undefined;
  /** When the API of the target ends, where its service has announced that. */
  readonly retires?: Retirement | undefined;
}

/** Globs of addresses that somebody asks for. */
export interface GlobWishes extends Globs {
  /** Those of them that match something on another target: then it is no mistake where they match nothing on this one. */
  readonly elsewhere?: ReadonlySet<string> | undefined;
}

/** What a target declared at another commit. */
export interface Since {
  /** Its full name. */
  readonly commit: string;
  readonly manifests: readonly Manifest[];
}

/** What a person asks of a plan. */
export interface PlanOptions extends GlobWishes {
  readonly prune: boolean;
  /** Only what differs from this, and what refers to that; undefined means all. */
  readonly since?: Since | undefined;
  /** The exact number of deletes that is allowed beyond `max_deletes`. */
  readonly forceDeletes?: number | undefined;
  /** The exact number of gone things that may be made again or released together. */
  readonly forceCreates?: number | undefined;
  /** Git commit of the manifests, for the plan's record. */
  readonly commit?: string | null | undefined;
}

/** Who applies, for the record of the run. */
export interface RunIdentity {
  /** Unique, sortable: `20261121T101500Z-1a2b3c`. */
  readonly run: string;
  /** Person or CI run. */
  readonly actor: string;
  /** Git commit of the manifests, or null. */
  readonly commit: string | null;
}

/** Told what happens as it happens. Pure reporting: what it does changes nothing. */
export interface Progress {
  /** A page of what is live was read. `of`: how many things of its kind there are in all, where the service says. */
  page?(kind: string, things: number, of: number | undefined): void;
  /** A plan is about to be carried out, or checked. `run` names the run in the ledger; null where none will remember it. */
  begun?(plan: Plan, run: string | null): void;
  /** Work on a change begins. */
  started?(change: Change): void;
  /** What has become of a change; of one that was refused before anything was done, this is all that is told. */
  outcome?(outcome: Outcome): void;
  wait?(wait: ChangeWait): void;
}
