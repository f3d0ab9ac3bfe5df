import { diff } from '../core/spec/diff.ts';
import type { Spec } from '../model/json.ts';
import type { Live, RemoteId } from '../model/live.ts';
import type { Change } from '../model/plan.ts';
import type { Capabilities, Provider, Resource } from '../model/provider.ts';
import { type RunContext, resourceFor } from './run-context.ts';

/** What the rows turned out to be that an unanswered create may have left behind. */
export interface Verdict {
  /** The one that is a whole sync and says what is wanted, if any. */
  readonly whole: RemoteId | undefined;
  /** Whole syncs beside it, or of another body: nobody wants them. */
  readonly spare: readonly RemoteId[];
  readonly ghosts: readonly RemoteId[];
}

/**
 * Asks each row. A refusal tells a ghost only while the service is known to carry out writes; before that nothing is learnt.
 * Ghosts are recorded, so that nobody takes them for syncs again.
 */
export async function askRows(
  context: RunContext,
  change: Change,
  rows: readonly Live[],
  spec: Spec,
): Promise<Verdict | undefined> {
  const { provider } = context;
  const resource = resourceFor(context, change);
  const answers: { readonly id: RemoteId; readonly answer: 'whole' | 'dead' }[] = [];
  for (const { id } of rows) answers.push({ id, answer: await resource.probe(id, spec) });
  context.touched();
  if (!provider.isAlive()) return undefined;
  const living = new Set(answers.filter((one) => one.answer === 'whole').map((one) => one.id));
  const whole = rows.find((row) => living.has(row.id) && says(resource, row, spec))?.id;
  const ghosts = answers.filter((one) => one.answer === 'dead').map((one) => one.id);
  for (const id of ghosts) await context.record({ event: 'done', step: 'ghost', address: change.address, id });
  return { whole, spare: [...living].filter((id) => id !== whole), ghosts };
}

function says({ traits }: Resource, row: Live, spec: Spec): boolean {
  return diff(traits, row.spec, spec, { applied: spec, memory: true }).changes.length === 0;
}

/** Deletes whole syncs that creates of this address have left and nobody wants. */
export async function removeSpare(context: RunContext, change: Change, spare: readonly RemoteId[]): Promise<void> {
  for (const id of spare) {
    await resourceFor(context, change).delete(id);
    await context.record({ event: 'done', step: 'bury', address: change.address, id });
  }
}

/**
 * Clears what a create has left that nobody wants any more: a whole sync is deleted, a ghost is recorded. Returns what stands
 * in the way, or undefined.
 */
export async function clearRows(
  context: RunContext,
  change: Change,
  rows: readonly Live[],
): Promise<string | undefined> {
  for (const { kind, id, spec } of rows) {
    const ask = () => askRows(context, change, [{ kind, id, label: undefined, spec }], spec);
    const verdict = (await ask()) ?? ((await provesAlive(context, change)) ? await ask() : undefined);
    if (verdict === undefined)
      return `It is not known yet whether the row ${id}, which an earlier create left, is whole.`;
    await removeSpare(context, change, [...verdict.spare, ...(verdict.whole === undefined ? [] : [verdict.whole])]);
  }
  return undefined;
}

/**
 * Does the service carry out writes? Asked of the sync that the address has: sending once more what was last applied changes nothing.
 * Without it a run that has nothing else to write could never tell what became of a row, nor any run after it.
 */
async function provesAlive(context: RunContext, change: Change): Promise<boolean> {
  const { provider, before } = context;
  const { address, desired } = change;
  const entry = before?.syncs[address];
  const spec = entry?.spec ?? desired;
  if (entry?.id == null || spec === null) return false;
  await resourceFor(context, change).probe(entry.id, spec);
  return provider.isAlive();
}

/** Decides whether a create may be sent. */
export interface Canary {
  /**
   * Resolves to `canary` for the first create of the run, and for the others once that one has ended: `go`, or `stop` where it
   * failed. Fifty manifests must never leave fifty ghosts.
   */
  enter(): Promise<'canary' | 'go' | 'stop'>;
  /** Says how a create has ended: a failure that may have left something stops creating; where nothing was sent, another tries. */
  leave(outcome: 'made' | 'failed' | 'unsent'): void;
}

/** A canary of each kind: without ghosts a failed create leaves nothing behind, and every create may go at once. */
export function openCanaries({ resources }: Pick<Provider, 'resources'>): (kind: string) => Canary {
  const canaries = new Map([...resources].map(([kind, one]) => [kind, openCanary(one.capabilities)]));
  return (kind) => canaries.get(kind) ?? free;
}

const free: Canary = { enter: async () => 'go', leave: () => undefined };

function openCanary({ ghosts }: Pick<Capabilities, 'ghosts'>): Canary {
  if (!ghosts) return free;
  let state: 'none' | 'flying' | 'back' | 'dead' = 'none';
  let landed: Promise<void> = Promise.resolve();
  let land: () => void = () => undefined;
  const enter: Canary['enter'] = async () => {
    while (state === 'flying') await landed;
    if (state !== 'none') return state === 'dead' ? 'stop' : 'go';
    state = 'flying';
    landed = new Promise((resolve) => {
      land = resolve;
    });
    return 'canary';
  };
  return {
    enter,
    leave: (outcome) => {
      if (outcome === 'failed') state = 'dead';
      else if (state === 'flying') state = outcome === 'made' ? 'back' : 'none';
      land();
    },
  };
}
