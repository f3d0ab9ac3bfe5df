import { readFileSync, realpathSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import type { Sources } from '../render/diagnostics/frame.ts';

/** More than any file of a project may have. */
const maxBytes = 1024 * 1024;

/** The lines of files as seen from a folder, each read once, when it is first asked for; none of a file outside of `within`. */
export function sourcesIn(root: string, within = root): Sources {
  const known = new Map<string, readonly string[] | undefined>();
  let around: string | undefined;
  return (file) => {
    around ??= realOf(within);
    if (!known.has(file)) known.set(file, around === undefined ? undefined : linesIn(root, around, file));
    return known.get(file);
  };
}

function realOf(folder: string): string | undefined {
  try {
    return realpathSync.native(folder);
  } catch {
    return undefined;
  }
}

/** By the time of a report a file may be gone: that is no reason to say nothing of it. */
function linesIn(root: string, around: string, file: string): readonly string[] | undefined {
  try {
    const path = realpathSync.native(join(root, file));
    const stats = statSync(path);
    if (!path.startsWith(`${around}${sep}`) || !stats.isFile() || stats.size > maxBytes) return undefined;
    return readFileSync(path, 'utf8')
      .replace(/^\uFEFF/, '')
      .split(/\r\n|[\n\r]/);
  } catch {
    return undefined;
  }
}
