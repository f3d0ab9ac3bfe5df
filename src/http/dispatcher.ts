/** What is asked of an undici dispatcher, said here so that the published types need no undici. */
export interface HttpDispatcher {
  request(options: {
    readonly origin: string;
    readonly path: string;
    readonly method: string;
    readonly headers: Record<string, string>;
    readonly body: string | null;
    /** Milliseconds. */
    readonly headersTimeout: number;
    readonly bodyTimeout: number;
    readonly signal: AbortSignal;
    /** Why it must not be sent any more, if so; asked right before the first byte. */
    readonly recalled?: () => Error | undefined;
    /** Once aborted, the request is cut off. */
    readonly cut?: AbortSignal | undefined;
  }): Promise<HttpResponse>;
  /** Waits for what is in flight. */
  close(): Promise<void>;
  /** Cuts off what is in flight. */
  destroy(): Promise<void>;
}

export interface HttpResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: HttpBody;
}

/** The readable stream of an answer, as far as it is used. */
export interface HttpBody extends AsyncIterable<Uint8Array> {
  on(event: 'data', listener: (chunk: Uint8Array) => void): unknown;
  on(event: 'end' | 'close', listener: () => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  destroy(): unknown;
}
