import { catalogueText } from '../core/catalogue/text.ts';
import { cataloguePath, readCatalogue } from '../load/catalogue.ts';
import type { CatalogueContent, CatalogueCounts, CatalogueReport } from '../model/catalogue.ts';
import { Exit, SynclineError } from '../model/errors.ts';
import type { WrittenFile } from '../model/pull.ts';
import { guardWorkspace } from './read.ts';
import type { TargetRequest } from './request.ts';

/** What the catalogue of a target needs: neither its manifests nor its ledger. */
export type CatalogueRequest = Pick<TargetRequest, 'project' | 'target' | 'provider' | 'now' | 'progress'>;

/**
 * Writes what the workspace of a target has into its catalogue, and says what that has come to. Sends reads only. A file that says the
 * same already stays as it is, until it is so old that `validate` doubts it.
 * @throws SynclineError where the token is of another workspace, or where the API lists nothing
 */
export async function catalogueTarget(
  request: CatalogueRequest,
  write: (files: readonly WrittenFile[]) => Promise<void>,
): Promise<CatalogueReport> {
  const { project, target, provider, now, progress } = request;
  const { name, api } = provider;
  if (provider.catalogue === undefined) {
    const message = `Target "${target.name}" uses ${name} ${api}, which cannot list what its workspace has.`;
    throw new SynclineError('no-catalogue', message, 'Leave it out with --target.', Exit.invalid);
  }
  guardWorkspace(request, await provider.identify());
  const content = await provider.catalogue((entries) => progress?.page?.('catalogue', entries, undefined));
  const file = cataloguePath(target.name);
  const before = await readCatalogue(project.root, target.name);
  const known = before === undefined || 'code' in before ? undefined : before;
  const text = catalogueText(content, { at: now().toISOString(), api: `${name} ${api}` }, known);
  const report = { target: target.name, file, counts: countsOf(content) };
  if (known !== undefined && text === catalogueText(known, known, known)) return { ...report, written: false };
  await write([{ file, text, isNew: before === undefined }]);
  return { ...report, written: true };
}

function countsOf({ sources = [], destinations = [] }: CatalogueContent): CatalogueCounts {
  const sum = (parts: readonly (readonly unknown[] | undefined)[]) =>
    parts.reduce((all, part) => all + (part?.length ?? 0), 0);
  return {
    sources: sources.length,
    tables: sum(sources.map(({ tables }) => tables)),
    models: sum(sources.map(({ models }) => models)),
    datasets: sum(sources.map(({ datasets }) => datasets)),
    segments: sum(sources.map(({ segments }) => segments)),
    destinations: destinations.length,
    objects: sum(destinations.map(({ objects }) => objects)),
  };
}
