// What the stand-in for GitHub holds, in GitHub's words.

type Level = 'read' | 'write';

/** Whose a token is, and what it may do. What is not named it may not do. */
export interface Identity {
  readonly login: string;
  readonly type: 'Bot' | 'User';
  readonly rights: Readonly<Partial<Record<'pull-requests' | 'issues' | 'actions' | 'contents', Level>>>;
}

export interface Comment {
  readonly id: number;
  readonly issue: number;
  body: string;
  readonly user: { readonly login: string; readonly type: string };
}

export interface Issue {
  readonly number: number;
  title: string;
  body: string;
  state: 'open' | 'closed';
  readonly user: { readonly login: string; readonly type: string };
  readonly isPull: boolean;
}

export interface Pull {
  readonly number: number;
  head: { readonly sha: string; readonly repository: string | null };
  readonly base: string;
  merged: { readonly sha: string } | undefined;
  /** Commits that GitHub lists it for. */
  readonly commits: string[];
  /** Of one that was opened over the API. */
  ref?: string;
  title?: string;
  body?: string;
  user?: { readonly login: string; readonly type: string };
  closed?: boolean;
}

export interface Run {
  readonly id: number;
  readonly event: string;
  readonly headSha: string;
  readonly path: string;
  readonly headRepository: string | null;
  conclusion: string | null;
  /** What the runner is given. */
  readonly runtimeToken: string;
}

export interface Artefact {
  readonly id: number;
  readonly name: string;
  readonly run: number;
  readonly expiresAt: string | undefined;
  expired: boolean;
  content: Buffer;
}

/** How the next answers differ from the usual ones. */
export interface Fault {
  readonly method?: string;
  readonly path: RegExp;
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly message?: string;
  /** In place of a message. */
  readonly body?: unknown;
  /** How often; for ever where it is left out. */
  times?: number;
}

/** A request as it arrived. */
export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly authorised: boolean;
}

/** What is answered. */
export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export const notFound: Answer = {
  status: 404,
  body: { message: 'Not Found', documentation_url: 'https://docs.github.com/rest' },
};
