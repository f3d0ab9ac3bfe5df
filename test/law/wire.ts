import type { Outcome } from '../../src/emulator/exchange.ts';
import type { HttpDispatcher } from '../../src/http/dispatcher.ts';
import type { Address } from '../../src/model/address.ts';
import { type Key, partsOf } from '../../src/model/live.ts';
import { dropped, gateway, plain, responseOf, unreachable } from './answers.ts';
import { type Clock, chance, type Life } from './life.ts';
import { type Mood, withMood } from './mood.ts';
import { isWrite, type Meaning, type Request, type Service, type Truth, type WriteMeaning } from './service.ts';

export const faultKinds = [
  'again-later',
  'limited',
  'broken',
  'gateway',
  'refused',
  'unreachable',
  'lost-request',
  'lost-answer',
  'committed-gateway',
  'late',
  'truncated',
  'empty',
  'page',
  'undone',
  'undone-shown',
  'known-id',
  'known-id-undone',
  'stale',
] as const;

/** What befalls the nth request of a run that asks for something. */
export interface Fault {
  readonly on: Meaning['kind'] | 'any';
  readonly nth: number;
  readonly kind: (typeof faultKinds)[number];
  /** For a late commit, the seconds until then; for stale answers, how many. */
  readonly span: number;
}

/** A write as the service received it. */
export interface Write {
  readonly run: number;
  readonly meaning: WriteMeaning;
  /** What it reached: the thing that was named, or made. */
  key: Key | undefined;
  /** The thing that a fault named instead of it. */
  named: Key | undefined;
  /** Was it carried out, or will it be? */
  effect: 'done' | 'later' | 'none';
  /** The service said that it was, and lied. */
  readonly lied: boolean;
  /** Carried out after its answer was lost, at some time. */
  readonly late: boolean;
  /** What an update or delete found. */
  readonly before: Truth | undefined;
}

/** The service of a world, with what it remembers beyond one run. */
export interface Sky {
  readonly service: Service;
  readonly clock: Clock;
  readonly random: () => number;
  /** Every write so far. */
  readonly writes: Write[];
  /** Which manifest's body made a thing. */
  readonly made: Map<Key, Address>;
  /** Rows of which the service has said that they do not exist, though they do. */
  readonly denied: Set<Key>;
  /** Carries out what was put off and is due; everything, where told so. */
  settle(all?: boolean): void;
}

export interface Weather {
  readonly run: number;
  readonly faults: readonly Fault[];
  readonly mood: Mood;
  /** Asked before any write is worked on. */
  readonly seen: (meaning: Meaning, request: Request) => void;
}

interface Put {
  readonly due: number;
  readonly work: () => void;
}

const puts = new WeakMap<Sky, Put[]>();

export function openSky(service: Service, clock: Clock, seed: number): Sky {
  const waiting: Put[] = [];
  const sky: Sky = {
    service,
    clock,
    random: chance(seed),
    writes: [],
    made: new Map(),
    denied: new Set(),
    settle: (all = false) => {
      for (const one of waiting.splice(0)) {
        if (all || one.due <= clock.milliseconds) one.work();
        else waiting.push(one);
      }
    },
  };
  puts.set(sky, waiting);
  return sky;
}

