import type { Layout } from '../core/pull/file-names.ts';
import { Exit, SynclineError } from '../model/errors.ts';

/** Where new manifests are to lie, as `--layout` says it. @throws SynclineError (exit 3) for a layout that there is not */
export function layoutOf(layout: string | undefined): Layout | undefined {
  if (layout === undefined || layout === 'destination' || layout === 'source' || layout === 'flat') return layout;
  const message = `There is no layout "${layout}".`;
  throw new SynclineError('usage', message, 'Write destination, source or flat.', Exit.invalid);
}
