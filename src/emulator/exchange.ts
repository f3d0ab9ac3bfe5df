import type { Json } from './json.ts';

/** A request as an emulator's routes see it. */
export interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** Undefined where none was sent. */
  readonly body: Json | undefined;
  /** Why there is no usable body. */
  readonly unreadable: 'malformed' | 'too-large' | undefined;
  readonly authorization: string | undefined;
  /** `http://127.0.0.1:PORT`, for links in answers. */
  readonly origin: string;
}

/** An answer; `text` goes out as it is. */
export interface Reply {
  readonly status: number;
  readonly text: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export function jsonReply(status: number, body: Json): Reply {
  return { status, text: JSON.stringify(body) };
}
