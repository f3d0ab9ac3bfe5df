import { dirname, join } from 'node:path';
import { schemaFiles, schemaHome } from '../generated/schema-files.ts';
import { isFile, isThere } from '../load/files.ts';

/** The folder of the schemas that `schema --install` writes, below the project. */
export const editorFolder = '.vscode/syncline';

/** Where `schema --install` writes the schema of all kinds of manifests, and that of the project file. */
export const editorFiles = {
  manifest: `${editorFolder}/manifest.schema.json`,
  project: `${editorFolder}/syncline.schema.json`,
};

/**
 * What `$schema` in the first line of a manifest (or of the project file, whose `kind` is `syncline.yaml`) has to say: the path
 * to the schemas that `schema --install` has written, which know most of the project; else the path to those of the package
 * that is installed beside it; else the address where they are published. undefined where the kind has no schema.
 *
 * `root` is the project's folder, absolute; `file` is the path from there, with `/`.
 */
export function schemaLineOf({
  root,
  file,
  kind,
}: {
  readonly root: string;
  readonly file: string;
  readonly kind: string;
}): string | undefined {
  const published = Object.hasOwn(schemaFiles, kind) ? schemaFiles[kind] : undefined;
  if (published === undefined) return undefined;
  const depth = file.split('/').length - 1;
  const copy = kind === 'syncline.yaml' ? editorFiles.project : editorFiles.manifest;
  if (isFile(join(root, copy))) return climb(depth) + copy;
  const inPackage = `node_modules/syncline/schemas/${published}`;
  const levels = levelsTo(root, inPackage);
  return levels === undefined ? schemaHome + published : climb(depth + levels) + inPackage;
}

/** The first line of a file for editors; empty where there is no schema. */
export function schemaComment(schema: string | undefined): string {
  return schema === undefined ? '' : `# yaml-language-server: $schema=${schema}\n`;
}

function climb(levels: number): string {
  return levels === 0 ? './' : '../'.repeat(levels);
}

/** How many folders above `root` a file is found, inside of the repository: what lies outside of it is on this machine only. */
function levelsTo(root: string, file: string): number | undefined {
  const folders = foldersOf(root);
  const level = folders.findIndex((folder) => isFile(join(folder, file)));
  return level < 0 ? undefined : level;
}

/** The folder and those above it up to the root of the repository; the folder alone where there is none. */
function foldersOf(root: string): readonly string[] {
  const folders: string[] = [];
  for (let here = root; here !== dirname(here); here = dirname(here)) {
    folders.push(here);
    if (isThere(join(here, '.git'))) return folders;
  }
  return [root];
}
