import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readBytes } from './objects.ts';
import type { Past, PastFile } from './past.ts';

/** A private folder with files of a commit. */
export interface Laid {
  readonly folder: string;
  /** Writes those that are not there yet. */
  add(files: readonly PastFile[]): Promise<void>;
}

export interface LayOptions {
  readonly past: Past;
  /** The folder that the files are of, as it is now. */
  readonly root: string;
  /** Of a larger file only its size counts. */
  readonly most: number;
}

/** Does something with a folder for files of a commit, which is gone afterwards whatever happens. */
export async function withLaid<Result>(options: LayOptions, act: (laid: Laid) => Promise<Result>): Promise<Result> {
  const base = await mkdtemp(join(tmpdir(), 'syncline-past-'));
  const folder = join(base, 'project');
  mkdirSync(folder);
  const there = new Set<string>();
  try {
    return await act({
      folder,
      add: async (files) => {
        const missing = files.filter((one) => !there.has(one.path));
        for (const { path } of missing) there.add(path);
        await lay(options, folder, missing);
      },
    });
  } finally {
    await rm(base, { recursive: true, force: true });
  }
}

/** Links come last: nothing is written through one. */
async function lay({ past, root, most }: LayOptions, folder: string, files: readonly PastFile[]): Promise<void> {
  const large = files.filter(({ size }) => size > most);
  for (const { path } of large) {
    write(folder, path, '');
    truncateSync(join(folder, path), most + 1);
  }
  const links: { readonly path: string; readonly target: string }[] = [];
  const small = files.filter(({ size }) => size <= most);
  const problems: unknown[] = [];
  const take = (bytes: Buffer | undefined, index: number) => {
    const file = small[index];
    if (file === undefined || bytes === undefined || problems.length > 0) return;
    try {
      if (file.kind === 'link') links.push({ path: file.path, target: bytes.toString('utf8') });
      else write(folder, file.path, pointedAt(bytes, join(root, file.path), most) ?? bytes);
    } catch (error) {
      problems.push(error);
    }
  };
  await readBytes(
    past.git,
    small.map((one) => one.object),
    take,
  );
  for (const problem of problems) throw problem;
  for (const { path, target } of links) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    symlinkSync(target, join(folder, path));
  }
}

function write(folder: string, path: string, content: string | Buffer): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content, { flag: 'wx' });
}

const pointer = /^version https:\/\/git-lfs\.github\.com\/spec\/v1\n(?:.*\n)*oid sha256:([0-9a-f]{64})\n/;

/** In a repository with large files elsewhere a commit has only their hashes: the file of now, where it is still the same. */
function pointedAt(bytes: Buffer, now: string, most: number): Buffer | undefined {
  const hash = bytes.length > 1024 ? undefined : pointer.exec(bytes.toString('latin1'))?.[1];
  if (hash === undefined) return undefined;
  const stats = statSync(now, { throwIfNoEntry: false });
  if (stats?.isFile() !== true || stats.size > most) return undefined;
  const content = readFileSync(now);
  return createHash('sha256').update(content).digest('hex') === hash ? content : undefined;
}
