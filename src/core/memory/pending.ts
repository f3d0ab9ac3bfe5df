import type { Spec } from '../../model/json.ts';
import type { Entry, PendingCreate } from '../../model/ledger.ts';
import { equal } from '../spec/equal.ts';

/**
 * The intent of one more create. What earlier ones may have left behind stays known until it has been judged. `forgotten` is the
 * intent of which nothing is listed: a list can lie, so it counts until the new request has left.
 */
export function intended(
  create: Pick<PendingCreate, 'label' | 'spec' | 'before'>,
  old: PendingCreate | null,
  forgotten: PendingCreate | undefined,
): PendingCreate {
  // What recovery has kept is not absent any more, whatever was said of it before.
  const kept = old === null ? [] : intents(old).map(({ absent: _, ...one }) => one);
  const lost = forgotten === undefined ? [] : intents(forgotten).map((one) => ({ ...one, absent: true as const }));
  return { ...create, sent_at: null, ...behind([...kept, ...lost]) };
}

/**
 * The same intent once its request has left. Of earlier ones that asked for the same the oldest is kept: all are told by the same
 * rows, and those stay to be judged when this one is answered.
 */
export function sent(pending: PendingCreate, spec: Spec, at: string): PendingCreate {
  const { earlier: all = [], ...own } = pending;
  const earlier = all.filter((one) => one.absent !== true);
  const twins = earlier.filter((one) => one.label === pending.label && equal(one.spec, spec));
  const others = earlier.filter((one) => !twins.includes(one));
  // What an earlier request may have left behind was not there before that one.
  const oldest = twins.at(-1);
  const kept = oldest === undefined ? others : [oldest, ...others];
  return { ...own, before: oldest?.before ?? pending.before, spec, sent_at: at, ...behind(kept) };
}

/** What is left to judge once the latest intent is settled; null where there is nothing. */
export function settledLatest({ earlier: [first, ...rest] = [] }: PendingCreate): PendingCreate | null {
  return first === undefined ? null : { ...first, ...behind(rest) };
}

/** Every intent, the latest first, each without the others. */
export function intents({ earlier = [], ...own }: PendingCreate): readonly PendingCreate[] {
  return [own, ...earlier];
}

/** The entry without an intent that was never carried out: as it was before, or undefined where nothing was. */
export function withoutLatest(entry: Entry): Entry | undefined {
  const pending = entry.pending === null ? null : settledLatest(entry.pending);
  if (entry.state !== 'pending') return { ...entry, pending };
  return pending === null ? undefined : { ...entry, pending };
}

function behind(earlier: readonly PendingCreate[]): Pick<PendingCreate, 'earlier'> {
  return earlier.length === 0 ? {} : { earlier };
}
