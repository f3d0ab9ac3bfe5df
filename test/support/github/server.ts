import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GitData } from './git-data.ts';
import { Keeper } from './keeper.ts';
import {
  type Answer,
  type Artefact,
  type Comment,
  type Fault,
  type Identity,
  type Issue,
  notFound,
  type Pull,
  type Run,
  type Seen,
} from './nouns.ts';

// A stand-in for GitHub, written from its documented REST API and from what `actions/upload-artifact` sends. It holds the state of one
// repository and answers as GitHub does: with pages, rights, limits, and archives that lie at another host.

export interface GitHubStandIn {
  readonly url: string;
  readonly repository: string;
  readonly tokens: Map<string, Identity>;
  readonly comments: Comment[];
  readonly issues: Issue[];
  readonly pulls: Pull[];
  readonly runs: Run[];
  readonly artefacts: Artefact[];
  readonly faults: Fault[];
  readonly seen: Seen[];
  /** Branches and commits that were made over the API. */
  readonly data: GitData;
  /** Of lists; GitHub gives 100 at most. */
  pageSize: number;
  /** Does GraphQL say whose a token is? */
  knowsViewer: boolean;
  startRun(run: Pick<Run, 'event' | 'headSha'> & Partial<Run>): Run;
  /** Keeps an archive, as any workflow may. */
  forge(run: Run, name: string, content: Buffer): Artefact;
  close(): Promise<void>;
}

interface Asked {
  readonly method: string;
  readonly url: URL;
  readonly body: Record<string, unknown>;
  readonly by: Identity;
}

export const workflow = '.github/workflows/syncs.yml';

export async function startGitHub(repository = 'acme/syncs'): Promise<GitHubStandIn> {
  const state = new State(repository);
  const api = createServer((request, response) => void answer(request, response, (raw) => state.api(request, raw)));
  const blobs = createServer(
    (request, response) => void answer(request, response, (raw) => state.keeper.blob(request, raw)),
  );
  [state.url, state.blobUrl] = [await listening(api), await listening(blobs)];
  state.stop = async () => {
    await Promise.all([closed(api), closed(blobs)]);
  };
  return state;
}

async function answer(request: IncomingMessage, response: ServerResponse, act: (raw: Buffer) => Answer): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const { status, body, headers = {} } = act(Buffer.concat(chunks));
  const raw = Buffer.isBuffer(body);
  response.writeHead(status, {
    'content-type': raw ? 'application/zip' : 'application/json; charset=utf-8',
    ...headers,
  });
  response.end(body === undefined ? undefined : raw ? body : JSON.stringify(body));
}

async function listening(server: Server): Promise<string> {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port }: AddressInfo = server.address() as AddressInfo;
  return `http://127.0.0.1:${port}`;
}

async function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise<void>((done) => server.close(() => done()));
}

const notAllowed: Answer = { status: 403, body: { message: 'Resource not accessible by integration' } };
const empty: Answer = { status: 204 };

class State implements GitHubStandIn {
  readonly repository: string;
  url = '';
  blobUrl = '';
  stop: () => Promise<void> = async () => undefined;
  readonly tokens = new Map<string, Identity>();
  readonly comments: Comment[] = [];
  readonly issues: Issue[] = [];
  readonly pulls: Pull[] = [];
  readonly runs: Run[] = [];
  readonly artefacts: Artefact[] = [];
  readonly faults: Fault[] = [];
  readonly seen: Seen[] = [];
  pageSize = 100;
  knowsViewer: boolean = true;
  private next = 1000;
  readonly keeper = new Keeper(this);
  readonly data = new GitData();

  constructor(repository: string) {
    this.repository = repository;
  }

  close(): Promise<void> {
    return this.stop();
  }

  startRun(given: Pick<Run, 'event' | 'headSha'> & Partial<Run>): Run {
    const id = ++this.next;
    const claims = Buffer.from(JSON.stringify({ scp: `Actions.GenericRead:1 Actions.Results:run-${id}:job-${id}` }));
    const run: Run = {
      id,
      path: workflow,
      headRepository: this.repository,
      conclusion: null,
      runtimeToken: `e30.${claims.toString('base64url')}.signature${id}`,
      ...given,
    };
    this.runs.push(run);
    return run;
  }

