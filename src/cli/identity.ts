import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { hostname, userInfo } from 'node:os';
import { promisify } from 'node:util';
import type { RunIdentity } from '../engine/request.ts';
import type { Io } from './io.ts';

/** Who applies, from where, and what: for the record of the run. */
export async function identify(io: Io, root: string, now: Date): Promise<RunIdentity> {
  const stamp = now.toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const run = `${stamp}-${randomBytes(3).toString('hex')}`;
  return { run, actor: actorOf(io.env), commit: await commitOf(root) };
}

/** The person behind a CI run and the run itself, or else user and machine. */
function actorOf(env: Io['env']): string {
  if (env.GITHUB_ACTIONS === 'true') return `${env.GITHUB_ACTOR ?? 'unknown'} (GitHub run ${env.GITHUB_RUN_ID ?? '?'})`;
  if (env.GITLAB_CI === 'true') return `${env.GITLAB_USER_LOGIN ?? 'unknown'} (GitLab job ${env.CI_JOB_ID ?? '?'})`;
  return `${userName(env)}@${hostname()}`;
}

function userName(env: Io['env']): string {
  try {
    return userInfo().username;
  } catch {
    return env.USER ?? 'unknown';
  }
}

/** The commit that the manifests are at; null outside Git, or without Git. */
async function commitOf(root: string): Promise<string | null> {
  try {
    const { stdout } = await promisify(execFile)('git', ['rev-parse', 'HEAD'], { cwd: root });
    return stdout.trim();
  } catch {
    return null;
  }
}
