/** A place in a user's file. Lines and columns start at 1; `file` is relative to the project and uses `/`. */
export interface Origin {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** A problem in what the user wrote. Collected, never thrown. */
export interface Diagnostic {
  readonly severity: 'error' | 'warning';
  /** Stable, kebab-case, for example `unknown-field`. */
  readonly code: string;
  /** One sentence of fact. */
  readonly message: string;
  /** One sentence of help. */
  readonly hint: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The file may hold secrets anywhere: no report shows a line of it. */
  readonly unquoted?: true;
}

/** A problem inside one document, before anybody has looked up where in the file it is. */
export interface Problem {
  readonly severity: 'error' | 'warning';
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  /** JSON Pointer from the root of the manifest (so `/spec/...`). */
  readonly path: string;
  /** Point at the key rather than at its value (unknown, deprecated or misplaced keys). */
  readonly at: 'key' | 'value';
}