  forge(run: Run, name: string, content: Buffer): Artefact {
    const made = { id: ++this.next, name, run: run.id, expiresAt: undefined, expired: false, content };
    this.artefacts.push(made);
    return made;
  }

  api(request: IncomingMessage, raw: Buffer): Answer {
    const url = new URL(request.url ?? '/', this.url);
    const method = request.method ?? '';
    const body: Record<string, unknown> = raw.length === 0 ? {} : JSON.parse(raw.toString('utf8'));
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
    this.seen.push({ method, path: url.pathname, body, authorised: token !== undefined });
    const fault = this.faults.find(
      (one) => (one.method ?? method) === method && one.path.test(url.pathname) && one.times !== 0,
    );
    if (fault !== undefined) {
      if (fault.times !== undefined) fault.times -= 1;
      return {
        status: fault.status,
        body: fault.body ?? { message: fault.message ?? 'Fault' },
        headers: fault.headers ?? {},
      };
    }
    if (url.pathname.startsWith('/twirp/')) return this.keeper.call(url.pathname.split('/').at(-1) ?? '', token, body);
    const by = this.tokens.get(token ?? '');
    if (by === undefined) return { status: 401, body: { message: 'Bad credentials' } };
    if (url.pathname === '/graphql') return this.graphql(by);
    const root = `/repos/${this.repository}`;
    if (!url.pathname.startsWith(`${root}/`)) return notFound;
    return this.route(url.pathname.slice(root.length), { method, url, body, by });
  }

  private graphql(by: Identity): Answer {
    if (!this.knowsViewer)
      return { status: 200, body: { data: null, errors: [{ message: 'Resource not accessible' }] } };
    return { status: 200, body: { data: { viewer: { login: by.login } } } };
  }

  private route(path: string, asked: Asked): Answer {
    const number = (index: number) => Number(path.split('/')[index]);
    const { method } = asked;
    if (/^\/issues\/\d+\/comments$/.test(path)) return this.commentsOf(number(2), asked);
    if (/^\/issues\/comments\/\d+$/.test(path)) return this.comment(number(3), asked);
    if (path === '/issues') return this.issueList(asked);
    if (/^\/issues\/\d+$/.test(path) && method === 'PATCH') return this.issue(number(2), asked);
    if (/^\/commits\/[^/]+\/pulls$/.test(path)) return this.pullsOf(path.split('/')[2] ?? '', asked);
    if (path === '/pulls') return method === 'POST' ? this.openPull(asked) : this.pullList(asked);
    if (/^\/pulls\/\d+$/.test(path))
      return method === 'PATCH' ? this.changePull(number(2), asked) : this.pull(number(2), asked);
    if (path.startsWith('/git/')) return this.data.answer(path, asked);
    if (path === '/actions/artifacts') return this.artefactList(asked);
    if (/^\/actions\/artifacts\/\d+\/zip$/.test(path)) return this.archive(number(3), asked);
    if (/^\/actions\/runs\/\d+$/.test(path)) return this.run(number(3), asked);
    return notFound;
  }

  /** Comments at pull requests need the right for those, at issues the right for these. */
  private may({ by, method }: Asked, issue: number): boolean {
    const right = this.pulls.some((one) => one.number === issue) ? 'pull-requests' : 'issues';
    const level = by.rights[right];
    return method === 'GET' ? level !== undefined : level === 'write';
  }

  private commentsOf(issue: number, asked: Asked): Answer {
    const { method, body, by } = asked;
    if (!this.pulls.some((one) => one.number === issue) && !this.issues.some((one) => one.number === issue))
      return notFound;
    if (!this.may(asked, issue)) return notAllowed;
    if (method === 'GET') return this.page(asked, this.comments.filter((one) => one.issue === issue).map(shownComment));
    const text = String(body.body);
    if (text.length > 65_536) return invalid('body is too long (maximum is 65536 characters)');
    const made = { id: ++this.next, issue, body: text, user: { login: by.login, type: by.type } };
    this.comments.push(made);
    return { status: 201, body: shownComment(made) };
  }

