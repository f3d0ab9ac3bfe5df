import type { Address } from '../../model/address.ts';
import type { Manifest } from '../../model/manifest.ts';
import type { Note, Plan } from '../../model/plan.ts';
import { byCodePoint } from '../stable.ts';

/** A plan, and the manifests whose `moved_from` line its target has no use for any more. */
export interface WithLines {
  readonly plan: Plan;
  readonly settled: readonly Manifest[];
}

/**
 * The plans with a note for each line that can go, because every target of its manifest is among them and has no use for it. A target
 * that this run does not read may still need it, and nothing is said then.
 */
export function withDoneLines(all: readonly WithLines[]): readonly Plan[] {
  const known = new Map(all.map(({ plan, settled }) => [plan.target, new Set(settled.map((one) => one.address))]));
  return all.map(({ plan, settled }) => {
    const done = settled.filter(({ address, targets = [plan.target] }) =>
      targets.every((target) => known.get(target)?.has(address) === true),
    );
    if (done.length === 0) return plan;
    const told = new Set(plan.notes.map(keyOf));
    const news = done.map(({ address }) => noteOf(address)).filter((note) => !told.has(keyOf(note)));
    const notes = [...plan.notes, ...news].sort((one, other) => byCodePoint(one.address, other.address));
    return { ...plan, notes };
  });
}

function keyOf({ address, code }: Note): string {
  return `${address} ${code}`;
}

function noteOf(address: Address): Note {
  const message =
    'moved_from has nothing left to do: the ledger of each of its targets has the move, and the line can go.';
  return { address, code: 'moved', message };
}
