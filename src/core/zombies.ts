import type { Ledger } from '../model/ledger.ts';
import type { LiveSync } from '../model/live.ts';
import type { Note } from '../model/plan.ts';

/**
 * A note for each live sync that the ledger holds for deleted. Only for services whose deletions show: there a sync that is
 * listed is one, and the record of its end was wrong or it has come back.
 */
export function zombieNotes(ledger: Ledger | null, live: readonly LiveSync[]): Note[] {
  if (ledger === null) return [];
  return live.flatMap(({ id }): Note[] => {
    const dead = ledger.dead[id];
    if (dead === undefined || dead.reason === 'by-hand' || dead.reason === 'ghost') return [];
    const message = `The sync ${id} is recorded as ${dead.reason} at ${dead.at} and is listed all the same; it is left alone. \`syncline adopt ${dead.address} --id ${id}\` takes it back.`;
    return [{ address: dead.address, code: 'zombie', message }];
  });
}
