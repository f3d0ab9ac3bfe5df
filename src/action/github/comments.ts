import { atLeast, orNull, type Shape, shape, text } from '../../ledger/shape.ts';
import { type Author, author, type IsOwn } from './identity.ts';
import type { GitHub } from './request.ts';

interface Comment {
  readonly id: number;
  readonly body: string | null;
  readonly user: Author | null;
}

export const id: Shape<number> = shape('an id', (value) => Number.isSafeInteger(value) && Number(value) > 0);

const comment = atLeast<Comment>({ id, body: orNull(text), user: orNull(author) }, ['body', 'user']);

/**
 * Says something at a pull request or an issue, once: the comment that begins with the same mark and is this token's own is written
 * anew. Were two jobs to write one each at the same moment, the next one removes what is too much.
 */
export async function stick(github: GitHub, isOwn: IsOwn, number: number, said: Sticky): Promise<void> {
  const path = `/issues/${number}/comments`;
  const body = `${said.mark}\n${said.body}`;
  const all = await github.list(path, (page) => page, comment);
  const own = all.filter((one) => (one.body ?? '').startsWith(said.mark) && isOwn(one.user ?? null));
  const [first, ...rest] = own.toSorted((one, other) => one.id - other.id);
  if (first === undefined) {
    await github.send('POST', path, { body });
    return;
  }
  if (!says(first.body, body)) await github.send('PATCH', `/issues/comments/${first.id}`, { body });
  for (const one of rest) await github.send('DELETE', `/issues/comments/${one.id}`);
}

/** GitHub may cut what nobody sees off the end. */
export function says(found: string | null, body: string): boolean {
  return found?.replaceAll('\r\n', '\n').trimEnd() === body.trimEnd();
}

/** What a comment says, below a mark that nobody sees. */
export interface Sticky {
  readonly mark: string;
  readonly body: string;
}
