import { isAbsolute, join } from 'node:path';
import type { Io } from './io.ts';

/**
 * Where the system keeps what can be made again for each user, with a folder of our own; undefined where the environment names no such
 * place. On Linux that is the XDG base directory.
 */
export function cacheFolder(env: Io['env'], platform: NodeJS.Platform): string | undefined {
  const home = env.HOME;
  const place =
    platform === 'win32'
      ? env.LOCALAPPDATA
      : platform === 'darwin'
        ? below(home, 'Library/Caches')
        : (absolute(env.XDG_CACHE_HOME) ?? below(home, '.cache'));
  return below(absolute(place), 'syncline');
}

function below(folder: string | undefined, name: string): string | undefined {
  return folder === undefined || folder === '' ? undefined : join(folder, name);
}

/** What is relative there is to be passed over, as the XDG specification says. */
function absolute(path: string | undefined): string | undefined {
  return path !== undefined && isAbsolute(path) ? path : undefined;
}
