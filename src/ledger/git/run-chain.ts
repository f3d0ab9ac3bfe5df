import { draftsTo } from './chain.ts';
import { type Head, keepHere, look, prepare, publish } from './head.ts';
import { unreachable } from './remote.ts';
import type { Tree } from './tree.ts';

/** The chain as a run in progress goes on with it. */
export interface Chain {
  /** Adds a commit with this tree; `moved` where somebody else has written meanwhile. Throws where it cannot be written. */
  write(tree: Tree, what: string): Promise<'done' | 'moved'>;
  /** Keeps the tree in this clone alone. */
  keep(tree: Tree, what: string): Promise<void>;
}

/** A chain that ends at `start`, which has the tree `first`. `whole` gives what is to be recorded of a tree. */
export function openChain(
  start: Head,
  first: Tree,
  actor: string,
  now: () => Date,
  whole: (tree: Tree) => Tree,
): Chain {
  let at = start;
  let held = first;
  const tried = new Map<string, Tree>();

  async function commitOf(tree: Tree, what: string): Promise<string> {
    const next = whole(tree);
    const commit = await prepare(at, draftsTo(held, next, what, actor, now()));
    tried.set(commit, next);
    return commit;
  }

  async function attempt(tree: Tree, what: string): Promise<'done' | 'moved'> {
    const commit = await commitOf(tree, what);
    const next = await publish(at, commit);
    if (next === 'moved') return 'moved';
    at = next;
    held = tried.get(commit) ?? tree;
    tried.clear();
    return 'done';
  }

  /** The answer to a push may have been lost although it was carried out: then it was this run that has written meanwhile. */
  async function catchUp(): Promise<boolean> {
    const { repository, ref } = at;
    const { here, there } = await look(repository, [ref]);
    if (there !== undefined && 'unreachable' in there) throw unreachable(repository.remote ?? '', there.unreachable);
    const commit = there === undefined ? here.get(ref) : there.refs.get(ref);
    const landed = commit === undefined ? undefined : tried.get(commit);
    if (landed === undefined) return false;
    at = { ...at, commit, shared: commit };
    held = landed;
    return true;
  }

  return {
    write: async (tree, what) => {
      const result = await attempt(tree, what);
      return result === 'moved' && (await catchUp()) ? attempt(tree, what) : result;
    },
    keep: async (tree, what) => keepHere(at, await commitOf(tree, what)),
  };
}
