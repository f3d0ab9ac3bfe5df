import { fairQueue } from './fair-queue.ts';
import { retryAfter } from './retry.ts';

/** Milliseconds for which 429 is waited out, until something succeeds again. */
export const patience = 300_000;

const first = 1000;
const longest = 90_000;
/** How long nothing is sent any more after the patience ran out. */
const rest = 60_000;

/** What waiting needs of the world around it. */
export interface Pacing {
  readonly now: () => number;
  readonly random: () => number;
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

/** The back-off of one host, and how many requests may be in flight there. */
export interface BackOff {
  /** Lets a client take part, which has so many requests in flight at most. */
  join(concurrency: number): Seat;
}

/** The place of one client among all that send to a host. */
export interface Seat {
  /** How many requests of all clients together may be in flight, as of when this one joined. */
  readonly limit: number;
  /** A call of this client. */
  begin(): Pacer;
  /** Ends the waiting of all its calls, once; a wait of the host ends with the last client that has not stopped. */
  stop(): void;
  /** The client sends nothing any more. */
  leave(): void;
}

/** One call on its way through the back-off that all calls share. */
export interface Pacer {
  /** Resolves when a try may be sent, or must not be any more. */
  enter(): Promise<Turn>;
  /** Ends a try that was answered with anything but 429, or not at all. */
  leave(succeeded: boolean): undefined;
  /** Ends a try that was answered 429. Says how long all calls wait now, or undefined where this one should give up. */
  refused(retryAfter: string | undefined): Wait | undefined;
}

/** `spent`: the service has answered nothing but 429 for too long. `stopped`: the client has stopped meanwhile. */
type Turn = 'go' | 'spent' | 'stopped';

export interface Wait {
  readonly milliseconds: number;
  /** Did this answer begin the wait? Others were sent before it did, and only join. */
  readonly fresh: boolean;
}

/**
 * One back-off and one limit for all calls to a host, whichever client they are of. A 429 is about the caller, not about the call:
 * after one nobody sends until the wait is over, then one call goes ahead, and with each success more may follow. So a limit costs
 * one refusal per wait, however many calls are waiting. Never more are in flight than the client with the highest `concurrency` may
 * have alone. Census names no quota; its own client waits 1 s, doubled up to 90 s, for five minutes in all.
 */
export function backOff(pacing: Pacing): BackOff {
  const clients = new Set<Client>();
  const queue = fairQueue<Client, (turn: Turn) => void>();
  let running = 0;
  let room = Number.POSITIVE_INFINITY;
  let waiting: (Wait & { readonly cut: AbortController }) | undefined;
  let round = 0;
  /** Of the waits since the last success. */
  let waits = 0;
  let waited = 0;
  let spentAt: number | undefined;

  /** A call that was refused queues up behind those of its client that wait already. */
  function wake(): void {
    while (!queue.isEmpty()) {
      const turn = turnNow();
      if (turn === undefined) return;
      queue.shift()?.(turn);
    }
  }
  function turnNow(): Turn | undefined {
    if (isSpent()) return 'spent';
    if (waiting !== undefined || running >= Math.min(Math.floor(room), limit())) return undefined;
    running += 1;
    return 'go';
  }
  function limit(): number {
    return Math.max(1, ...[...clients].map((one) => one.concurrency));
  }
  function isSpent(): boolean {
    return spentAt !== undefined && pacing.now() - spentAt < rest;
  }
  function giveUp(): undefined {
    // One call may be refused for ever while others succeed: that is no reason to keep those back.
    if (waited >= patience) spentAt = pacing.now();
    wake();
    return undefined;
  }
  function begin(milliseconds: number): Wait {
    const wait = { milliseconds, fresh: true, cut: new AbortController() };
    round += 1;
    room = 1;
    waits += 1;
    waited += milliseconds;
    waiting = wait;
    void pacing.sleep(milliseconds, wait.cut.signal).then(() => {
      if (waiting === wait) waiting = undefined;
      wake();
    });
    return wait;
  }
  function cutUnwanted(): void {
    if ([...clients].every((one) => one.stopped)) waiting?.cut.abort();
  }
  function succeed(entered: number): void {
    if (entered < round) return;
    waits = 0;
    waited = 0;
    spentAt = undefined;
    room += 1 / room;
  }

  function pacer(client: Client): Pacer {
    let entered = 0;
    let refusals = 0;
    let borne = 0;
    async function enter(): Promise<Turn> {
      const now = queue.isEmpty() ? turnNow() : undefined;
      const turn = now ?? (await new Promise<Turn>((go) => queue.push(client, go)));
      entered = round;
      return turn;
    }
    function refused(header: string | undefined): Wait | undefined {
      running -= 1;
      refusals += 1;
      // It was sent before the last wait began, and says nothing that was not known then.
      if (entered < round) return joined();
      const left = patience - Math.max(waited, borne);
      if (left <= 0) return giveUp();
      const wait = begin(Math.min(length(Math.max(waits, refusals - 1), header, pacing), left));
      borne += wait.milliseconds;
      return wait;
    }
    function joined(): Wait {
      const milliseconds = waiting?.milliseconds ?? 0;
      borne += milliseconds;
      wake();
      return { milliseconds, fresh: false };
    }
    return {
      enter,
      refused,
      leave: (succeeded) => {
        if (succeeded) succeed(entered);
        running -= 1;
        wake();
        return undefined;
      },
    };
  }

  return {
    join: (concurrency) => {
      const client = { concurrency: Math.max(1, Math.floor(concurrency)), stopped: false };
      clients.add(client);
      const stop = (): void => {
        client.stopped = true;
        for (const go of queue.drop(client)) go('stopped');
        cutUnwanted();
      };
      return {
        limit: limit(),
        begin: () => pacer(client),
        stop,
        leave: () => {
          clients.delete(client);
          stop();
        },
      };
    },
  };
}

interface Client {
  readonly concurrency: number;
  stopped: boolean;
}

/** What the service asks for counts at first; one that asks for the same again and again is asked less and less often. */
function length(before: number, header: string | undefined, { now, random }: Pacing): number {
  const grown = before === 0 && header !== undefined ? 0 : Math.min(first * 2 ** before, longest);
  const asked = retryAfter(header, now());
  if (asked !== undefined) return Math.max(Math.min(asked, longest), grown) + Math.round(random() * 250);
  return Math.round(Math.min(first * 2 ** before, longest) * (0.8 + random() * 0.4));
}
