import { atLeast, fits, text } from '../../ledger/shape.ts';
import { GitHubError } from './error.ts';
import type { GitHub } from './request.ts';

/** Who wrote a comment or an issue. */
export interface Author {
  readonly login: string;
  readonly type: string;
}

export const author = atLeast<Author>({ login: text, type: text });

/** Did whoever this token stands for write it? */
export type IsOwn = (author: Author | null) => boolean;

/** What the token of an app or a job does not learn from REST, it learns from GraphQL. */
const question = 'query { viewer { login } }';

interface Viewer {
  readonly data: { readonly viewer: { readonly login: string } };
}

const viewer = atLeast<Viewer>({
  data: atLeast<Viewer['data']>({ viewer: atLeast<{ login: string }>({ login: text }) }),
});

/**
 * Tells what is this token's own. Where GitHub does not say whose token it is, any bot may be meant: then the hidden mark decides,
 * and nothing that a person wrote is ever touched.
 */
export async function openIdentity(github: GitHub): Promise<IsOwn> {
  const login = await viewerOf(github);
  return (by) => {
    if (by === null) return false;
    if (login === undefined) return by.type === 'Bot';
    return by.login === login || (by.type === 'Bot' && by.login === `${login}[bot]`);
  };
}

async function viewerOf(github: GitHub): Promise<string | undefined> {
  try {
    const answer = await github.ask(question);
    return fits(viewer, answer) ? answer.data.viewer.login : undefined;
  } catch (error) {
    if (error instanceof GitHubError) return undefined;
    throw error;
  }
}
