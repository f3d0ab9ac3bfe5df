import { type Address, address, kindOf } from '../../model/address.ts';
import type { Ledger } from '../../model/ledger.ts';
import type { Change } from '../../model/plan.ts';
import type { Chosen } from '../selection.ts';
import { type Moves, noMoves, takers } from './moves.ts';

/** The moves that changes carry. */
export function movesOf(changes: readonly Pick<Change, 'address' | 'moved_from'>[]): Moves {
  const moving = changes.flatMap(({ address: to, moved_from: name }) =>
    name === undefined ? [] : [[to, address(kindOf(to), name)] as const],
  );
  return moving.length === 0 ? noMoves : new Map(moving);
}

/**
 * Why an address whose old binding was to move away has to wait, because the one that takes it is not changed by this plan;
 * undefined where it need not.
 */
export function waitsForTaker(
  moves: Moves | undefined,
  chosen: Chosen,
  changed: (address: Address) => boolean,
): (at: Address) => string | undefined {
  if (moves === undefined || moves.size === 0) return () => undefined;
  const takerOf = takers(moves);
  return (at) => {
    const taker = takerOf.get(at);
    if (taker === undefined || changed(taker)) return undefined;
    return chosen.has(taker)
      ? `What is bound to it moves to "${taker}", which is blocked.`
      : `What is bound to it moves to "${taker}", which the selection leaves out; select that too.`;
  };
}

/**
 * Moves that no longer fit the ledger, or cannot be made because another one is not, by the address of the change: `all` are the
 * changes of the plan, `left` those that are to be carried out.
 */
export function stuckMoves(
  ledger: Ledger | null,
  all: readonly Change[],
  left: readonly Change[],
): ReadonlyMap<Address, string> {
  const planned = movesOf(all);
  if (planned.size === 0) return new Map();
  const takerOf = takers(planned);
  const moves = movesOf(left);
  const given = takers(moves);
  const stuck = new Map<Address, string>();
  for (const { address: at } of left) {
    const reason = reasonOf({ ledger, from: moves.get(at), taker: takerOf.get(at), isGiven: given.has(at) }, at);
    if (reason !== undefined) stuck.set(at, reason);
  }
  return stuck;
}

interface Place {
  readonly ledger: Ledger | null;
  /** The address that gives it a binding. */
  readonly from: Address | undefined;
  /** The address that was planned to take its own. */
  readonly taker: Address | undefined;
  /** Is its own taken? */
  readonly isGiven: boolean;
}

function reasonOf({ ledger, from, taker, isGiven }: Place, at: Address): string | undefined {
  if (from !== undefined && ledger?.syncs[from] === undefined) return `${from} is no longer bound as planned.`;
  if (taker !== undefined && !isGiven)
    return `It waits for ${taker} to take over what is bound to it, which is not done.`;
  if (from !== undefined && !isGiven && ledger?.syncs[at] !== undefined) return 'The address is bound by now.';
  return undefined;
}
