import { isList, isObject, type Json, type JsonObject } from './json.ts';

/** One request that reached the emulator; control routes are not logged. */
export interface LoggedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** What was sent, with the values of `credentials` left out. Undefined where there was no readable body. */
  readonly body: Json | undefined;
  /** The status that was answered; undefined where no answer went out (yet). */
  readonly status: number | undefined;
  /** Arrival, in milliseconds since 1970. */
  readonly at: number;
}

/** The part of an entry that is known only later. */
export interface OpenEntry {
  body: Json | undefined;
  status: number | undefined;
}

export interface RequestLog {
  readonly entries: readonly LoggedRequest[];
  readonly maxInFlight: number;
  /** Notes an arrival. */
  open(method: string, url: URL): OpenEntry;
  /** Notes that a request is over, answered or not. */
  done(): void;
  clear(): void;
}

/** A server that runs for days keeps its newest requests only. */
const keep = 100_000;

export function requestLog(now: () => number): RequestLog {
  const entries: (LoggedRequest & OpenEntry)[] = [];
  let inFlight = 0;
  let maxInFlight = 0;
  return {
    entries,
    get maxInFlight() {
      return maxInFlight;
    },
    open: (method, url) => {
      inFlight += 1;
      maxInFlight = Math.max(maxInFlight, inFlight);
      const query = Object.fromEntries(url.searchParams);
      const entry = { method, path: url.pathname, query, body: undefined, status: undefined, at: now() };
      if (entries.length >= keep) entries.splice(0, keep / 10);
      entries.push(entry);
      return entry;
    },
    done: () => {
      inFlight -= 1;
    },
    clear: () => {
      entries.length = 0;
      maxInFlight = inFlight;
    },
  };
}

/** A body fit for the log: whatever stands under `credentials` is not kept. */
export function loggable(body: Json | undefined): Json | undefined {
  if (isList(body)) return body.map((item) => loggable(item) ?? null);
  if (!isObject(body)) return body;
  const kept: Record<string, Json | undefined> = {};
  for (const [key, value] of Object.entries(body)) kept[key] = key === 'credentials' ? '***' : loggable(value);
  const copy: JsonObject = kept;
  return copy;
}
