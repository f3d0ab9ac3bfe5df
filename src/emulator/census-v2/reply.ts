import { jsonReply, type Reply } from '../exchange.ts';
import { isList, isObject, type Json, type JsonObject, objectIn, textAt } from '../json.ts';
import type { Switches } from './switches.ts';

/** A refusal; `worded` writes its status as the switches say. */
export function refused(message: string, status = 400): Reply {
  return jsonReply(status, { status, message });
}

export function isFailure({ status }: Reply): boolean {
  return status >= 400;
}

/** `data` of an answer of version 1 shown as version 2 does, thing by thing; failures, and answers without `data`, as they are. */
export function shown(reply: Reply, show: (thing: JsonObject) => Json): Reply {
  const answer = isFailure(reply) ? undefined : objectIn(reply.text);
  if (answer === undefined) return reply;
  const { data, next: _, ...rest } = answer;
  if (data === undefined) return jsonReply(reply.status, rest);
  const { status, ...more } = rest;
  return jsonReply(reply.status, { status, data: dataShown(data, show), ...more });
}

function dataShown(data: Json, show: (thing: JsonObject) => Json): Json {
  const one = (item: Json) => (isObject(item) ? show(item) : item);
  return isList(data) ? data.map(one) : one(data);
}

/**
 * An answer in the words of version 2: a failure has its HTTP status as `status`, and at most a message. With `softErrors` what is not
 * found, or is refused, is a success whose `status` says otherwise.
 */
export function worded(reply: Reply, { softErrors, statusType }: Switches): Reply {
  if (!isFailure(reply)) return reply;
  const message = textAt(objectIn(reply.text) ?? {}, 'message');
  const more = message === undefined ? {} : { message };
  if (softErrors && [400, 404, 422].includes(reply.status)) {
    return jsonReply(200, { status: reply.status === 404 ? 'not_found' : 'error', ...more });
  }
  return jsonReply(reply.status, { status: statusType === 'int' ? reply.status : String(reply.status), ...more });
}
