import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from './environment.ts';
import { type Git, openGit } from './git.ts';
import { openRepository, type Repository } from './repository.ts';

/** Looks at what was fetched; undefined: a fuller history may tell. */
type Look<Result> = (scratch: Git, depth: 'some' | 'whole') => Promise<Result | undefined>;

/**
 * Fetches the history of commits, without a single file, into a repository of its own that is gone afterwards, and gives what
 * `look` sees there: first the newest part of the history, then all of it.
 * @throws SynclineError where there is no remote, or it does not give them
 */
export async function withScratch<Result>(
  git: Git,
  environment: Environment,
  commits: readonly string[],
  look: Look<Result>,
): Promise<Result> {
  const repository = await openRepository(git);
  const { remote } = repository;
  if (remote === undefined) throw new Error('There is no remote to ask.');
  const folder = await mkdtemp(join(tmpdir(), 'syncline-history-'));
  try {
    // From the top of the work tree: the address of a remote may be a path from there.
    const scratch = inFolder(openGit(repository.top, await reach(repository, remote, environment)), folder);
    const format = repository.nothing.length === 64 ? 'sha256' : 'sha1';
    await scratch.text(['init', '--quiet', '--bare', '--template=', `--object-format=${format}`]);
    for (const fetch of ways(remote, commits)) {
      if ((await scratch.try([...quietly, ...fetch])).code !== 0) continue;
      const shallow = (await scratch.text(['rev-parse', '--is-shallow-repository'])) === 'true';
      const found = await look(scratch, shallow ? 'some' : 'whole');
      if (found !== undefined) return found;
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  throw new Error('The remote does not give these commits.');
}

const quietly = ['fetch', '--quiet', '--no-tags', '--no-write-fetch-head', '--no-auto-maintenance', '--filter=tree:0'];

/**
 * The commits, with a part of their history and then all of it; the last of them alone, where the remote does not know the
 * others; what the branches lead to, where a server gives no commit by name.
 */
function ways(remote: string, commits: readonly string[]): readonly (readonly string[])[] {
  return [
    ['--depth=200', '--refmap=', remote, ...commits],
    ['--unshallow', '--refmap=', remote, ...commits],
    ['--refmap=', remote, ...commits.slice(-1)],
    [remote, '+refs/heads/*:refs/heads/*'],
  ];
}

/** The same git, always told where the scratch repository is. */
function inFolder(git: Git, folder: string): Git {
  const inside = (args: readonly string[]) => [`--git-dir=${folder}`, ...args];
  return {
    try: (args, input) => git.try(inside(args), input),
    text: (args, input) => git.text(inside(args), input),
    pipe: (args, input, sink) => git.pipe(inside(args), input, sink),
  };
}

/** Settings without which a remote may not be reached, wherever the user keeps them. */
const reaching = /^(https?|url|credential|ssh|protocol|safe)\.|^core\.(sshcommand|askpass|gitproxy)$/;

/**
 * What a repository of its own needs to reach the remote as the user's repository does: its settings are handed over by
 * environment, so that no credential is written anywhere.
 */
async function reach({ git }: Repository, remote: string, environment: Environment): Promise<Environment> {
  const list = await git.text(['config', '--list', '-z']);
  const own = new Set(['url', 'proxy', 'proxyauthmethod', 'uploadpack'].map((key) => `remote.${remote}.${key}`));
  const settings = list.split('\0').flatMap((line) => {
    const [key = '', ...value] = line.split('\n');
    return reaching.test(key) || own.has(key) ? [[key, value.length === 0 ? 'true' : value.join('\n')] as const] : [];
  });
  const kept = Object.entries(environment).filter(([name]) => !name.startsWith('GIT_CONFIG_'));
  const handed = settings.flatMap(([key, value], index) => [
    [`GIT_CONFIG_KEY_${index}`, key] as const,
    [`GIT_CONFIG_VALUE_${index}`, value] as const,
  ]);
  return {
    ...Object.fromEntries([...kept, ...handed]),
    GIT_CONFIG_COUNT: String(settings.length),
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
  };
}