  private comment(id: number, asked: Asked): Answer {
    const index = this.comments.findIndex((one) => one.id === id);
    const found = this.comments[index];
    if (found === undefined) return notFound;
    if (!this.may(asked, found.issue)) return notAllowed;
    if (asked.method === 'DELETE') {
      this.comments.splice(index, 1);
      return empty;
    }
    const text = String(asked.body.body);
    if (text.length > 65_536) return invalid('body is too long (maximum is 65536 characters)');
    found.body = text;
    return { status: 200, body: shownComment(found) };
  }

  private issueList(asked: Asked): Answer {
    const { method, body, by, url } = asked;
    const level = by.rights.issues;
    if (method === 'GET' ? level === undefined : level !== 'write') return notAllowed;
    if (method === 'GET') {
      const state = url.searchParams.get('state') ?? 'open';
      const all = this.issues.filter((one) => state === 'all' || one.state === state).toReversed();
      return this.page(asked, all.map(shownIssue));
    }
    const made: Issue = {
      number: ++this.next,
      title: String(body.title),
      body: String(body.body),
      state: 'open',
      user: { login: by.login, type: by.type },
      isPull: false,
    };
    this.issues.push(made);
    return { status: 201, body: shownIssue(made) };
  }

  private issue(number: number, { by, body }: Asked): Answer {
    const found = this.issues.find((one) => one.number === number);
    if (found === undefined) return notFound;
    if (by.rights.issues !== 'write') return notAllowed;
    if (typeof body.title === 'string') found.title = body.title;
    if (typeof body.body === 'string') found.body = body.body;
    if (body.state === 'closed' || body.state === 'open') found.state = body.state;
    return { status: 200, body: shownIssue(found) };
  }

  private pullsOf(sha: string, asked: Asked): Answer {
    if (asked.by.rights['pull-requests'] === undefined) return notAllowed;
    const found = this.pulls.filter((one) => one.commits.includes(sha) || one.merged?.sha === sha);
    return this.page(
      asked,
      found.map((one) => this.shownPull(one)),
    );
  }

  private pullList(asked: Asked): Answer {
    if (asked.by.rights['pull-requests'] === undefined) return notAllowed;
    const { searchParams: wanted } = asked.url;
    const isWanted = (one: Pull) =>
      (wanted.get('state') === 'closed') === (one.merged !== undefined || one.closed === true);
    const [base, head] = [wanted.get('base'), wanted.get('head')];
    const isThere = (one: Pull) =>
      (base === null || one.base === base) && (head === null || head === `${this.repository.split('/')[0]}:${one.ref}`);
    const found = this.pulls.filter((one) => isWanted(one) && isThere(one)).toReversed();
    return this.page(
      asked,
      found.map((one) => this.shownPull(one)),
    );
  }

  private openPull({ body, by }: Asked): Answer {
    if (by.rights['pull-requests'] !== 'write') return notAllowed;
    const [ref, base] = [String(body.head), String(body.base)];
    const sha = this.data.branches.get(ref);
    if (sha === undefined) return invalid('head is not there');
    if (this.pulls.some((one) => one.ref === ref && one.closed !== true))
      return invalid('A pull request already exists');
    const made: Pull = {
      number: ++this.next,
      head: { sha, repository: this.repository },
      base,
      merged: undefined,
      commits: [],
      ref,
      title: String(body.title),
      body: String(body.body),
      user: { login: by.login, type: by.type },
    };
    this.pulls.push(made);
    return { status: 201, body: this.shownPull(made) };
  }

  private changePull(number: number, { body, by }: Asked): Answer {
    const found = this.pulls.find((one) => one.number === number);
    if (found === undefined) return notFound;
    if (by.rights['pull-requests'] !== 'write') return notAllowed;
    if (typeof body.title === 'string') found.title = body.title;
    if (typeof body.body === 'string') found.body = body.body;
    if (body.state === 'closed') found.closed = true;
    return { status: 200, body: this.shownPull(found) };
  }

