import type { IncomingHttpHeaders } from 'node:http';
import type { Json } from './json.ts';

/** A request as an emulator's routes see it. */
export interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** Undefined where none was sent. */
  readonly body: Json | undefined;
  /** The body as it came; empty where none was sent, or one of more than 1 MiB. */
  readonly text: string;
  /** Why there is no usable body. */
  readonly unreadable: 'malformed' | 'too-large' | undefined;
  readonly authorization: string | undefined;
  readonly headers: IncomingHttpHeaders;
  /** `http://127.0.0.1:PORT`, for links in answers. */
  readonly origin: string;
}

/** An answer; `text` goes out as it is. */
export interface Reply {
  readonly status: number;
  readonly text: string;
  /** Undefined leaves out a header that goes out otherwise, such as the content type. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** Milliseconds between the work and its answer; none where absent. */
  readonly after?: number;
}

/** What an API makes of a request: an answer, or a connection that closes without one. */
export type Outcome = Reply | 'drop';

export function jsonReply(status: number, body: Json): Reply {
  return { status, text: JSON.stringify(body) };
}
