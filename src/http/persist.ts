import { ProviderError } from '../model/errors.ts';
import type { RequestWait } from '../model/wait.ts';
import { attempt, type Client, fullPath, nameOf, type Revocable } from './attempt.ts';
import { type Pacer, patience } from './back-off.ts';
import type { HttpAnswer, HttpRequest } from './client.ts';
import { type Failure, providerError } from './failure.ts';
import { maxTries, waitBefore } from './retry.ts';

/** What may stand between a request and the network; asked anew for every try. */
export interface Switches {
  readonly pacer: Pacer;
  /** Throws where the write switch forbids the request. */
  readonly assertAllowed: () => void;
  /** Does the allowance outlast one more try? */
  readonly hasTime: () => boolean;
  /** May it not be sent any more because something else has failed? */
  readonly isBarred: () => boolean;
  /** Has the service rejected the token of this client? */
  readonly isRevoked: () => boolean;
  /** Aborted where the client is closed. */
  readonly ended: AbortSignal;
}

/** Tries until it succeeds, must not be tried again, or has been tried often enough. Throws ProviderError. */
export async function persist(client: Client, request: HttpRequest, switches: Switches): Promise<HttpAnswer> {
  const { pacer } = switches;
  let last: ProviderError | undefined;
  for (let tries = 1; ; ) {
    switches.assertAllowed();
    // What cannot be sent in any case does not wait for its turn.
    const known = obstacleTo(client, request, switches);
    if (known !== undefined) throw worse(last, known);
    const turn = await pacer.enter();
    const obstacle = turn === 'spent' ? limitedTooLong(client, request) : obstacleTo(client, request, switches);
    if (obstacle !== undefined) {
      if (turn === 'go') pacer.leave(false);
      throw worse(last, obstacle);
    }
    if (turn !== 'go') {
      // What only reads, and has not been sent yet, may still be.
      if (last !== undefined) throw last;
      continue;
    }
    const started = client.now();
    const recalled = () => recall(client, request, switches);
    const cut = isWrite(request) ? undefined : switches.ended;
    const result = await allowed(client, request, switches, { recalled, cut });
    const took = `${client.now() - started} ms`;
    if (!('error' in result)) {
      pacer.leave(true);
      note(client, request, `${result.status} ${took}`);
      return result;
    }
    last = last?.fate === 'unknown' ? inDoubt(result.error) : result.error;
    const next = await again(client, request, switches, { result, tries, took });
    if (!next) throw last;
    if (result.reason !== 'limited') tries += 1;
    if (client.signal?.aborted === true || !switches.hasTime()) throw last;
  }
}

/** One try. Where the write switch has been thrown while it waited for its turn, the turn goes back. */
async function allowed(
  client: Client,
  request: HttpRequest,
  { assertAllowed, pacer }: Switches,
  revocable: Revocable,
): Promise<HttpAnswer | Failure> {
  try {
    assertAllowed();
  } catch (error) {
    pacer.leave(false);
    throw error;
  }
  return attempt(client, request, revocable);
}

interface Tried {
  readonly result: Failure;
  readonly tries: number;
  readonly took: string;
}

/** Waits for the next try, or says that there is none. A 429 is waited out by all calls together, before their next turn. */
async function again(
  client: Client,
  request: HttpRequest,
  { pacer, ended }: Switches,
  { result, tries, took }: Tried,
): Promise<boolean> {
  const status = result.error.status;
  const over =
    (status !== undefined && request.final?.includes(status) === true) ||
    client.signal?.aborted === true ||
    ended.aborted;
  const said = `${status ?? 'no answer'} ${took}`;
  if (result.reason === 'limited') {
    const wait = over ? pacer.leave(false) : pacer.refused(result.retryAfter);
    const how =
      wait?.fresh === true ? `all requests to this host wait ${wait.milliseconds} ms` : 'waits with the others';
    note(client, request, wait === undefined ? said : `${said}, ${how}`);
    if (wait?.fresh === true) tell(client, request, { reason: 'rate-limit', result, tries, wait: wait.milliseconds });
    return wait !== undefined;
  }
  // A refusal of this one call is an answer all the same.
  pacer.leave(result.error.fate === 'refused');
  const silent = request.brief === true && result.error.status === undefined;
  const repeatable =
    !silent && (request.repeatable === true || request.method === 'GET' || request.method === 'DELETE');
  const clock = { now: client.now(), random: client.random() };
  const wait = over ? undefined : waitBefore(result, tries, { repeatable }, clock);
  note(client, request, wait === undefined ? said : `${said}, again in ${wait} ms (try ${tries} of ${maxTries})`);
  if (wait === undefined) return false;
  tell(client, request, { reason: 'retry', result, tries, wait });
  await client.sleep(wait, client.signal);
  return true;
}

interface Waiting extends Pick<Tried, 'result' | 'tries'> {
  readonly reason: RequestWait['reason'];
  readonly wait: number;
}

function tell(client: Client, request: HttpRequest, { reason, result, tries, wait }: Waiting): void {
  const { method, path } = nameOf(client, request);
  client.waits?.({
    reason,
    request: client.redact(`${method} ${path}`),
    status: result.error.status ?? null,
    milliseconds: wait,
    tries,
    most: maxTries,
  });
}

/** Does the request change anything that the service keeps? */
export function isWrite(request: HttpRequest): boolean {
  return request.method !== 'GET' && !(request.method === 'POST' && request.harmless === true);
}

function obstacleTo(client: Client, request: HttpRequest, switches: Switches): ProviderError | undefined {
  if (isWrite(request) && client.signal?.aborted === true) return unsent(client, request, 'interrupted');
  return recall(client, request, switches);
}

/** Why it must not be sent any more, if so; asked up to the first byte. */
function recall(client: Client, request: HttpRequest, switches: Switches): ProviderError | undefined {
  // Whoever sends on with a key that was taken away may be locked out, and is told the same each time.
  if (switches.isRevoked() && request.credential === undefined) {
    return unsent(client, request, `the token was rejected by ${client.base.host}`, 401);
  }
  if (switches.isBarred()) return unsent(client, request, 'nothing is deleted after an error');
  if (switches.ended.aborted && !isWrite(request)) return unsent(client, request, 'nobody waits for it any more');
  if (switches.hasTime()) return undefined;
  return unsent(client, request, 'this run may no longer hold the lock of its target');
}

function limitedTooLong(client: Client, request: HttpRequest): ProviderError {
  const minutes = Math.round(patience / 60_000);
  return unsent(client, request, `${client.base.host} has answered nothing but 429 for ${minutes} minutes`, 429);
}

function unsent(client: Client, request: HttpRequest, why: string, status?: number): ProviderError {
  const facts = { fate: 'unsent', ...(status === undefined ? {} : { status }) } as const;
  return providerError(nameOf(client, request), `was not sent: ${why}`, facts, client.redact);
}

/** What an earlier try left open counts for more than why there is no further one; a rejected token explains everything else. */
function worse(last: ProviderError | undefined, obstacle: ProviderError): ProviderError {
  if (last === undefined) return obstacle;
  return obstacle.status === 401 && last.fate !== 'unknown' ? obstacle : last;
}

/** An earlier try may have been carried out, whatever became of the last one. */
function inDoubt(error: ProviderError): ProviderError {
  const { message, method, path, status, serverMessage, doubt } = error;
  return new ProviderError(message, { method, path, status, serverMessage, doubt, fate: 'unknown' });
}

function note(client: Client, request: HttpRequest, what: string): void {
  client.log?.(client.redact(`${request.method} ${fullPath(client, request)} ${what}`));
}
