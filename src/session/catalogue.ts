import { join } from 'node:path';
import { withCatalogues } from '../core/gitignore.ts';
import { type CatalogueRequest, catalogueTarget } from '../engine/catalogue.ts';
import { isFile, readText } from '../load/files.ts';
import type { CatalogueReport } from '../model/catalogue.ts';
import { Exit } from '../model/errors.ts';
import { type Unfinished, writeFiles } from './write-files.ts';

const ignoreFile = '.gitignore';

const unfinished: Unfinished = {
  hint: 'Fix that and run `syncline pull --catalogue` again; nothing live is touched.',
  exit: Exit.failed,
};

/** Writes the catalogue of a target of this project; see `catalogueTarget`. A `.gitignore` that would hide it is mended. */
export async function writeCatalogue(request: CatalogueRequest): Promise<CatalogueReport> {
  const { root } = request.project;
  const report = await catalogueTarget(request, (files) => writeFiles(root, files, unfinished));
  await mendIgnore(root);
  return report;
}

async function mendIgnore(root: string): Promise<void> {
  if (!isFile(join(root, ignoreFile))) return;
  const text = readText(root, ignoreFile);
  if (typeof text !== 'string') return;
  const mended = withCatalogues(text);
  if (mended !== text) await writeFiles(root, [{ file: ignoreFile, text: mended, isNew: false }], unfinished);
}
