import type { ServerResponse } from 'node:http';
import type { DelayedWork } from './delayed-work.ts';
import { jsonReply, type Outcome, type Reply } from './exchange.ts';
import type { Befalls } from './fault-book.ts';
import type { FaultAction } from './fault-rule.ts';
import type { OpenEntry } from './request-log.ts';

export interface Stage {
  readonly response: ServerResponse;
  readonly entry: OpenEntry;
  readonly delayed: DelayedWork;
  /** Does what was asked and says what the answer would be. */
  work(): Outcome;
  /** How the service itself answers with an error status. */
  failure(status: number): Reply;
}

/** How a request ends: with an answer, with half of one, with a closed connection, or not at all. */
type Ending = Reply | { readonly half: Reply } | 'drop' | 'hang';

/** Answers a request, or breaks it as a fault says. */
export function play(action: Befalls['action'], stage: Stage): void {
  const ending = endingOf(action, stage);
  if (ending === 'hang') return;
  if (ending === 'drop') drop(stage);
  else if (afterOf(ending) === 0) finish(stage, ending);
  else void stage.delayed.wait(afterOf(ending)).then(() => finish(stage, ending));
}

function afterOf(ending: Exclude<Ending, string>): number {
  return ('half' in ending ? ending.half.after : ending.after) ?? 0;
}

function finish(stage: Stage, ending: Exclude<Ending, string>): void {
  if ('half' in ending) sendHalf(stage, ending.half);
  else send(stage, ending);
}

function endingOf(action: Befalls['action'], stage: Stage): Ending {
  const { work, delayed } = stage;
  if (action === undefined) return work();
  switch (action.kind) {
    case 'drop-request':
      return 'drop';
    case 'hang':
      return 'hang';
    case 'commit-later':
      delayed.later(action.milliseconds, work);
      return 'drop';
    case 'status':
      return failure(action, stage);
    default:
      return afterWork(action, work(), stage);
  }
}

type Worked = Exclude<
  NonNullable<Befalls['action']>,
  { readonly kind: 'commit-later' | 'status' | 'drop-request' | 'hang' }
>;

/** The faults that hide a result: the work has been done. */
function afterWork(action: Worked, reply: Outcome, stage: Stage): Ending {
  if (reply === 'drop') return reply;
  switch (action.kind) {
    case 'drop-response':
      return 'drop';
    case 'hang-response':
      return 'hang';
    case 'truncate':
      return { half: reply };
    case 'empty':
      return { ...reply, text: '' };
    case 'html':
      return page(reply.status, 'Please sign in to the proxy');
    case 'commit-status':
      return failure(action, stage);
    default:
      return action satisfies never;
  }
}

function drop(stage: Stage): void {
  stage.response.socket?.destroy();
}

function send(stage: Stage, reply: Reply): void {
  stage.entry.status = reply.status;
  if (stage.response.destroyed) return;
  const body = Buffer.from(reply.text, 'utf8');
  stage.response.writeHead(reply.status, headers(reply, body)).end(body);
}

function sendHalf(stage: Stage, reply: Reply): void {
  stage.entry.status = reply.status;
  const body = Buffer.from(reply.text, 'utf8');
  stage.response.writeHead(reply.status, headers(reply, body));
  stage.response.write(body.subarray(0, Math.floor(body.length / 2)), () => drop(stage));
}

function headers(reply: Reply, body: Buffer): Record<string, string | number> {
  const kept: Record<string, string | number> = {};
  const wanted = { 'content-type': 'application/json; charset=utf-8', ...reply.headers, 'content-length': body.length };
  for (const [name, value] of Object.entries(wanted)) if (value !== undefined) kept[name] = value;
  return kept;
}

/** 502 to 504 come from whatever stands before the service, so they are pages; the rest is the service's own words. */
function failure(action: Extract<FaultAction, { readonly status: number }>, stage: Stage): Reply {
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
