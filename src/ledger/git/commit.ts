import type { Repository } from './repository.ts';
import type { Edits } from './tree.ts';

/** A commit to be made. */
export interface Draft {
  readonly message: string;
  /** Person or CI run. */
  readonly actor: string;
  readonly at: Date;
  readonly edits: Edits;
}

/**
 * Makes commits on top of `parent`, one after the other, through one process, and returns the name of the last. No ref moves,
 * and no index or work tree is touched.
 */
export async function makeCommits(
  { git, nothing }: Repository,
  parent: string | undefined,
  drafts: readonly Draft[],
): Promise<string> {
  const marks = await git.text(['fast-import', '--quiet'], stream(parent, drafts, nothing));
  return marks.split('\n').at(-1) ?? '';
}

/** git asks for a ref to write to; this one is taken back before the end, so that it never comes into being. */
const scratch = 'refs/syncline-scratch';

function* stream(parent: string | undefined, drafts: readonly Draft[], nothing: string): Generator<string> {
  yield 'feature done\n';
  let from = parent;
  let mark = 0;
  for (const { message, actor, at, edits } of drafts) {
    mark += 1;
    yield `commit ${scratch}\nmark :${mark}\n`;
    yield `committer ${plainName(actor)} <syncline@localhost> ${Math.floor(at.getTime() / 1000)} +0000\n`;
    yield data(message);
    if (from !== undefined) yield `from ${from}\n`;
    for (const [path, text] of edits) {
      yield text === null ? `D ${path}\n` : `M 100644 inline ${path}\n${data(text)}`;
    }
    from = `:${mark}`;
  }
  yield `get-mark :${mark}\nreset ${scratch}\nfrom ${nothing}\n\ndone\n`;
}

function data(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}\n`;
}

/** What git allows in a name. */
function plainName(actor: string): string {
  return actor.replaceAll(/[<>\p{Cc}]/gu, '').trim() || 'unknown';
}
