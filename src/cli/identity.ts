import { randomBytes } from 'node:crypto';
import { hostname, userInfo } from 'node:os';
import type { RunIdentity } from '../engine/request.ts';
import { type Git, openGit } from '../ledger/git/git.ts';
import type { Io } from './io.ts';

/** Who applies, from where, and what: for the record of the run. `commit` ends in `-dirty` where its YAML is not what that commit has. */
export async function identify(io: Io, root: string, now: Date): Promise<RunIdentity> {
  const stamp = now.toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const run = `${stamp}-${randomBytes(3).toString('hex')}`;
  const [actor, commit] = await Promise.all([actorOf(io.env, root), commitOf(io.env, root)]);
  return { run, actor, commit };
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

/** The commit that the manifests are at; null outside Git, or without Git. */
export async function commitOf(env: Io['env'], root: string): Promise<string | null> {
  const git = openGit(root, env);
  const [commit, changed] = await Promise.all([
    printed(git, 'rev-parse', '--verify', 'HEAD^{commit}'),
    printed(git, 'status', '--porcelain', '--untracked-files=all', '--', ...yaml),
  ]);
  if (commit === undefined) return null;
  return changed === undefined || changed === '' ? commit : `${commit}-dirty`;
}

/** What git prints, trimmed; undefined where it fails or is missing. */
async function printed(git: Git, ...args: readonly string[]): Promise<string | undefined> {
  return git.text(args).catch(() => undefined);
}
