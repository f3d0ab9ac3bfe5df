import { expect, test } from 'vitest';
import { cacheFolder } from '../../src/cli/cache-folder.ts';

test.each([
  ['linux', { HOME: '/home/a' }, '/home/a/.cache/syncline'],
  ['linux', { HOME: '/home/a', XDG_CACHE_HOME: '/tmp/c' }, '/tmp/c/syncline'],
  ['linux', { HOME: '/home/a', XDG_CACHE_HOME: '' }, '/home/a/.cache/syncline'],
  ['linux', { HOME: '/home/a', XDG_CACHE_HOME: 'relative' }, '/home/a/.cache/syncline'],
  ['linux', { HOME: '' }, undefined],
  ['linux', { HOME: 'relative' }, undefined],
  ['linux', {}, undefined],
  ['darwin', { HOME: '/Users/a', XDG_CACHE_HOME: '/tmp/c' }, '/Users/a/Library/Caches/syncline'],
  ['win32', { HOME: '/c/a', LOCALAPPDATA: '/c/a/Local' }, '/c/a/Local/syncline'],
  ['win32', { HOME: '/c/a' }, undefined],
] as const)('on %s, with %j, things that can be made again are kept in %s', (platform, env, folder) => {
  expect(cacheFolder(env, platform)).toBe(folder);
});
