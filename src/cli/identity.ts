import { hostname, userInfo } from 'node:os';
import type { RunIdentity } from '../engine/request.ts';
import { openGit } from '../ledger/git/git.ts';
import type { Manifest } from '../model/manifest.ts';
import type { Project } from '../model/project.ts';
import { commitOf, withFiles } from '../session/commit.ts';
import { runName } from '../session/run-name.ts';
import type { Io } from './io.ts';

/**
 * Who applies, from where, and what: for the record of the run. `commit` ends in `-dirty` where its YAML, its fleet file, or a file that one of the
 * manifests takes text from, is not what that commit has.
 */
export async function identify(
  io: Io,
  project: Pick<Project, 'root' | 'fleet'>,
  now: Date,
  manifests: readonly Manifest[] = [],
): Promise<RunIdentity> {
  const [actor, commit] = await Promise.all([actorOf(io.env, project.root), commitOf(project.root, io.env)]);
  return { run: runName(now), actor, commit: await withFiles(commit, manifests, project, io.env) };
}

/** The person behind a CI run and the run itself, or else user and machine. */
async function actorOf(env: Io['env'], root: string): Promise<string> {
  if (env.GITHUB_ACTIONS === 'true') return `${env.GITHUB_ACTOR ?? 'unknown'} (GitHub run ${env.GITHUB_RUN_ID ?? '?'})`;
  if (env.GITLAB_CI === 'true') return `${env.GITLAB_USER_LOGIN ?? 'unknown'} (GitLab job ${env.CI_JOB_ID ?? '?'})`;
  const person = await nameIn(env, root);
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

/** The name that git knows; undefined where git has none, or is missing. */
async function nameIn(env: Io['env'], root: string): Promise<string | undefined> {
  return openGit(root, env)
    .text(['config', 'user.name'])
    .catch(() => undefined);
}
