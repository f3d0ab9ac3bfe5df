import type { Proof } from '../../engine/migrate/prove.ts';
import { Exit, SynclineError } from '../../model/errors.ts';
import type { MigrateRequest } from './migrate.ts';

/**
 * Refuses what nobody can vouch for, because neither API shows it: a slip of the pen must not look like consent. What is certain
 * anyway is only remarked upon. @throws SynclineError (exit 3)
 */
export function checkAccepted({ accepted, outside }: MigrateRequest, { pairing }: Proof): void {
  for (const key of accepted) {
    const named = pairing.pairs.filter(({ space, from, to }) =>
      [from, to].some((id) => id !== null && key === `${space}/${id}`),
    );
    if (named.length === 0) {
      const hint = 'Write each as the report prints it: the kind, and the id at the API that is left.';
      throw new SynclineError('usage', `\`--accept ${key}\` names nothing that was compared.`, hint, Exit.invalid);
    }
    if (named.every(({ grade }) => grade === 'certain'))
      outside.warn?.(`\`--accept ${key}\` was not needed: that pair is certain.`);
  }
}
