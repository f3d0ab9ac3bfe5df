import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openCheckout } from '../../src/ledger/git/checkout.ts';
import type { Relation } from '../../src/model/checkout.ts';
import { filesIn, openRepositories, type Repositories } from './git-repositories.ts';

let repositories: Repositories;
/** Has, on main, `base`, then `old`, then `middle`, then `tip`; on a branch that leaves at `old`, `side`. */
let work: string;

beforeEach(() => {
  repositories = openRepositories();
  work = repositories.clone('work');
  for (const name of ['old', 'middle', 'tip']) commit(work, name);
  repositories.git(work, 'checkout', '-q', '-b', 'topic', 'old');
  commit(work, 'side');
  repositories.git(work, 'push', '-q', 'origin', 'main', 'topic');
});

afterEach(() => repositories.close());

function commit(where: string, name: string): void {
  repositories.git(where, 'commit', '-q', '--allow-empty', '-m', name);
  repositories.git(where, 'tag', name);
}

function named(name: string): string {
  return repositories.git(work, 'rev-parse', name);
}

/** A clone as a job makes it: one commit, without the others. */
function shallow(name: string): string {
  const root = join(repositories.folder, 'job');
  mkdirSync(root);
  repositories.git(root, 'init', '-q', '--template=');
  repositories.git(root, 'remote', 'add', 'origin', `file://${repositories.shared}`);
  repositories.git(root, 'fetch', '-q', '--depth=1', 'origin', named(name));
  repositories.git(root, 'checkout', '-q', '--detach', 'FETCH_HEAD');
  return root;
}

function full(name: string): string {
  const root = repositories.clone('job');
  repositories.git(root, 'checkout', '-q', '--detach', named(name));
  return root;
}

/** A clone of `old` alone that nothing has been fetched into since. */
function behind(): string {
  const root = join(repositories.folder, 'job');
  mkdirSync(root);
  repositories.git(root, 'init', '-q', '--template=');
  repositories.git(root, 'remote', 'add', 'origin', `file://${repositories.shared}`);
  repositories.git(root, 'fetch', '-q', '--no-tags', 'origin', named('old'));
  repositories.git(root, 'checkout', '-q', '--detach', 'FETCH_HEAD');
  return root;
}

const environment = { PATH: process.env.PATH, HOME: '/nonexistent', GIT_CONFIG_NOSYSTEM: '1' };

function relation(root: string, to: string, env: Readonly<Record<string, string>> = {}): Promise<Relation> {
  return openCheckout(root, { ...environment, ...env }).relationTo(to);
}

/** All that a fetch could leave behind. */
function traces(root: string): unknown {
  const git = join(root, '.git');
  const text = (name: string) => (existsSync(join(git, name)) ? readFileSync(join(git, name), 'utf8') : '');
  return [new Set(filesIn(git)), text('shallow'), text('config'), repositories.git(root, 'for-each-ref')];
}

describe('a checkout stands to the last apply', () => {
  test.each<[Relation, string, () => string, string]>([
    ['same', 'a full clone of that commit', () => full('middle'), 'middle'],
    ['newer', 'a full clone of a later commit', () => full('tip'), 'old'],
    ['older', 'a full clone of an earlier commit', () => full('old'), 'tip'],
    ['diverged', 'a full clone of a branch', () => full('side'), 'tip'],
    ['same', 'a shallow clone of that commit', () => shallow('middle'), 'middle'],
    ['newer', 'a shallow clone of a later commit', () => shallow('tip'), 'old'],
    ['older', 'a shallow clone of an earlier commit', () => shallow('old'), 'tip'],
    ['diverged', 'a shallow clone of a branch', () => shallow('side'), 'tip'],
    ['older', 'a full clone that has not been fetched into since', () => behind(), 'tip'],
    [
      'diverged',
      'a shallow clone with a commit of its own that nobody else has',
      () => {
        const root = shallow('middle');
        commit(root, 'mine');
        return root;
      },
      'tip',
    ],
  ])('as %s in %s', async (expected, _what, make, last) => {
    const root = make();
    const before = traces(root);
    expect(await relation(root, named(last))).toBe(expected);
    expect(traces(root)).toEqual(before);
  });

  test('as unknown where no remote can be asked, or none has that commit', async () => {
    const root = shallow('old');
    expect(await relation(root, '1'.repeat(40))).toBe('unknown');
    await repositories.away(async () => expect(await relation(root, named('tip'))).toBe('unknown'));
    repositories.git(root, 'remote', 'remove', 'origin');
    expect(await relation(root, named('tip'))).toBe('unknown');
  });

  test('as none outside Git and before the first commit', async () => {
    const outside = join(repositories.folder, 'outside');
    mkdirSync(outside);
    for (const root of [outside, repositories.init('empty')]) {
      expect(await openCheckout(root, environment).head()).toBeNull();
      expect(await relation(root, named('tip'))).toBe('none');
    }
  });

  test('whatever is said to git by whoever has started this', async () => {
    const root = full('old');
    const env = { GIT_DIR: join(work, '.git'), GIT_INDEX_FILE: join(work, '.git', 'index'), GIT_WORK_TREE: work };
    expect(await openCheckout(root, { ...environment, ...env }).head()).toBe(named('old'));
    expect(await relation(root, named('tip'), env)).toBe('older');
  });

  test('with what the settings of the clone say of the way to its remote', async () => {
    const root = shallow('old');
    repositories.git(root, 'remote', 'set-url', 'origin', 'forge:crm');
    expect(await relation(root, named('tip'))).toBe('unknown');
    repositories.git(root, 'config', `url.file://${repositories.shared}.insteadOf`, 'forge:crm');
    expect(await relation(root, named('tip'))).toBe('older');
    repositories.git(root, 'remote', 'set-url', 'origin', `../${repositories.shared.split('/').at(-1)}`);
    expect(await relation(root, named('tip'))).toBe('older');
  });
});
