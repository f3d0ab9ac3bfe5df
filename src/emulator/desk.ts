import type { Clock } from './clock.ts';
import { control, controlPrefix } from './control.ts';
import { type Exchange, jsonReply, type Outcome, type Reply } from './exchange.ts';
import { type Befalls, type FaultBook, faultBook } from './fault-book.ts';
import type { Backstage } from './manners/backstage.ts';
import { type Memory, memory } from './manners/memory.ts';
import { type Ending, jsonFailure, play } from './play.ts';
import { loggable, type RequestLog, requestLog } from './request-log.ts';
import type { Service } from './service-traits.ts';

/** An emulated API without its surroundings. */
export interface Api {
  /** The base paths, which fault rules may leave out. */
  readonly prefixes: readonly string[];
  readonly service: Service;
  readonly backstage: Backstage;
  /** One request in, one answer out, at once. */
  handle(exchange: Exchange): Outcome;
  /** The service's own way to say that it failed, for faults with a status; JSON where it is absent. */
  readonly failure?: (status: number) => Reply;
  /** Control routes of this emulator alone; undefined where the path is none of them. */
  readonly control?: (exchange: Exchange) => Reply | undefined;
}

export interface DeskOptions {
  /** Milliseconds that every request waits before it is worked on. */
  readonly latency: number;
  readonly faults: readonly string[];
  readonly clock: Clock;
}

/** Where requests arrive, over a socket or without one: latency, faults, log and control routes. */
export interface Desk {
  readonly faults: FaultBook;
  readonly log: RequestLog;
  /** Notes the arrival of a request, before its body is read. The caller says `log.done()` when it is over. */
  arrive(method: string, target: URL): Arrival;
}

export interface Arrival {
  /** Works on the request, and says how it ends. */
  answer(rest: Omit<Exchange, 'method' | 'path' | 'query' | 'authorization'>): Promise<Ending>;
  /** The request is over, answered or not. */
  done(): void;
}

/** Throws EmulatorInputError for a fault rule that is not understood. */
export function desk(api: Api, { latency, faults: rules, clock }: DeskOptions): Desk {
  const faults = faultBook({ prefixes: api.prefixes, service: api.service, now: clock.now });
  faults.add(rules);
  const log = requestLog(clock.now);
  const failure = api.failure ?? jsonFailure;
  const past = memory(api.backstage);
  return {
    faults,
    log,
    arrive: (method, target) => {
      const own = target.pathname.startsWith(controlPrefix);
      const entry = own ? { body: undefined, status: undefined } : log.open(method, target);
      return {
        done: own ? () => undefined : log.done,
        answer: async (rest) => {
          entry.body = loggable(rest.body);
          const { authorization } = rest.headers;
          const exchange = { ...rest, method, path: target.pathname, query: target.searchParams, authorization };
          if (own) {
            const work = () => guarded(() => api.control?.(exchange) ?? control(exchange, faults, log));
            return play(undefined, { clock, failure, work });
          }
          const befalls = faults.take(method, target.pathname, target.search);
          const delay = latency + befalls.delay;
          if (delay > 0) await clock.wait(delay);
          const work = () => guarded(() => mannered(befalls.manners, exchange, { api, clock, failure, past, faults }));
          const ending = await play(befalls.action, { clock, failure, work });
          if (typeof ending !== 'string') entry.status = ending.reply.status;
          return ending;
        },
      };
    },
  };
}

interface Surroundings {
  readonly api: Api;
  readonly clock: Clock;
  readonly past: Memory;
  readonly faults: FaultBook;
  readonly failure: (status: number) => Reply;
}

/** The work on a request, with every manner around it; the first rule stands outermost. */
function mannered(
  manners: Befalls['manners'],
  exchange: Exchange,
  { api, clock, past, failure, faults }: Surroundings,
): Outcome {
  const now = clock.now();
  const around = manners.reduceRight<(exchange: Exchange) => Outcome>(
    (next, { manner, hit }) =>
      (asked) =>
        manner({ backstage: api.backstage, memory: past, now, hit, failure }, asked, next),
    (asked) => api.handle(asked),
  );
  const isKept = exchange.method !== 'GET' && faults.remembers();
  return isKept ? past.around(now, () => around(exchange)) : around(exchange);
}

function guarded(work: () => Outcome): Outcome {
  try {
    return work();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return jsonReply(500, { status: 'error', message: `The emulator failed: ${message}` });
  }
}
