import { jsonReply, type Reply } from '../exchange.ts';
import type { Json, JsonObject } from '../json.ts';

export function success(data: Json): Reply {
  return jsonReply(200, { status: 'success', data });
}

export function created(data: JsonObject, status = 201): Reply {
  return jsonReply(status, { status: 'created', data });
}

export function updated(data: Json): Reply {
  return jsonReply(200, { status: 'updated', data });
}

export function deleted(): Reply {
  return jsonReply(200, { status: 'deleted' });
}

export function refused(message: string, status: number): Reply {
  return jsonReply(status, { status: 'error', message });
}

/** On these three `status` is the number, not a word. */
export function unauthorised(): Reply {
  return jsonReply(401, { status: 401 });
}

export function forbidden(message: string): Reply {
  return jsonReply(403, { status: 403, message });
}

export function notFound(): Reply {
  return jsonReply(404, { status: 404 });
}
