import { readFileSync, realpathSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import type { Sources } from '../render/diagnostics/frame.ts';

/** More than any file of a project may have. */
const maxBytes = 1024 * 1024;

/** The lines of files as seen from a folder, each read once, when it is first asked for; none of a file outside of `within`. */
export function sourcesIn(root: string, within = root): Sources {
  const known = new Map<string, readonly string[] | undefined>();
  return (file) => {
    if (!known.has(file)) known.set(file, linesIn(root, within, file));
    return known.get(file);
  };
}

/** By the time of a report a file may be gone: that is no reason to say nothing of it. */
function linesIn(root: string, within: string, file: string): readonly string[] | undefined {
  try {
    const path = realpathSync(join(root, file));
    const { size } = statSync(path);
    if (!path.startsWith(`${realpathSync(within)}${sep}`) || !statSync(path).isFile() || size > maxBytes)
      return undefined;
    return readFileSync(path, 'utf8')
      .replace(/^\uFEFF/, '')
      .split(/\r\n|[\n\r]/);
  } catch {
    return undefined;
  }
}
