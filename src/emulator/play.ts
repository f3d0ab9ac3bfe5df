import type { Clock } from './clock.ts';
import { jsonReply, type Outcome, type Reply } from './exchange.ts';
import type { Ending as Fault } from './fault-action.ts';

export interface Stage {
  readonly clock: Clock;
  /** Does what was asked and says what the answer would be. */
  work(): Outcome;
  /** How the service itself answers with an error status. */
  failure(status: number): Reply;
}

/** How a request ends: with an answer, with half of one, with a closed connection, or not at all. */
export type Ending = { readonly reply: Reply; readonly half: boolean } | 'drop' | 'hang';

/** Works on a request, or does not, or breaks its answer as a fault says. Takes the time that the answer takes. */
export async function play(action: Fault | undefined, stage: Stage): Promise<Ending> {
  const ending = endingOf(action, stage);
  if (typeof ending !== 'string') await stage.clock.wait(ending.reply.after ?? 0);
  return ending;
}

function endingOf(action: Fault | undefined, stage: Stage): Ending {
  const { work, clock } = stage;
  if (action === undefined) return whole(work());
  switch (action.kind) {
    case 'drop-request':
      return 'drop';
    case 'hang':
      return 'hang';
    case 'commit-later':
      clock.later(action.milliseconds, work);
      return 'drop';
    case 'status':
      return whole(failure(action, stage));
    default:
      return afterWork(action, work(), stage);
  }
}

function whole(outcome: Outcome): Ending {
  return outcome === 'drop' ? outcome : { reply: outcome, half: false };
}

type Worked = Exclude<Fault, { readonly kind: 'commit-later' | 'status' | 'drop-request' | 'hang' }>;

/** The faults that hide a result: the work has been done. */
function afterWork(action: Worked, reply: Outcome, stage: Stage): Ending {
  if (reply === 'drop') return reply;
  switch (action.kind) {
    case 'drop-response':
      return 'drop';
    case 'hang-response':
      return 'hang';
    case 'truncate':
      return { reply, half: true };
    case 'empty':
      return whole({ ...reply, text: '' });
    case 'html':
      return whole(page(reply.status, 'Please sign in to the proxy'));
    case 'commit-status':
      return whole(failure(action, stage));
    default:
      return action satisfies never;
  }
}

/** 502 to 504 come from whatever stands before the service, so they are pages; the rest is the service's own words. */
function failure(action: Extract<Fault, { readonly status: number }>, stage: Stage): Reply {
  const { status, value } = action;
  if (status < 400) return { status, text: '', headers: value === undefined ? {} : { location: value } };
  const more: Record<string, string> = value === undefined ? {} : { 'retry-after': value };
  if (status > 500 && status <= 504) {
    const gateway = page(status, `${status} from the gateway`);
    return { ...gateway, headers: { ...gateway.headers, ...more } };
  }
  const own = stage.failure(status);
  return { ...own, headers: { ...own.headers, ...more } };
}

/** How a service that speaks JSON throughout says that it failed. */
export function jsonFailure(status: number): Reply {
  return jsonReply(status, status === 500 ? { status: 'error', message: 'Internal server error' } : { status });
}

function page(status: number, title: string): Reply {
  const text = `<!doctype html><html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`;
  return { status, text, headers: { 'content-type': 'text/html; charset=utf-8' } };
}
