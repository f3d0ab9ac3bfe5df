import { openSession, type Session } from '../session/session.ts';
import type { Invocation } from './invocation.ts';
import { warner } from './notice.ts';

/** The project of this invocation, in the environment of the command line. @throws InvalidInput */
export function sessionOf(invocation: Invocation): Session {
  const { options, directory, io } = invocation;
  const { now, sleep, env: environment, signal } = io;
  const outside = { now, sleep, environment, signal, warn: warner(invocation) };
  return openSession({ directory, config: options.text('config') }, outside);
}
