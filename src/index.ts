/**
 * The library: the engine of the command line, without console or process. Providers are values; everything that reaches
 * the outside is an argument.
 */
export type { Left } from './core/adopt/adopt.ts';
export { sealPlans } from './core/plan/digest.ts';
export type { AdoptReport, Bound } from './engine/adopt.ts';
export { readPlanFile } from './engine/plan-file.ts';
export {
  type AdoptRequest,
  type ApplyRequest,
  adopt,
  apply,
  type DriftRequest,
  drift,
  type PlanRequest,
  type PullRequest,
  plan,
  pull,
  type StatusRequest,
  status,
  type UndoRequest,
  undo,
  type ValidateRequest,
  validate,
} from './library.ts';
export type { Diagnostic } from './model/diagnostic.ts';
export type { Drift, DriftField, DriftReport } from './model/drift.ts';
export { InvalidInput, ProviderError, SynclineError } from './model/errors.ts';
export type {
  ApplyEvent,
  BlockedEvent,
  ChangeEvent,
  ReportEvent,
  StartEvent,
  WaitEvent,
} from './model/event.ts';
export type { Ending, FailedTarget } from './model/failed.ts';
export type { ApplyReport, Outcome } from './model/outcome.ts';
export type { Blocked, Change, FieldChange, Note, Plan, PlanFile } from './model/plan.ts';
export type { Provider } from './model/provider.ts';
export type { PulledManifest, PullLeft, PullReport, TakenBack } from './model/pull.ts';
export type { Details, StatusReport, Thing, ThingState } from './model/status.ts';
export { type CensusV1Options, censusV1 } from './providers/census/v1/provider.ts';
export type { Activation } from './providers/census/v2/activation.ts';
export { type CensusV2Options, type CensusV2Provider, censusV2 } from './providers/census/v2/provider.ts';
export { type Traffic, traffic } from './providers/connect-options.ts';
export { type FabraOptions, fabra } from './providers/fabra/fabra.ts';
export { type SharedLists, sharedLists } from './providers/shared-lists.ts';
