import type { Clock } from './clock.ts';
import type { Desk } from './desk.ts';
import { bodyOf } from './read-body.ts';
import { answerHeaders, isDateless } from './send.ts';

export interface Asked {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Empty where nothing is sent. */
  readonly text: string;
}

/** What came of a request: bytes, whole or cut in half, or a connection that closes or stays silent. */
export type Told = Answered | 'drop' | 'hang';

export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** The connection closes in the middle of the text, of which this is half. */
  readonly half: boolean;
}

/** An emulator that is asked without a socket. */
export interface InProcess {
  ask(asked: Asked): Promise<Told>;
}

const origin = 'http://127.0.0.1:0';

/** Requests to a desk within this process. Control routes work as over a socket. */
export function inProcess(desk: Desk, clock: Clock): InProcess {
  return {
    ask: async ({ method, path, headers, text }) => {
      const arrival = desk.arrive(method, new URL(`${origin}${path}`));
      const ending = await arrival.answer({ ...bodyOf(text), headers, origin });
      arrival.done();
      if (typeof ending === 'string') return ending;
      const { reply, half } = ending;
      const date = isDateless(reply) ? {} : { date: new Date(clock.now()).toUTCString() };
      const size = Buffer.byteLength(reply.text);
      const shown = Object.entries({ ...date, ...answerHeaders(reply, size) }).map(([name, value]) => [
        name,
        String(value),
      ]);
      const told = half
        ? Buffer.from(reply.text)
            .subarray(0, Math.floor(size / 2))
            .toString()
        : reply.text;
      return { status: reply.status, headers: Object.fromEntries(shown), text: told, half };
    },
  };
}
