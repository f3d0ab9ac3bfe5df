import { hostname, userInfo } from 'node:os';
import type { RunIdentity } from '../engine/request.ts';
import { type Git, openGit } from '../ledger/git/git.ts';
import type { Manifest } from '../model/manifest.ts';
import { runName } from '../session/run-name.ts';
import type { Io } from './io.ts';

/**
 * Who applies, from where, and what: for the record of the run. `commit` ends in `-dirty` where its YAML, or a file that one of the
 * manifests takes text from, is not what that commit has.
 */
export async function identify(
  io: Io,
  root: string,
  now: Date,
  manifests: readonly Manifest[] = [],
): Promise<RunIdentity> {
  const [actor, commit] = await Promise.all([actorOf(io.env, root), commitOf(io.env, root)]);
  return { run: runName(now), actor, commit: await withFiles(commit, manifests, io.env, root) };
}

/** The person behind a CI run and the run itself, or else user and machine. */
async function actorOf(env: Io['env'], root: string): Promise<string> {
  if (env.GITHUB_ACTIONS === 'true') return `${env.GITHUB_ACTOR ?? 'unknown'} (GitHub run ${env.GITHUB_RUN_ID ?? '?'})`;
  if (env.GITLAB_CI === 'true') return `${env.GITLAB_USER_LOGIN ?? 'unknown'} (GitLab job ${env.CI_JOB_ID ?? '?'})`;
  const person = await printed(openGit(root, env), 'config', 'user.name');
  const account = `${userName(env)}@${hostname()}`;
  return person === undefined || person === '' ? account : `${person} (${account})`;
}

function userName(env: Io['env']): string {
  try {
    return userInfo().username;
  } catch {
    return env.USER ?? 'unknown';
  }
}

/** What a run is made of; a saved plan or a report beside it makes no difference. */
const yaml = ['*.yaml', '*.yml'];

/** The commit that the YAML is at; null outside Git, or without Git. */
export async function commitOf(env: Io['env'], root: string): Promise<string | null> {
  const git = openGit(root, env);
  const [commit, changed] = await Promise.all([
    printed(git, 'rev-parse', '--verify', 'HEAD^{commit}'),
    printed(git, 'status', '--porcelain', '--untracked-files=all', '--', ...yaml),
  ]);
  if (commit === undefined) return null;
  return changed === undefined || changed === '' ? commit : `${commit}${dirty}`;
}

const dirty = '-dirty';

/** That commit, marked where a file that a manifest takes text from is not as committed; one that Git ignores is in no commit. */
export async function withFiles(
  commit: string | null,
  manifests: readonly Manifest[],
  env: Io['env'],
  root: string,
): Promise<string | null> {
  if (commit === null || commit.endsWith(dirty)) return commit;
  const files = [...new Set(manifests.flatMap((one) => one.files ?? []))];
  const git = openGit(root, env);
  const status = ['--literal-pathspecs', 'status', '--porcelain', '--untracked-files=all', '--ignored', '--'];
  for (let first = 0; first < files.length; first += atOnce) {
    const changed = await printed(git, ...status, ...files.slice(first, first + atOnce));
    if (changed !== undefined && changed !== '') return `${commit}${dirty}`;
  }
  return commit;
}

/** A command line holds no more paths than this, however long they are. */
const atOnce = 500;

/** What git prints, trimmed; undefined where it fails or is missing. */
async function printed(git: Git, ...args: readonly string[]): Promise<string | undefined> {
  return git.text(args).catch(() => undefined);
}
