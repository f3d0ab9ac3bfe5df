import { keyOf, type Live } from '../../model/live.ts';
import { type Action, type Blocked, type Change, isRecorded, type PlanSummary } from '../../model/plan.ts';
import { isManaged } from '../spec/managed.ts';
import type { Decision, PlanInput } from './decision.ts';
import type { PlanIndex } from './identify.ts';

/** How much of each there is in a plan: what is sent, what the ledger alone takes note of, and what is left alone. */
export function summarise(input: PlanInput, index: PlanIndex, { changes, blocked, all }: Decided): PlanSummary {
  const count = (action: Action) => changes.filter((change) => change.action === action).length;
  const recorded = changes.filter(isRecorded).length;
  return {
    create: count('create'),
    update: count('update') - recorded,
    delete: count('delete'),
    adopt: count('adopt'),
    replace: count('replace'),
    recorded,
    noop: all.filter((one) => one.kind === 'noop').length,
    blocked: blocked.length,
    foreign: input.live.filter((one) => isForeign(input, index, one)).length,
  };
}

interface Decided {
  readonly changes: readonly Change[];
  readonly blocked: readonly Blocked[];
  readonly all: readonly Decision[];
}

/** Is a live thing one of those that could be ours, and that no manifest declares and no address holds? */
function isForeign({ traitsOf }: PlanInput, { boundTo, ledger, declared }: PlanIndex, live: Live): boolean {
  const key = keyOf(live.kind, live.id);
  if (boundTo.has(key) || ledger?.dead[key] !== undefined || !isManaged(traitsOf(live.kind), live)) return false;
  return live.label === undefined || !declared.labelled(live.kind).has(live.label);
}
