import { readIfThere } from '../cli/files.ts';
import type { Io } from '../cli/io.ts';
import { atLeast, flag, listOf, orNull, type Shape, shape, text } from '../ledger/shape.ts';
import { Exit, SynclineError } from '../model/errors.ts';

/** What has set off the job, and where it runs. */
export interface Happening {
  /** `pull_request`, `push`, `schedule`, … */
  readonly event: string;
  /** `owner/name`. */
  readonly repository: string;
  /** May everybody read the repository, and so its artefacts? */
  readonly isPublic: boolean;
  /** The commit that the job is for. */
  readonly sha: string;
  /** The branch that was pushed to; undefined for anything else. */
  readonly branch: string | undefined;
  /** Is what is checked out no mere proposal, so far as the branch that was pushed to tells? */
  readonly isSettled: boolean;
  /** Every commit that came with the push. */
  readonly pushed: readonly string[];
  /** Where the branch was before the push; undefined where it was not there, or nothing was pushed. */
  readonly before: string | undefined;
  readonly pull: Pull | undefined;
  /** The file of the workflow: `.github/workflows/syncs.yml`. */
  readonly workflow: string;
  /** The page of this run. */
  readonly page: string;
  readonly server: string;
}

/** The pull request that the job is for. */
export interface Pull {
  readonly number: number;
  /** What is reviewed; what is checked out is mostly its merge with the base. */
  readonly headSha: string;
  /** Why secrets may be missing; undefined where they must be there. */
  readonly outsider: 'fork' | 'dependabot' | undefined;
}

interface Named {
  readonly full_name: string;
}

interface Payload {
  readonly before?: string;
  readonly commits?: readonly { readonly id: string }[];
  readonly repository?: Named & {
    readonly private: boolean;
    readonly visibility?: string;
    readonly default_branch?: string;
  };
  readonly pull_request?: {
    readonly number: number;
    readonly head: { readonly sha: string; readonly repo: Named | null };
    readonly user: { readonly login: string } | null;
  };
}

const count: Shape<number> = shape('a number', (value) => Number.isSafeInteger(value));
const named = atLeast<Named>({ full_name: text });
const payload = atLeast<Payload>(
  {
    before: text,
    commits: listOf(atLeast<{ readonly id: string }>({ id: text })),
    repository: atLeast<NonNullable<Payload['repository']>>(
      { full_name: text, private: flag, visibility: text, default_branch: text },
      ['visibility', 'default_branch'],
    ),
    pull_request: atLeast<NonNullable<Payload['pull_request']>>({
      number: count,
      head: atLeast<NonNullable<Payload['pull_request']>['head']>({ sha: text, repo: orNull(named) }),
      user: orNull(atLeast<{ readonly login: string }>({ login: text })),
    }),
  },
  ['before', 'commits', 'repository', 'pull_request'],
);

/** What the runner tells of the event. @throws SynclineError (exit 3) where this is no job of GitHub's */
export function readHappening(env: Io['env']): Happening {
  const repository = needed(env, 'GITHUB_REPOSITORY');
  const event = needed(env, 'GITHUB_EVENT_NAME');
  const { repository: about, pull_request: pull, commits = [], before = '' } = payloadOf(env);
  const ref = env.GITHUB_REF ?? '';
  const branch = event === 'push' && ref.startsWith('refs/heads/') ? ref.slice('refs/heads/'.length) : undefined;
  const server = env.GITHUB_SERVER_URL ?? 'https://github.com';
  return {
    event,
    repository,
    // Who does not know takes it to be public.
    isPublic: about === undefined || !about.private || about.visibility === 'public',
    sha: needed(env, 'GITHUB_SHA'),
    branch,
    isSettled: branch === undefined || isApplied(branch, about?.default_branch, env),
    pushed: event === 'push' ? commits.map((one) => one.id) : [],
    before: event === 'push' && !/^0*$/.test(before) ? before : undefined,
    pull: pull === undefined ? undefined : pullOf(pull, repository, env),
    workflow: workflowOf(env.GITHUB_WORKFLOW_REF ?? '', repository),
    page: `${server}/${repository}/actions/runs/${env.GITHUB_RUN_ID ?? ''}`,
    server,
  };
}

/** Whoever applies another branch than the default one protects it. What a merge queue tries out is neither. */
function isApplied(branch: string, main: string | undefined, env: Io['env']): boolean {
  if (branch.startsWith('gh-readonly-queue/')) return false;
  return main === undefined || branch === main || env.GITHUB_REF_PROTECTED === 'true';
}

function pullOf(pull: NonNullable<Payload['pull_request']>, repository: string, env: Io['env']): Pull {
  const { number, head, user } = pull;
  const isFork = head.repo?.full_name.toLowerCase() !== repository.toLowerCase();
  const isBot = user?.login === dependabot || env.GITHUB_ACTOR === dependabot;
  return { number, headSha: head.sha, outsider: isFork ? 'fork' : isBot ? 'dependabot' : undefined };
}

/** It gets secrets of its own, and mostly none. */
const dependabot = 'dependabot[bot]';

function payloadOf(env: Io['env']): Payload {
  const path = needed(env, 'GITHUB_EVENT_PATH');
  const value = parsed(readIfThere(path));
  const misfit = payload(value);
  if (misfit === undefined) return value as Payload;
  throw notThere(`The event in GITHUB_EVENT_PATH is not as GitHub writes it: ${misfit.at || 'it'} ${misfit.words}.`);
}

function parsed(content: string | undefined): unknown {
  try {
    return JSON.parse(content ?? '');
  } catch {
    return undefined;
  }
}

/** `owner/name/.github/workflows/syncs.yml@refs/heads/main` → `.github/workflows/syncs.yml`. */
function workflowOf(reference: string, repository: string): string {
  const path = reference.replace(/@.*$/, '');
  return path.toLowerCase().startsWith(`${repository.toLowerCase()}/`) ? path.slice(repository.length + 1) : path;
}

function needed(env: Io['env'], name: string): string {
  const value = env[name] ?? '';
  if (value !== '') return value;
  throw notThere(`${name} is not set.`);
}

function notThere(message: string): SynclineError {
  return new SynclineError(
    'no-runner',
    message,
    'This is the entry of a GitHub Action; run `syncline` elsewhere.',
    Exit.invalid,
  );
}
