import { createHash } from 'node:crypto';
import { type Answer, type Identity, notFound } from './nouns.ts';

interface Commit {
  readonly tree: string;
  readonly parents: readonly string[];
  readonly message: string;
}

interface Entry {
  readonly path: string;
  readonly content?: string;
  readonly sha?: null;
}

interface Asked {
  readonly method: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly by: Identity;
}

/** The part of GitHub's API that makes trees, commits and branches. */
export class GitData {
  readonly branches = new Map<string, string>();
  readonly commits = new Map<string, Commit>();
  readonly trees = new Map<string, readonly Entry[]>();

  answer(path: string, { method, body, by }: Asked): Answer {
    const level = by.rights.contents;
    if (method === 'GET' ? level === undefined : level !== 'write')
      return { status: 403, body: { message: 'Resource not accessible by integration' } };
    const branch = decodeURIComponent(/^\/git\/refs?\/heads\/(.+)$/.exec(path)?.[1] ?? '');
    switch (`${method} ${branch === '' ? path.replace(/[0-9a-f]{40}$/, 'SHA') : '/git/ref'}`) {
      case 'POST /git/trees':
        return { status: 201, body: { sha: this.tree(body) } };
      case 'POST /git/commits':
        return { status: 201, body: { sha: this.commit(body as unknown as Commit) } };
      case 'GET /git/commits/SHA':
        return this.shown(path.slice(-40));
      case 'POST /git/refs':
        return this.point(String(body.ref).replace('refs/heads/', ''), String(body.sha), false);
      case 'PATCH /git/ref':
        return this.point(branch, String(body.sha), true);
      case 'DELETE /git/ref':
        return this.branches.delete(branch) ? { status: 204 } : notFound;
      case 'GET /git/ref': {
        const sha = this.branches.get(branch);
        return sha === undefined ? notFound : { status: 200, body: { ref: `refs/heads/${branch}`, object: { sha } } };
      }
      default:
        return notFound;
    }
  }

  /** What the last commit of a branch changes, by path. */
  filesOn(branch: string): Readonly<Record<string, string | null>> {
    const commit = this.commits.get(this.branches.get(branch) ?? '');
    const entries = this.trees.get(commit?.tree ?? '') ?? [];
    return Object.fromEntries(entries.map(({ path, content }) => [path, content ?? null]));
  }

  commit(wanted: Commit): string {
    const sha = hash([wanted.tree, wanted.parents, wanted.message, this.commits.size]);
    this.commits.set(sha, wanted);
    return sha;
  }

  private tree(body: Asked['body']): string {
    const entries = body.tree as readonly Entry[];
    const sha = hash([body.base_tree, entries]);
    this.trees.set(sha, entries);
    return sha;
  }

  private shown(sha: string): Answer {
    const found = this.commits.get(sha);
    if (found === undefined) return notFound;
    const { tree, parents, message } = found;
    return { status: 200, body: { sha, message, tree: { sha: tree }, parents: parents.map((one) => ({ sha: one })) } };
  }

  private point(branch: string, sha: string, isThere: boolean): Answer {
    if (this.branches.has(branch) !== isThere) return { status: 422, body: { message: 'Reference cannot be updated' } };
    this.branches.set(branch, sha);
    return { status: isThere ? 200 : 201, body: { ref: `refs/heads/${branch}`, object: { sha } } };
  }
}

function hash(value: unknown): string {
  return createHash('sha1').update(JSON.stringify(value)).digest('hex');
}