/** The connection of one run to the service, in this weather. */
export function dispatcher(sky: Sky, life: Life, weather: Weather): HttpDispatcher {
  const { service } = sky;
  const counts = new Map<string, number>();
  const stale = new Map<string, { left: number; readonly answer: Outcome }>();
  /** Rows that the run can know: of one whose answer it lost it cannot tell that another answer names it. */
  const told = new Set(service.rows());
  let requests = 0;

  const count = (key: string): number => {
    const next = (counts.get(key) ?? 0) + 1;
    counts.set(key, next);
    return next;
  };

  const befalls = (kind: Meaning['kind']): Fault | undefined => {
    const nths = { any: count('any'), [kind]: count(kind) };
    return weather.faults.find((one) => (one.on === 'any' || one.on === kind) && one.nth === nths[one.on]);
  };

  const work = (request: Request, meaning: Meaning, write: Write | undefined): Outcome => {
    if (write === undefined) return service.handle(request);
    const before = new Set(service.rows());
    const answer = service.handle(request);
    write.effect = isDone(answer) && meaning.kind !== 'check' ? 'done' : 'none';
    if (meaning.kind !== 'create' && meaning.kind !== 'check') return answer;
    const made = service.rows().find((key) => !before.has(key));
    if (made === undefined) return answer;
    write.effect = 'done';
    write.key = made;
    if (meaning.address !== undefined) sky.made.set(made, meaning.address);
    return answer;
  };

  const answerTo = (request: Request): { reply: Outcome; half?: boolean } => {
    requests += 1;
    const meaning = service.meaning(request);
    const fault = befalls(meaning.kind);
    weather.seen(meaning, request);
    const write = noted(sky, weather, meaning, fault);
    const refusal = refusalOf(fault, weather, requests);
    if (refusal !== undefined) return { reply: refusal };
    if (fault?.kind === 'late' && write !== undefined) {
      write.effect = 'later';
      const due = sky.clock.milliseconds + fault.span * 1000;
      puts.get(sky)?.push({ due, work: () => work(request, meaning, write) });
      return { reply: 'drop' };
    }
    if (fault?.kind === 'late') return { reply: 'drop' };
    if (meaning.kind === 'read') {
      const old = stale.get(request.path);
      if (old !== undefined && old.left > 0) {
        old.left -= 1;
        return { reply: old.answer };
      }
    }
    if (fault?.kind.startsWith('undone') && (meaning.kind === 'update' || meaning.kind === 'delete')) {
      const shown = service.pretend(request);
      const plain = service.handle({ ...request, method: 'GET', body: '' });
      return { reply: meaning.kind === 'delete' || fault.kind === 'undone-shown' ? shown : plain };
    }
    if (fault?.kind === 'stale' && write !== undefined && meaning.kind !== 'create' && meaning.kind !== 'check') {
      stale.set(request.path, { left: fault.span, answer: service.handle({ ...request, method: 'GET', body: '' }) });
    }
    if (fault?.kind.startsWith('known-id') && meaning.kind === 'create') {
      const known = service
        .rows()
        .filter((key) => told.has(key) && partsOf(key).kind === meaning.of)
        .at(fault.span % 2 === 0 ? 0 : -1);
      const reply = fault.kind === 'known-id' ? work(request, meaning, write) : service.pretend(request);
      if (known === undefined || write === undefined || reply === 'drop') return { reply };
      write.named = known;
      return { reply: { ...reply, text: service.named(reply.text, known) } };
    }
    const reply = withMood(weather.mood, sky, request, meaning, (asked) => work(asked, meaning, write));
    if (reply === 'drop') return { reply };
    if (fault === undefined && write?.key !== undefined) told.add(write.key);
    switch (fault?.kind) {
      case 'lost-answer':
        return { reply: 'drop' };
      case 'committed-gateway':
        return { reply: gateway };
      case 'truncated':
        return { reply, half: true };
      case 'empty':
        return { reply: { ...reply, text: '' } };
      case 'page':
        return { reply: { ...gateway, status: reply.status } };
      default:
        return { reply };
    }
  };

  return {
    request: async (options) => {
      for (let wait = Math.floor(sky.random() * 4); wait > 0; wait -= 1) await undefined;
      await life.moment();
      const recalled = options.recalled?.();
      if (recalled !== undefined) throw recalled;
      sky.settle();
      const url = new URL(options.path, 'http://x');
      const request: Request = {
        method: options.method,
        path: url.pathname,
        query: url.searchParams,
        body: options.body ?? '',
        headers: options.headers,
      };
      sky.clock.milliseconds += 20;
      if (isFaulted(weather, 'unreachable', counts, service.meaning(request).kind)) throw unreachable();
      const { reply, half = false } = answerTo(request);
      await life.moment();
      if (reply === 'drop') throw dropped();
      return responseOf(reply, half);
    },
    close: async () => undefined,
    destroy: async () => undefined,
  };
}

/** Was the request refused where nothing arrives? Counted like any other. */
function isFaulted(weather: Weather, kind: Fault['kind'], counts: Map<string, number>, on: Meaning['kind']): boolean {
  const next = (key: string) => (counts.get(key) ?? 0) + 1;
  const fault = weather.faults.find(
    (one) => one.kind === kind && (one.on === 'any' || one.on === on) && one.nth === next(one.on),
  );
  if (fault === undefined) return false;
  for (const key of ['any', on]) counts.set(key, next(key));
  return true;
}

function noted(sky: Sky, weather: Weather, meaning: Meaning, fault: Fault | undefined): Write | undefined {
  if (!isWrite(meaning)) return undefined;
  const key = 'key' in meaning ? meaning.key : undefined;
  const lied = fault !== undefined && /^(undone|known-id)/.test(fault.kind);
  const before = sky.service.truth().find((one) => one.key === key);
  const write: Write = {
    run: weather.run,
    meaning,
    key,
    named: undefined,
    effect: 'none',
    lied,
    late: fault?.kind === 'late',
    before,
  };
  sky.writes.push(write);
  return write;
}

function isDone(answer: Outcome): boolean {
  return answer !== 'drop' && answer.status < 300;
}

/** What the service answers where it does nothing. */
function refusalOf(fault: Fault | undefined, { mood }: Weather, requests: number): Outcome | undefined {
  if (mood.revokedAt !== undefined && requests >= mood.revokedAt) return plain(401);
  switch (fault?.kind) {
    case 'again-later':
      return { ...plain(429), headers: { 'retry-after': '2' } };
    case 'limited':
      return plain(429);
    case 'broken':
      return plain(500);
    case 'gateway':
      return gateway;
    case 'refused':
      return plain(400);
    case 'lost-request':
      return 'drop';
    default:
      return undefined;
  }
}
