import { Exit, SynclineError } from '../model/errors.ts';

/** How a command ends that Ctrl-C stopped before it wrote anything. */
export function stopped(): SynclineError {
  return new SynclineError('stopped', 'Stopped; nothing was written.', 'Run again at any time.', Exit.failed);
}
