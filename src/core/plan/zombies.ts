import type { Ledger } from '../../model/ledger.ts';
import { keyOf, type Live } from '../../model/live.ts';
import type { Note } from '../../model/plan.ts';
import type { TraitsOf } from '../../model/traits.ts';

/**
 * A note for each live sync that the ledger holds for deleted. Only for services whose deletions show: there a sync that is
 * listed is one, and the record of its end was wrong or it has come back.
 */
export function zombieNotes(traitsOf: TraitsOf, ledger: Ledger | null, live: readonly Live[]): Note[] {
  if (ledger === null) return [];
  return live.flatMap(({ kind, id }): Note[] => {
    const dead = ledger.dead[keyOf(kind, id)];
    if (dead === undefined || dead.reason === 'by-hand' || dead.reason === 'ghost') return [];
    const message = `The ${traitsOf(kind).noun} ${id} is recorded as ${dead.reason} at ${dead.at} and is still listed; Syncline leaves it alone. \`syncline adopt ${dead.address} --id ${id}\` manages it again.`;
    return [{ address: dead.address, code: 'zombie', message }];
  });
}
