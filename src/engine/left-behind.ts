import { intents } from '../core/memory/pending.ts';
import { candidates } from '../core/memory/recover.ts';
import { hiding } from '../model/hidden.ts';
import type { Spec } from '../model/json.ts';
import type { Live, RemoteId } from '../model/live.ts';
import { defaultLifecycle } from '../model/manifest.ts';
import type { Outcome } from '../model/outcome.ts';
import type { Change, Plan } from '../model/plan.ts';
import { resourceOf } from '../model/provider.ts';
import { askRows } from './ghosts.ts';
import type { Snapshot } from './read.ts';
import { outcome, type RunContext } from './run-context.ts';
import { sayError } from './say.ts';

/**
 * The creates of earlier runs that no manifest declares any more and whose rows the plan says are to be asked. A run that
 * changes nothing asks nobody: a question is a write, and without changes nothing was approved.
 */
export function leftBehind({ changes, notes }: Plan, { ledger, suspects }: Snapshot): Change[] {
  if (changes.length === 0) return [];
  const changed = new Set(changes.map(({ address }) => address));
  const asked = new Set(notes.flatMap(({ code, address }) => (code === 'ghost' ? [address] : [])));
  return [...suspects.keys()].flatMap((address): Change[] => {
    const entry = ledger?.syncs[address];
    if (entry == null || entry.id !== null || entry.pending === null || changed.has(address) || !asked.has(address))
      return [];
    const { protect, on_delete } = entry;
    const hidden = hiding(entry);
    return [
      {
        action: 'create',
        address,
        id: null,
        label: entry.pending.label,
        origin: null,
        fields: [],
        about: null,
        desired: entry.pending.spec,
        lifecycle: { ...defaultLifecycle, protect, on_delete, ...hidden },
        release: false,
        depends_on: [],
        fingerprint: null,
        validation: null,
        record: null,
        ...hidden,
      },
    ];
  });
}

/**
 * Asks what such a create has left, by what it was sent with: the one whole row is bound, ghosts are recorded. Nothing is made
 * and nothing deleted. Where an answer is missing the create stays pending, and the next run asks again. Returns what is to be
 * reported beside the changes of the plan.
 */
export async function settleLeft(context: RunContext, change: Change): Promise<Outcome[]> {
  const { address } = change;
  try {
    const whole = await wholeRows(context, change);
    const [only, ...others] = whole;
    if (only === undefined) return [];
    if (others.length > 0) {
      const ids = whole.map((one) => one.id).join(', ');
      return [outcome(change, 'unchanged', `Earlier creates have left several (${ids}); delete all but one.`)];
    }
    await context.record({ event: 'done', step: 'bind', address, id: only.id, spec: only.spec });
    const message = `${only.id}, made by an earlier run whose answer was lost, was found and bound; no manifest declares it, a new plan says what happens to it.`;
    return [outcome(change, 'unchanged', message, only.id)];
  } catch (error) {
    const message = `It is not known yet what an earlier create left: ${sayError(error)}`;
    return [outcome(change, 'unchanged', message)];
  }
}

/** Rows that are syncs, each with the body that it was sent with. */
async function wholeRows(context: RunContext, change: Change) {
  const whole: { readonly id: RemoteId; readonly spec: Spec }[] = [];
  for (const row of context.suspects.get(change.address) ?? []) {
    const spec = sentSpec(context, change, row);
    if (context.signal.aborted || spec === undefined) return [];
    const verdict = await askRows(context, change, [row], spec);
    if (verdict === undefined) return [];
    const living = verdict.whole === undefined ? verdict.spare : [verdict.whole, ...verdict.spare];
    whole.push(...living.map((id) => ({ id, spec })));
  }
  return whole;
}

/** What the create that left a row had said. */
function sentSpec({ before, provider }: RunContext, { address }: Change, row: Live): Spec | undefined {
  const pending = before?.syncs[address]?.pending;
  const all = pending == null ? [] : intents(pending);
  return all.find((one) => candidates(before, resourceOf(provider, row.kind).traits, [row], one).length > 0)?.spec;
}
