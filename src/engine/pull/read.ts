import { indexLive } from '../../core/live-index.ts';
import { Exit, ProviderError, SynclineError } from '../../model/errors.ts';
import { type Key, keyOf, type Live } from '../../model/live.ts';
import type { Manifest } from '../../model/manifest.ts';
import { resourceOf } from '../../model/provider.ts';
import { normalised } from '../live.ts';
import { readSnapshot, type Snapshot } from '../read.ts';
import type { TargetRequest } from '../request.ts';
import type { PullWishes } from './pull.ts';

/** Everything of every kind; a kind that this token may not list, and that nothing needs, is passed over. */
export async function readAll(
  request: TargetRequest,
  resolving: Promise<readonly Manifest[]>,
  { drifted }: PullWishes,
) {
  const kinds = [...request.provider.resources.keys()];
  if (drifted === true) return { snapshot: await readSnapshot(request, resolving), notes: [] };
  try {
    return { snapshot: await readSnapshot(request, resolving, { keys: [], kinds }), notes: [] };
  } catch (error) {
    const isForbidden = error instanceof ProviderError && (error.status === 403 || error.status === 404);
    if (!isForbidden) throw error;
    const [first] = kinds;
    const snapshot = await readSnapshot(request, resolving, { keys: [], kinds: first === undefined ? [] : [first] });
    return { snapshot, notes: [`Not all kinds of things could be listed: ${error.message}`] };
  }
}

/** Where a list is only an index, whatever is to get a manifest is read on its own. */
export async function wholeLive(
  { provider }: TargetRequest,
  { live, ledger }: Snapshot,
  drifted: boolean,
): Promise<readonly Live[]> {
  if (drifted) return live;
  const { boundTo } = indexLive(live, ledger);
  const whole = await Promise.all(
    live.map(async (one) => {
      const resource = resourceOf(provider, one.kind);
      const key = keyOf(one.kind, one.id);
      if (resource.capabilities.listing === 'whole' || boundTo.has(key) || ledger?.dead[key] !== undefined) return one;
      const reading = await resource.read(one.id);
      return reading === undefined ? undefined : normalised(resource, reading.live);
    }),
  );
  return whole.filter((one) => one !== undefined);
}

/** The key of the thing that is asked for. @throws SynclineError (exit 3) where there is none, or several */
export function keyAsked(wanted: string, live: readonly Live[], { provider, target }: TargetRequest): Key {
  const slash = wanted.indexOf('/');
  const [kind, id] = slash < 0 ? [undefined, wanted] : [wanted.slice(0, slash), wanted.slice(slash + 1)];
  const found = live.filter((one) => one.id === id && (kind === undefined || one.kind === kind));
  const [only] = found;
  if (only !== undefined && found.length === 1) return keyOf(only.kind, only.id);
  if (only === undefined) {
    const hint = `Check the id and the target${kind !== undefined && !provider.resources.has(kind) ? `: there is no kind "${kind}" here` : ''}.`;
    throw new SynclineError(
      'no-match',
      `There is nothing live with the id ${id} in target "${target.name}".`,
      hint,
      Exit.invalid,
    );
  }
  const names = found.map((one) => `${one.kind}/${id}`).join(' or ');
  throw new SynclineError(
    'ambiguous-id',
    `Several live things have the id ${id}.`,
    `Say which one: --id ${names}.`,
    Exit.invalid,
  );
}
