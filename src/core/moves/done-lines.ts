import { type Address, address as addressOf, kindOf } from '../../model/address.ts';
import type { Manifest } from '../../model/manifest.ts';
import type { Note, Plan } from '../../model/plan.ts';
import { byCodePoint } from '../stable.ts';

/** A manifest whose `moved_from` line its target has no use for. */
export interface IdleLine {
  readonly manifest: Manifest;
  /** Does the ledger know one of the earlier names? */
  readonly known: boolean;
}

/** A plan, and the lines that its target has no use for. */
export interface WithLines {
  readonly plan: Plan;
  readonly settled: readonly IdleLine[];
}

/**
 * The plans with a note for each line that can go, because every target of its manifest is among them and has no use for it. A target
 * that this run does not read may still need it, and nothing is said then. A line whose names no ledger knows is probably misspelt.
 */
export function withDoneLines(all: readonly WithLines[]): readonly Plan[] {
  const idle = new Map(
    all.map(({ plan, settled }) => [plan.target, new Map(settled.map((one) => [one.manifest.address, one]))]),
  );
  return all.map(({ plan, settled }) => {
    const done = settled.flatMap(({ manifest: { address, moved_from: names = [], targets = [plan.target] } }) => {
      const lines = targets.map((target) => idle.get(target)?.get(address));
      if (lines.includes(undefined)) return [];
      return [lines.some((one) => one?.known === true) ? doneNote(address) : strangeNote(address, names)];
    });
    if (done.length === 0) return plan;
    const told = new Set(plan.notes.map(keyOf));
    const news = done.filter((note) => !told.has(keyOf(note)));
    const notes = [...plan.notes, ...news].sort((one, other) => byCodePoint(one.address, other.address));
    return { ...plan, notes };
  });
}

function keyOf({ address, code }: Note): string {
  return `${address} ${code}`;
}

function doneNote(address: Address): Note {
  const message =
    'moved_from has nothing left to do: the ledger of each of its targets has the move, and the line can go.';
  return { address, code: 'moved', message };
}

function strangeNote(address: Address, names: readonly string[]): Note {
  const meant = names.map((name) => addressOf(kindOf(address), name)).join(' or ');
  const message = `moved_from names ${meant}, and no ledger of its targets knows anything that is, or was, bound there: check its spelling, or remove the line.`;
  return { address, code: 'moved', message };
}
