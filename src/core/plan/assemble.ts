import type { Address } from '../../model/address.ts';
import type { Plan } from '../../model/plan.ts';
import { order } from '../references/order.ts';
import { openingFirst } from './circles.ts';
import type { Decision, PlanInput } from './decision.ts';
import { planDigest } from './digest.ts';
import { firstRunNotes } from './first-run.ts';
import { blockOrphans, blockUnsupported, guardRemovals, holdDeletes } from './guard.ts';
import type { PlanIndex } from './identify.ts';
import { summarise } from './summary.ts';

/** The plan that decisions make: what must not be done is blocked, the rest is ordered and counted, and the whole has a name. */
export function assemble(input: PlanInput, decisions: readonly Decision[], index: PlanIndex): Plan {
  const all = guarded(input, holdDeletes(input, index, blockUnsupported(input, decisions)));
  const { traitsOf, live } = input;
  const chosen = all.flatMap((one) => (one.kind === 'change' ? [one.change] : []));
  const changes = order(
    traitsOf,
    openingFirst({ traitsOf, live, changes: chosen, boundTo: index.boundTo }),
    index.byKey,
  );
  const blocked = all.flatMap((one) => (one.kind === 'blocked' ? [one.blocked] : [])).sort(byAddress);
  const told = all.flatMap((one) => one.notes);
  const notes = [...input.notes, ...told, ...firstRunNotes(traitsOf, changes)].sort(byAddress);
  const plan = {
    ...header(input),
    changes,
    blocked,
    notes,
    summary: summarise(input, index, { changes, blocked, all }),
  };
  return { ...plan, digest: planDigest(traitsOf, plan) };
}

/** What is blocked may have been what set something free to go, and so on until nothing changes any more. */
function guarded(input: PlanInput, decisions: readonly Decision[]): readonly Decision[] {
  const next = blockOrphans(input, guardRemovals(input, decisions));
  return next.every((one, index) => one.kind === decisions[index]?.kind) ? next : guarded(input, next);
}

function header(input: PlanInput) {
  const { name, provider, api, host, workspace, groups } = input.target;
  const { createdAt: created_at, tool, commit, prune } = input;
  const forced = { deletes: input.forceDeletes ?? null, creates: input.forceCreates ?? null };
  const { selection } = input.chosen;
  const made = { created_at, tool, commit, selection, prune, forced };
  return { target: name, provider, api, host, workspace, ...(groups !== undefined && { groups }), digest: '', ...made };
}

/** The order of everything that has an address, whatever the language of the machine. */
export function byAddress(first: { readonly address: Address }, second: { readonly address: Address }): number {
  return first.address < second.address ? -1 : first.address > second.address ? 1 : 0;
}
