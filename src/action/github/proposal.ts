import { atLeast, orNull, text } from '../../ledger/shape.ts';
import { id, type Sticky, says } from './comments.ts';
import { type Author, author, type IsOwn } from './identity.ts';
import type { Fate } from './issues.ts';
import { type GitHub, shaped } from './request.ts';

/** A pull request that is to be open. */
export interface Proposal extends Sticky {
  readonly branch: string;
  /** The branch that it is to be merged into. */
  readonly base: string;
  readonly title: string;
}

interface Open {
  readonly number: number;
  readonly title: string;
  readonly body: string | null;
  readonly user: Author | null;
}

const open = atLeast<Open>({ number: id, title: text, body: orNull(text), user: orNull(author) }, ['body', 'user']);
const made = atLeast<Pick<Open, 'number'>>({ number: id });

/** The one pull request of a branch: opened where there is none, written anew where it says something else. */
export async function keepProposal(github: GitHub, isOwn: IsOwn, wanted: Proposal): Promise<Fate> {
  const { branch, base, title, mark } = wanted;
  const body = `${mark}\n${wanted.body}`;
  const [first] = await proposals(github, branch);
  if (first === undefined) {
    const answer = await github.send('POST', '/pulls', { title, body, head: branch, base });
    return { became: 'opened', number: shaped(answer, made, 'POST /pulls').number };
  }
  const { number } = first;
  // What a person has opened for the branch is theirs to word.
  const isSettled = !isOwn(first.user) || (says(first.body, body) && first.title === title);
  if (isSettled) return { became: 'unchanged', number };
  await github.send('PATCH', `/pulls/${number}`, { title, body });
  return { became: 'updated', number };
}

/** Closes the pull request that was opened for a branch, saying why; undefined where none is open. */
export async function closeProposal(
  github: GitHub,
  isOwn: IsOwn,
  branch: string,
  why: string,
): Promise<Fate | undefined> {
  const found = (await proposals(github, branch)).find(({ user }) => isOwn(user));
  if (found === undefined) return undefined;
  const { number } = found;
  await github.send('POST', `/issues/${number}/comments`, { body: why });
  await github.send('PATCH', `/pulls/${number}`, { state: 'closed' });
  return { became: 'closed', number };
}

async function proposals(github: GitHub, branch: string): Promise<readonly Open[]> {
  const [owner = ''] = github.repository.split('/');
  const head = encodeURIComponent(`${owner}:${branch}`);
  const all = await github.list(`/pulls?state=open&head=${head}`, (page) => page, open);
  return all.toSorted((one, other) => one.number - other.number);
}
