import { spawn } from 'node:child_process';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { built, environment, type Where } from './processes.ts';

/** Node says on this channel that a request has reached a server of this process, just before the server gets it. */
const arrivals = 'http.server.request.start';

/**
 * Runs the built command line, and kills it without a chance to say goodbye as soon as `due` holds when a request has arrived.
 * Resolves once it has ended, killed or not. Nothing is asked over and over meanwhile: that would take the processor from the
 * process that is waited for.
 */
export async function killedOnce(due: () => boolean, args: readonly string[], where: Where): Promise<void> {
  const child = spawn(process.execPath, [built(), ...args], {
    cwd: where.cwd,
    env: environment(where),
    stdio: 'ignore',
  });
  const end = onArrival(() => {
    if (due()) child.kill('SIGKILL');
  });
  await once(child, 'close').finally(end);
}

/** Resolves as soon as `holds` does when a request has arrived. */
export function arrived(holds: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const end = onArrival(() => {
      if (!holds()) return;
      end();
      resolve();
    });
  });
}

/** Calls `look` whenever a server of this process has got a request, until the function that this returns is called. */
function onArrival(look: () => void): () => void {
  const listener = () => process.nextTick(look);
  subscribe(arrivals, listener);
  return () => void unsubscribe(arrivals, listener);
}
