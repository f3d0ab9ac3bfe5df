import type { Progress } from '../engine/request.ts';
import { forTerminal } from '../render/escape.ts';
import type { Invocation } from './invocation.ts';

/** Progress on one line of a terminal, wiped when it ends. Silent where stderr is no terminal or nobody wants it. */
export interface Ticker extends Progress {
  end(): void;
}

const wipe = '\r\u001b[K';

export function ticker({ io, options }: Invocation, total: number): Ticker {
  if (io.stderr.isTTY !== true || options.flag('quiet')) return { end: () => undefined };
  let done = 0;
  const show = (text: string) => io.stderr.write(`${wipe}${forTerminal(text)}`);
  return {
    stage: (name, detail) => show(`${name}: ${detail}`),
    outcome: (outcome) => {
      done += 1;
      show(`${done} of ${total}: ${outcome.action} ${outcome.address} ${outcome.status}`);
    },
    end: () => io.stderr.write(wipe),
  };
}
