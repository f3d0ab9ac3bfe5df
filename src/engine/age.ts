import { ageless } from '../core/plan/age.ts';
import { type Age, type Checkout, cleanCommit } from '../model/checkout.ts';
import type { LastApply } from '../model/ledger.ts';

/**
 * How what is to be applied stands to the last apply. The checkout counts; the commit of a saved plan only where there is none,
 * and then nobody has a history to look at.
 */
export async function ageOf(
  checkout: Checkout | undefined,
  last: LastApply | undefined,
  planned: string | null,
): Promise<Age> {
  const head = (await checkout?.head()) ?? null;
  if (last === undefined || (head === null && planned === null)) return ageless;
  const commit = cleanCommit(last.commit);
  if (head !== null && checkout !== undefined) return { relation: await checkout.relationTo(commit), last };
  return { relation: cleanCommit(planned ?? '') === commit ? 'same' : 'unknown', last };
}
