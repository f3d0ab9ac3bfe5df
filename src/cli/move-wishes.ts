import { Exit, SynclineError } from '../model/errors.ts';
import type { InvocationOf } from './invocation.ts';

type Invocation = Pick<InvocationOf<'migrate'>, 'options' | 'io'>;

/**
 * The name of the variable that `--token-env` gives; undefined without it. What is no name may be the token itself, for a shell that
 * sees `$NAME` hands over the value: no message shows it. @throws SynclineError (exit 3)
 */
export function tokenVariable({ options, io }: Invocation): string | undefined {
  const given = options.text('token-env');
  if (given === undefined) return undefined;
  const isValue = !Object.hasOwn(io.env, given) && Object.values(io.env).includes(given);
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(given) && !isValue) return given;
  const message = 'What --token-env was given is not the name of a variable. It is not shown, for it may be a token.';
  const hint = 'Write the bare name, without `$` and braces: `--token-env ACTIVATIONS_PAT`.';
  throw new SynclineError('usage', message, hint, Exit.invalid);
}

/** What `--accept` vouches for. @throws SynclineError (exit 3) for what names no thing */
export function acceptedThings({ options }: Invocation): ReadonlySet<string> {
  const given = options.texts('accept');
  const wrong = given.find((one) => !/^[A-Za-z_]\w*\/\S+$/.test(one));
  if (wrong === undefined) return new Set(given);
  const hint = 'Write KIND/ID as the report prints it.';
  throw new SynclineError('usage', `\`--accept ${wrong}\` does not name a thing.`, hint, Exit.invalid);
}
