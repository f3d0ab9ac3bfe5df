import { type Exchange, jsonReply, type Reply } from './exchange.ts';
import type { FaultBook } from './fault-book.ts';
import { EmulatorInputError } from './input-problem.ts';
import { isList, isObject, type Json } from './json.ts';
import type { RequestLog } from './request-log.ts';

/** Paths of the emulator itself; they need no token, are not logged, and no fault touches them. */
export const controlPrefix = '/__emulator/';

/**
 * `GET /__emulator/faults` lists the rules in force, `POST` adds (`{"rules": ["GET /syncs:500:1"]}`, with
 * `"clear": true` instead of the old ones), `DELETE` clears. `GET /__emulator/requests` shows the log, `DELETE` empties it.
 */
export function control(exchange: Exchange, faults: FaultBook, log: RequestLog): Reply {
  switch (`${exchange.method} ${exchange.path.slice(controlPrefix.length)}`) {
    case 'GET faults':
      return jsonReply(200, { faults: faults.list() });
    case 'POST faults':
      return changeFaults(exchange.body, faults);
    case 'DELETE faults':
      faults.clear();
      return jsonReply(200, { faults: [] });
    case 'GET requests':
      return { status: 200, text: JSON.stringify({ requests: log.entries, max_in_flight: log.maxInFlight }) };
    case 'DELETE requests':
      log.clear();
      return jsonReply(200, { requests: [] });
    default:
      return jsonReply(404, { message: 'The emulator has /__emulator/faults and /__emulator/requests.' });
  }
}

function changeFaults(body: Json | undefined, faults: FaultBook): Reply {
  const rules = isObject(body) && isList(body.rules) ? body.rules.map(String) : undefined;
  if (!isObject(body) || (rules === undefined && body.clear !== true)) {
    return jsonReply(400, {
      message: 'The body needs "rules", a list of fault rules.',
      hint: 'Send {"rules": ["GET /syncs:500:1"]}.',
    });
  }
  try {
    faults.add(rules ?? [], body.clear === true);
  } catch (error) {
    if (!(error instanceof EmulatorInputError)) throw error;
    return jsonReply(400, { message: error.message, hint: error.hint });
  }
  return jsonReply(200, { faults: faults.list() });
}
