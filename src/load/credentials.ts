import { Exit, SynclineError } from '../model/errors.ts';
import type { Target } from '../model/project.ts';
import { type Secret, secret } from '../model/secret.ts';

/**
 * The credential of a target, from the environment that the caller passes in: its `token`, or else its
 * `personal_access_token`. White space around it (a trailing newline, mostly) is not part of it.
 * Throws a SynclineError with exit code 3, naming target and variable, where the variable is unset, empty or no token.
 */
export function tokenFor(target: Target, env: Readonly<Record<string, string | undefined>>): Secret {
  const variable = target.token_variable ?? target.personal_access_token_variable;
  if (variable === undefined) {
    throw new SynclineError(
      'missing-variable',
      `Target "${target.name}" names no token.`,
      `Set token: \${env.NAME} under targets.${target.name} in the project file.`,
      Exit.invalid,
    );
  }
  const value = Object.hasOwn(env, variable) ? env[variable] : undefined;
  const token = value?.trim() ?? '';
  if (/^[\x21-\x7e]+$/.test(token)) return secret(token);
  if (token !== '') {
    const message = `The environment variable ${variable}, the token of target "${target.name}", holds characters that an HTTP header cannot hold.`;
    const hint = 'Set it to the token alone: no line break, space or quotation mark belongs to it.';
    throw new SynclineError('invalid-token', message, hint, Exit.invalid);
  }
  throw new SynclineError(
    'missing-variable',
    `Target "${target.name}" needs the environment variable ${variable}, which is ${value === undefined ? 'not set' : 'empty'}.`,
    `Set ${variable} to ${target.groups === undefined ? 'the API token of that workspace' : 'a token that may see its groups'}.`,
    Exit.invalid,
  );
}
