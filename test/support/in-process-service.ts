import { Readable } from 'node:stream';
import type { Clock } from '../../src/emulator/clock.ts';
import type { InProcess, Told } from '../../src/emulator/in-process.ts';
import type { HttpDispatcher, HttpResponse } from '../../src/http/dispatcher.ts';

/** A time that passes only where somebody waits in it, and then at once. */
export interface FastClock extends Clock {
  /** Lets so many milliseconds pass, with the late work that falls due. */
  pass(milliseconds: number): void;
}

/**
 * The time of an emulator, and of the client that talks to it, in which nothing really waits: a wait moves `now` and is
 * over. Two waits at once add up, so that nothing is ever early.
 */
export function fastClock(start = Date.UTC(2026, 10, 28, 9)): FastClock {
  let now = start;
  let late: { readonly due: number; readonly work: () => void }[] = [];
  const pass = (milliseconds: number): void => {
    now += milliseconds;
    const due = late.filter((one) => one.due <= now).sort((left, right) => left.due - right.due);
    late = late.filter((one) => one.due > now);
    for (const { work } of due) work();
  };
  return {
    now: () => now,
    pass,
    wait: async (milliseconds) => pass(Math.max(0, milliseconds)),
    later: (milliseconds, work) => {
      late.push({ due: now + milliseconds, work });
    },
    flush: () => {
      const count = late.length;
      for (const { work } of late.splice(0)) work();
      return count;
    },
    stop: () => {
      late = [];
    },
  };
}

/**
 * A dispatcher that hands a provider's requests to an emulator in this process: no socket, no real waiting, thousands of
 * requests a second, with every fault rule and manner.
 *
 *     const clock = fastClock();
 *     const service = openCensusV1({ seed: { syncs: [] }, faults: ['POST /syncs:drop-response chance 30/7'] }, clock);
 *     const provider = censusV1({ token: service.token, ...inProcessClient(service, clock) });
 *     service.addFaults(['GET /syncs:gone for 5000']);
 *
 * Fabra: `openFabra` and `fabra` in the same way. A request that hangs passes the time of its timeout.
 */
export function inProcessClient(service: InProcess, clock: FastClock) {
  return {
    // The host is never dialled; loopback is what a token may be sent to in the clear.
    baseUrl: 'http://127.0.0.1:9',
    dispatcher: dispatcherTo(service, clock),
    now: clock.now,
    sleep: async (milliseconds: number) => clock.pass(milliseconds),
  };
}

function dispatcherTo(service: InProcess, clock: FastClock): HttpDispatcher {
  return {
    request: async ({ method, path, headers, body, headersTimeout, recalled }) => {
      const reason = recalled?.();
      if (reason !== undefined) throw reason;
      const lower = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
      const told = await service.ask({ method, path, headers: Object.fromEntries(lower), text: body ?? '' });
      if (told === 'hang') {
        clock.pass(headersTimeout);
        throw Object.assign(new Error('Headers Timeout Error'), { code: 'UND_ERR_HEADERS_TIMEOUT' });
      }
      if (told === 'drop') throw closed();
      return responseOf(told);
    },
    close: async () => undefined,
    destroy: async () => undefined,
  };
}

function closed(): Error {
  return Object.assign(new Error('other side closed'), { code: 'UND_ERR_SOCKET' });
}

function responseOf({ status, headers, text, half }: Exclude<Told, string>): HttpResponse {
  return { statusCode: status, headers, body: Readable.from(bytesOf(text, half)) };
}

async function* bytesOf(text: string, half: boolean): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text, 'utf8');
  if (half) throw closed();
}
