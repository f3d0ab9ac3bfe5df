import { atLeast, orNull, type Shape, shape, text } from '../../ledger/shape.ts';
import { id, type Sticky, says } from './comments.ts';
import { type Author, author, type IsOwn } from './identity.ts';
import { type GitHub, shaped } from './request.ts';

interface Issue {
  readonly number: number;
  readonly title: string;
  readonly body: string | null;
  readonly user: Author | null;
  /** Pull requests are listed among the issues. */
  readonly pull_request: unknown;
}

const anything: Shape<unknown> = shape('anything', () => true);

const issue = atLeast<Issue>(
  { number: id, title: text, body: orNull(text), user: orNull(author), pull_request: anything },
  ['body', 'user', 'pull_request'],
);

/** What has become of the issue. */
export type Fate = { readonly became: 'opened' | 'updated' | 'unchanged' | 'closed'; readonly number: number };

/** One open issue with this mark: opened where there is none, written anew where it says something else. */
export async function keepIssue(
  github: GitHub,
  isOwn: IsOwn,
  said: Sticky & { readonly title: string },
): Promise<Fate> {
  const [first, ...rest] = await openIssues(github, isOwn, said.mark);
  const { title, mark } = said;
  const body = `${mark}\n${said.body}`;
  for (const one of rest) await close(github, one.number, `Followed up in #${first?.number}.`);
  if (first === undefined) {
    const made = await github.send('POST', '/issues', { title, body });
    return { became: 'opened', number: numberOf(made) };
  }
  const { number } = first;
  if (says(first.body, body) && first.title === title) return { became: 'unchanged', number };
  await github.send('PATCH', `/issues/${number}`, { title, body });
  return { became: 'updated', number };
}

/** Closes the issue with this mark, saying why; undefined where none is open. */
export async function closeIssue(github: GitHub, isOwn: IsOwn, mark: string, why: string): Promise<Fate | undefined> {
  const open = await openIssues(github, isOwn, mark);
  for (const one of open) await close(github, one.number, why);
  const [first] = open;
  return first === undefined ? undefined : { became: 'closed', number: first.number };
}

async function openIssues(github: GitHub, isOwn: IsOwn, mark: string): Promise<readonly Issue[]> {
  const all = await github.list('/issues?state=open', (page) => page, issue);
  return all
    .filter((one) => one.pull_request == null && (one.body ?? '').startsWith(mark) && isOwn(one.user ?? null))
    .toSorted((one, other) => one.number - other.number);
}

async function close(github: GitHub, number: number, why: string): Promise<void> {
  await github.send('POST', `/issues/${number}/comments`, { body: why });
  await github.send('PATCH', `/issues/${number}`, { state: 'closed', state_reason: 'completed' });
}

const made = atLeast<Pick<Issue, 'number'>>({ number: id });

function numberOf(value: unknown): number {
  return shaped(value, made, 'POST /issues').number;
}