  private pull(number: number, { by }: Asked): Answer {
    const found = this.pulls.find((one) => one.number === number);
    if (by.rights['pull-requests'] === undefined) return notAllowed;
    return found === undefined ? notFound : { status: 200, body: this.shownPull(found) };
  }

  private shownPull({ number, head, base, merged, ref = 'topic', title = 'Topic', body, user, closed }: Pull): unknown {
    return {
      number,
      title,
      body: body ?? null,
      user: user ?? { login: 'octocat', type: 'User' },
      state: merged === undefined && closed !== true ? 'open' : 'closed',
      merged_at: merged === undefined ? null : '2026-11-28T10:00:00Z',
      merge_commit_sha: merged?.sha ?? 'f'.repeat(40),
      head: { ref, sha: head.sha, repo: head.repository === null ? null : { full_name: head.repository } },
      base: { ref: base, sha: 'b'.repeat(40), repo: { full_name: this.repository } },
    };
  }

  private artefactList(asked: Asked): Answer {
    if (asked.by.rights.actions === undefined) return notAllowed;
    const name = asked.url.searchParams.get('name');
    const all = this.artefacts.filter((one) => name === null || one.name === name).toReversed();
    const shown = all.map(({ id, name: called, run, expired, content, expiresAt }) => ({
      id,
      name: called,
      size_in_bytes: content.length,
      archive_download_url: `${this.url}/repos/${this.repository}/actions/artifacts/${id}/zip`,
      expired,
      created_at: '2026-11-28T09:00:00Z',
      expires_at: expiresAt ?? null,
      workflow_run: {
        id: run,
        repository_id: 1,
        head_repository_id: 1,
        head_branch: 'topic',
        head_sha: 'c'.repeat(40),
      },
    }));
    return this.page(asked, shown, (items) => ({ total_count: shown.length, artifacts: items }));
  }

  private archive(id: number, { by }: Asked): Answer {
    const found = this.artefacts.find((one) => one.id === id);
    if (by.rights.actions === undefined) return notAllowed;
    if (found === undefined) return notFound;
    if (found.expired) return { status: 410, body: { message: 'Artifact has expired' } };
    return { status: 302, headers: { location: `${this.blobUrl}/artefact/${id}?sig=s3cr3t` } };
  }

  private run(id: number, { by }: Asked): Answer {
    const found = this.runs.find((one) => one.id === id);
    if (by.rights.actions === undefined) return notAllowed;
    if (found === undefined) return notFound;
    return {
      status: 200,
      body: {
        id,
        event: found.event,
        status: found.conclusion === null ? 'in_progress' : 'completed',
        conclusion: found.conclusion,
        head_sha: found.headSha,
        path: found.path,
        html_url: `https://github.com/${this.repository}/actions/runs/${id}`,
        repository: { full_name: this.repository },
        head_repository: found.headRepository === null ? null : { full_name: found.headRepository },
      },
    };
  }

  /** A page of a list, with `Link` headers as long as there is a next one. */
  private page(
    { url }: Asked,
    all: readonly unknown[],
    wrap: (items: readonly unknown[]) => unknown = (items) => items,
  ): Answer {
    const size = Math.min(this.pageSize, Number(url.searchParams.get('per_page') ?? 30));
    const page = Number(url.searchParams.get('page') ?? 1);
    const next = new URL(url);
    next.searchParams.set('page', String(page + 1));
    const more = page * size < all.length;
    const headers: Record<string, string> = more
      ? { link: `<${next.href}>; rel="next", <${next.href}>; rel="last"` }
      : {};
    return { status: 200, body: wrap(all.slice((page - 1) * size, page * size)), headers };
  }
}

function invalid(message: string): Answer {
  return { status: 422, body: { message: 'Validation Failed', errors: [{ message }] } };
}

function shownComment({ id, body, user }: Comment): unknown {
  return { id, body, user, author_association: 'NONE', performed_via_github_app: null };
}

function shownIssue({ number, title, body, state, user, isPull }: Issue): unknown {
  return { number, title, body, state, user, labels: [], ...(isPull ? { pull_request: { url: '' } } : {}) };
}
