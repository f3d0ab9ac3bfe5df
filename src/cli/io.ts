/** Where text goes: `process.stdout`, or a list in a test. */
export interface Sink {
  readonly isTTY?: boolean | undefined;
  write(text: string): unknown;
}

/** Everything a command may know or touch of the world around it. Nothing below `main.ts` reaches for `process`. */
export interface Io {
  /** Results. */
  readonly stdout: Sink;
  /** Progress, warnings and errors. */
  readonly stderr: Sink;
  /** Read only to ask a question, and only where it is a terminal. */
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean | undefined };
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute path that relative paths start from. */
  readonly cwd: string;
  /** Told once something was, or may have been, changed at a service. */
  readonly changed?: (() => void) | undefined;
  /** Aborts at the first Ctrl-C: finish what is in flight, begin nothing. */
  readonly signal: AbortSignal;
}
