import { Exit, SynclineError } from '../model/errors.ts';
import { forTerminal } from '../render/escape.ts';
import { ask, canAsk } from './ask.ts';
import type { Invocation } from './invocation.ts';

/**
 * Returns once somebody has said yes, on the command line or at the terminal. `otherwise`: another way than --auto-approve,
 * where there is one. Throws a SynclineError (exit 4) otherwise.
 */
export async function approve(
  what: string,
  { io, options }: Invocation<'auto-approve'>,
  otherwise = '',
): Promise<void> {
  if (options.flag('auto-approve')) return;
  if (!canAsk(io)) {
    throw new SynclineError(
      'not-approved',
      'This needs your approval, and there is no terminal to ask you in.',
      `Give --auto-approve${otherwise}.`,
      Exit.refused,
    );
  }
  const answer = await ask(io, `${forTerminal(what)} Type "yes" to approve: `);
  if (answer === 'yes') return;
  throw new SynclineError(
    'not-approved',
    'Not approved; nothing was written.',
    'Run again, and type "yes" in full to approve.',
    Exit.refused,
  );
}
