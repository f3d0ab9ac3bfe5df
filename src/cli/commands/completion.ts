import { closest } from '../../core/suggest.ts';
import { Exit, SynclineError } from '../../model/errors.ts';
import { type Shell, scripts } from '../completion/scripts.ts';
import type { Execute } from '../invocation.ts';

/** Prints the script with which a shell completes command lines. */
export const execute: Execute<'completion'> = async ({ io, positionals }) => {
  const [shell = ''] = positionals;
  io.stdout.write(scripts[shellNamed(shell)]);
  return Exit.ok;
};

function shellNamed(name: string): Shell {
  const known: readonly Shell[] = ['bash', 'zsh', 'fish'];
  const shell = known.find((one) => one === name);
  if (shell !== undefined) return shell;
  const near = closest(name, known);
  const hint = `There are scripts for ${known.join(', ')}.${near === undefined ? '' : ` Did you mean ${near}?`}`;
  throw new SynclineError('usage', `There is no completion for the shell "${name}".`, hint, Exit.invalid);
}
