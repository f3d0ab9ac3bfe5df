import type { RequestWait } from '../model/wait.ts';
import { forTerminal } from '../render/escape.ts';
import { waitWords } from '../render/wait.ts';
import type { Invocation } from './invocation.ts';

/** Takes a line of a terminal away on which progress may stand. */
export const wipe = '\r\u001b[K';

/** Shorter waits for a limit go by unnoticed. */
const noticeable = 1000;

/** What is said of requests. `target`: of several, the one that is asked. */
export function requestNotices(
  invocation: Invocation,
  target: string | undefined,
): { readonly log?: (line: string) => void; readonly waits?: (wait: RequestWait) => void } {
  const { io, options } = invocation;
  const about = target === undefined ? '' : `${target}: `;
  if (options.flag('verbose')) return { log: (line) => io.stderr.write(`${about}${line}\n`) };
  if (options.flag('quiet')) return {};
  return {
    waits: (wait) => {
      if (isNoticed(wait)) say(invocation, `${about}${waitWords(wait)}`);
    },
  };
}

/** Whoever waits must see that something is going on: the first retry of a request, and each wait for a limit, of which there are few. */
function isNoticed({ reason, tries, milliseconds }: RequestWait): boolean {
  return reason === 'retry' ? tries === 1 : milliseconds >= noticeable;
}

/** Says what the reader of a result must know and the result cannot carry. */
export function warner(invocation: Invocation): (message: string) => void {
  return (message) => say(invocation, `warning: ${message}`);
}

function say({ io }: Invocation, line: string): void {
  io.stderr.write(`${io.stderr.isTTY === true ? wipe : ''}${forTerminal(line)}\n`);
}
